// Views are pure functions that return a small virtual tree. toHtml writes it at build time; patch brings the page's
// elements in line with it at run time, taking over markup that toHtml wrote. No innerHTML anywhere.

export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface VElement {
  readonly tag: string;
  /** Attributes in force: null, undefined and false are dropped, true is "". `key` names a child within its parent. */
  readonly attrs: ReadonlyMap<string, string>;
  readonly key: string | undefined;
  readonly children: readonly VNode[];
}
export type VNode = VElement | string;
export type Child = VNode | number | null | undefined | false | readonly Child[];

const void_tags = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'wbr']);
const svg_namespace = 'http://www.w3.org/2000/svg';

/** What turns texts into the page's language where they enter the tree; null = they stay as they are. */
let translate: ((text: string) => string) | null = null;
export function translateWith(next: typeof translate): void {
  translate = next;
}
const spoken_attributes = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'aria-valuetext', 'aria-roledescription']);

function addChild(list: VNode[], child: Child, turn: typeof translate): void {
  if (child === null || child === undefined || child === false || child === '') return;
  if (Array.isArray(child)) {
    for (const one of child) addChild(list, one, turn);
  } else if (typeof child === 'object') {
    list.push(child as VElement);
  } else {
    // Neighbouring texts become one, as an HTML parser would make them.
    const text = turn && typeof child === 'string' ? turn(child) : String(child);
    const last = list.length - 1;
    if (typeof list[last] === 'string') list[last] += text;
    else list.push(text);
  }
}

/** Texts among the children, and attributes that are read out, are translated one by one, before neighbours become one. */
export function h(tag: string, attributes?: Attributes | null, ...children: Child[]): VElement {
  const attrs = new Map<string, string>();
  // Code is nobody's language; an element that names its language has texts in it already.
  const turn = tag === 'code' || attributes?.['lang'] ? null : translate;
  let key: string | undefined;
  for (const name in attributes) {
    const value = attributes[name];
    if (value === null || value === undefined || value === false) continue;
    if (name === 'key') key = String(value);
    else attrs.set(name, value === true ? '' : turn && spoken_attributes.has(name) ? turn(String(value)) : String(value));
  }
  const list: VNode[] = [];
  addChild(list, children, turn);
  return { tag, attrs, key, children: list };
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => escapes[c]!);

export function toHtml(node: VNode): string {
  if (typeof node === 'string') return escape(node);
  let html = `<${node.tag}`;
  for (const [name, value] of node.attrs) html += value === '' ? ` ${name}` : ` ${name}="${escape(value)}"`;
  html += '>';
  if (void_tags.has(node.tag)) return html;
  for (const child of node.children) html += toHtml(child);
  return `${html}</${node.tag}>`;
}

/** What patch last made of an element; absent for markup written at build time, which is then read from the page. */
const known = new WeakMap<Element, VElement>();

function read(element: Element): VElement {
  const attrs = new Map<string, string>();
  for (const { name, value } of element.attributes) attrs.set(name, value);
  const children: VNode[] = [];
  for (const child of [...element.childNodes]) {
    if (child.nodeType === Node.ELEMENT_NODE) children.push(read(child as Element));
    else if (child.nodeType === Node.TEXT_NODE && child.nodeValue) children.push(child.nodeValue);
    else child.remove();
  }
  return { tag: element.localName, attrs, key: undefined, children };
}

/** Attributes whose live state parts from the markup as soon as somebody types or clicks. */
function setLive(element: Element, name: string, value: string | null): void {
  if (name === 'value' && 'value' in element) {
    if (element.value !== (value ?? '')) element.value = value ?? '';
  } else if (name === 'checked' && element instanceof HTMLInputElement) {
    element.checked = value !== null;
  } else if (name === 'selected' && element instanceof HTMLOptionElement) {
    element.selected = value !== null;
  }
}

function patchAttributes(element: Element, before: VElement | null, after: VElement): void {
  if (before) {
    for (const name of before.attrs.keys()) {
      if (after.attrs.has(name)) continue;
      element.removeAttribute(name);
      setLive(element, name, null);
    }
  }
  for (const [name, value] of after.attrs) {
    if (before?.attrs.get(name) !== value) element.setAttribute(name, value);
  }
  // After min, max and step, which clip a slider's value.
  for (const name of ['value', 'checked', 'selected']) {
    const value = after.attrs.get(name);
    if (value !== undefined && (name === 'value' || before?.attrs.get(name) !== value)) setLive(element, name, value);
  }
}

function create(node: VNode, svg: boolean): Node {
  if (typeof node === 'string') return document.createTextNode(node);
  const inSvg = svg || node.tag === 'svg';
  const element = inSvg ? document.createElementNS(svg_namespace, node.tag) : document.createElement(node.tag);
  for (const child of node.children) element.append(create(child, inSvg));
  patchAttributes(element, null, node);
  return element;
}

const same = (a: VNode | undefined, b: VNode): boolean =>
  a !== undefined && (typeof a === 'string' ? typeof b === 'string'
    : typeof b !== 'string' && a.tag === b.tag && a.key === b.key);

function patchChildren(parent: Element, before: readonly VNode[], after: readonly VNode[], svg: boolean): void {
  const nodes = [...parent.childNodes];
  const by_key = new Map<string, number>();
  before.forEach((child, i) => {
    if (typeof child !== 'string' && child.key !== undefined) by_key.set(child.key, i);
  });
  const used = new Set<number>();
  let place: ChildNode | null = parent.firstChild;
  after.forEach((child, i) => {
    const key = typeof child === 'string' ? undefined : child.key;
    // Markup from the build has no keys; there the place decides.
    let from = key !== undefined && by_key.size > 0 ? (by_key.get(key) ?? -1) : i;
    const old = before[from];
    const adoptable = old !== undefined && typeof old !== 'string' && old.key === undefined
      && typeof child !== 'string' && old.tag === child.tag;
    if (from >= 0 && (used.has(from) || !(same(old, child) || adoptable))) from = -1;
    const node = from >= 0 ? nodes[from] : undefined;
    if (node) {
      used.add(from);
      if (node === place) place = node.nextSibling;
      else parent.insertBefore(node, place);
      patchNode(node, before[from]!, child, svg);
    } else {
      parent.insertBefore(create(child, svg), place);
    }
  });
  nodes.forEach((node, i) => {
    if (!used.has(i)) node.remove();
  });
}

function patchNode(node: Node, before: VNode, after: VNode, svg: boolean): void {
  if (before === after) return;
  if (typeof after === 'string') {
    if (before !== after) node.nodeValue = after;
    return;
  }
  const old = before as VElement;
  const inSvg = svg || after.tag === 'svg';
  patchAttributes(node as Element, old, after);
  patchChildren(node as Element, old.children, after.children, inSvg);
}

/** Brings `element` (whose own tag is kept) in line with `tree`. */
export function patch(element: Element, tree: VElement): void {
  const before = known.get(element) ?? read(element);
  patchNode(element, before, tree, element.namespaceURI === svg_namespace);
  known.set(element, tree);
}
