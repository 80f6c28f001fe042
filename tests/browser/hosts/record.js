// What the widgets tell, for the test to read.
window.told = [];
for (const name of ["tokenbill:ready", "tokenbill:change", "tokenbill:error"]) {
  addEventListener(name, (event) => window.told.push({ name, detail: event.detail, preset: event.target.getAttribute("preset") }));
}
window.heard = [];
addEventListener("message", (event) => window.heard.push({ data: event.data, origin: event.origin, at: performance.now() }));
