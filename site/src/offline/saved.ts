// Before the page starts: the state with which the file was saved, unless its address holds another.

const { link, home } = document.documentElement.dataset;

if (link && location.hash === '') history.replaceState(null, '', link);

// Beside the file there are no other pages; on the site there are.
document.addEventListener('click', (event) => {
  const anchor = (event.target as Element).closest('a');
  const target = anchor?.getAttribute('href') ?? '';
  if (!home || !anchor || target.startsWith('#') || /^[a-z]+:/.test(target)) return;
  event.preventDefault();
  window.open(new URL(target, home), '_blank', 'noopener');
}, { capture: true });
