// The chart in view as an SVG file of its own. A chart is markup, several <svg> and sometimes a <canvas>, laid out by the
// browser: what is seen is written down, with colours and type as they stand, so that the file needs no style sheet.

const svg_ns = 'http://www.w3.org/2000/svg';
const margin = 16;
const line_height = 20;

/** What a drawn element takes from its parent unless it says otherwise. */
const inherited = ['fill', 'fill-opacity', 'stroke', 'stroke-opacity', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin',
  'font-family', 'font-size', 'font-weight', 'font-style', 'text-anchor', 'dominant-baseline', 'paint-order'] as const;
/** What it does not, with the value that need not be written. */
const own = [['opacity', '1'], ['vector-effect', 'none'], ['shape-rendering', 'auto']] as const;

const style = (element: Element): CSSStyleDeclaration => getComputedStyle(element);
const invisible = (computed: CSSStyleDeclaration): boolean =>
  computed.display === 'none' || computed.visibility === 'hidden' || computed.opacity === '0';

function element(name: string, attributes: Readonly<Record<string, string | number>>, ...children: (Node | string)[]): SVGElement {
  const made = document.createElementNS(svg_ns, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

const kept_attributes = /^(?!class$|style$|data-|aria-|role$|tabindex$|on)/;

/** A copy with its look written out; null where it is not drawn. */
function drawn(from: Element, parent: CSSStyleDeclaration | null): SVGElement | null {
  const computed = style(from);
  const defines = from.closest('defs, pattern, clipPath, linearGradient') !== null;
  if (!defines && invisible(computed)) return null;
  const copy = document.createElementNS(svg_ns, from.localName);
  for (const { name, value } of from.attributes) if (kept_attributes.test(name) && !(inherited as readonly string[]).includes(name)) copy.setAttribute(name, value);
  for (const name of inherited) {
    const value = computed.getPropertyValue(name);
    if (value && (!parent || parent.getPropertyValue(name) !== value)) copy.setAttribute(name, value.replaceAll('"', "'"));
  }
  for (const [name, usual] of own) {
    const value = computed.getPropertyValue(name);
    if (value && value !== usual) copy.setAttribute(name, value);
  }
  for (const child of from.childNodes) {
    const next = child instanceof Element ? drawn(child, computed) : child.nodeType === Node.TEXT_NODE ? document.createTextNode(child.textContent ?? '') : null;
    if (next) copy.append(next);
  }
  return copy;
}

interface Words { text: string; left: number; top: number; bottom: number; right: number }

/** The lines into which the browser has broken a text. */
function linesOf(text: Text): readonly Words[] {
  const lines: Words[] = [];
  const range = document.createRange();
  for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const [box] = range.getClientRects();
    if (!box || box.width === 0) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.top - box.top) < 2) {
      last.text += ` ${word}`;
      last.right = box.right;
    } else lines.push({ text: word, left: box.left, right: box.right, top: box.top, bottom: box.bottom });
  }
  return lines;
}

function write(from: Element, place: Element, x: number, y: number): void {
  const computed = style(from);
  if (invisible(computed) || from.matches('.hidden-text, input, select, textarea, datalist')) return;
  const box = from.getBoundingClientRect();
  if (from instanceof SVGSVGElement) {
    const copy = drawn(from, null);
    if (!copy) return;
    copy.setAttribute('x', String(box.left - x));
    copy.setAttribute('y', String(box.top - y));
    copy.setAttribute('width', String(box.width));
    copy.setAttribute('height', String(box.height));
    copy.setAttribute('overflow', 'visible');
    place.append(copy);
    return;
  }
  if (from instanceof HTMLCanvasElement) {
    place.append(element('image', { x: box.left - x, y: box.top - y, width: box.width, height: box.height, href: from.toDataURL(), preserveAspectRatio: 'none' }));
    return;
  }
  if (parseFloat(computed.borderBottomWidth) > 0 && computed.borderBottomStyle === 'solid' && box.width > 0) {
    place.append(element('line', { x1: box.left - x, x2: box.right - x, y1: box.bottom - y, y2: box.bottom - y, stroke: computed.borderBottomColor, 'stroke-width': computed.borderBottomWidth }));
  }
  for (const child of from.childNodes) {
    if (child instanceof Element) write(child, place, x, y);
    else if (child instanceof Text) {
      for (const words of linesOf(child)) {
        // Type stands on a line about four fifths down its box. Its width is held, so that another font moves nothing.
        place.append(element('text', { x: words.left - x, y: words.top + (words.bottom - words.top) * 0.79 - y, fill: computed.color, 'font-family': computed.fontFamily.replaceAll('"', "'"),
          'font-size': computed.fontSize, 'font-weight': computed.fontWeight, textLength: (words.right - words.left).toFixed(2), lengthAdjust: 'spacingAndGlyphs' }, words.text));
      }
    }
  }
}

const pictures = '.plot, figure, table';

/** The chart of the open section that takes the most of the window, else the largest. */
export function chartInView(): Element | null {
  const area = (box: DOMRect, height: number): number => Math.max(0, Math.min(box.bottom, height) - Math.max(box.top, 0)) * box.width;
  const found = [...document.querySelectorAll<HTMLElement>('.section[data-open] :is(.plot, figure, table)')].filter((one) => {
    if (one.parentElement?.closest(pictures) || one.hidden) return false;
    return [...one.querySelectorAll('svg, canvas')].some((picture) => {
      const { width, height } = picture.getBoundingClientRect();
      return width >= 120 && height >= 20;
    });
  });
  const in_view = found.map((one) => ({ one, size: area(one.getBoundingClientRect(), innerHeight) })).sort((a, b) => b.size - a.size)[0];
  if (in_view && in_view.size > 0) return in_view.one;
  return found.sort((a, b) => b.getBoundingClientRect().height - a.getBoundingClientRect().height)[0] ?? null;
}

/** @param head lines above the chart; @param foot a line below it */
export function pictureOf(chart: Element, head: readonly string[], foot: string): string {
  const box = chart.getBoundingClientRect();
  const page = style(document.body);
  const top = margin + line_height * head.length + 8;
  const width = Math.ceil(box.width) + 2 * margin;
  const height = Math.ceil(box.height) + top + line_height + margin;
  const text = (words: string, y: number, attributes: Readonly<Record<string, string | number>> = {}) =>
    element('text', { x: margin, y, fill: page.color, 'font-family': page.fontFamily.replaceAll('"', "'"), 'font-size': '13px', ...attributes }, words);
  const picture = element('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    element('title', {}, head[0] ?? ''), element('desc', {}, [...head.slice(1), foot].join(' ')),
    element('rect', { width, height, fill: page.getPropertyValue('--paper') }),
    ...head.map((words, i) => text(words, margin + 12 + line_height * i, i === 0 ? { 'font-weight': 600 } : {})),
    text(foot, height - margin + 4, { 'font-size': '11px', 'fill-opacity': 0.75 }));
  const place = element('g', { transform: `translate(${margin} ${top})` });
  // Patterns that charts share stand in an element of their own, which takes no room.
  for (const shared of document.querySelectorAll('.section[data-open] svg.weaves')) if (!chart.contains(shared)) write(shared, place, box.left, box.top);
  write(chart, place, box.left, box.top);
  picture.append(place);
  return `${new XMLSerializer().serializeToString(picture)}\n`;
}
