// Leaves out of a stylesheet the rules that a page cannot use, so that the widget carries no rule of the full page.

/** `text` up to each separator that stands outside of brackets and strings. */
function split(text, separator) {
  const parts = [];
  let depth = 0, quote = "", start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quote) {
      if (c === "\\") i += 1;
      else if (c === quote) quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (c === "(" || c === "[" || c === "{") depth += 1;
    else if (c === ")" || c === "]" || c === "}") {
      depth -= 1;
      if (separator === "}" && depth === 0 && c === "}") {
        parts.push(text.slice(start, i + 1));
        start = i + 1;
      }
    } else if (c === separator && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  if (start < text.length) parts.push(text.slice(start));
  return parts;
}

/** What a selector asks for for sure: classes and ids outside of :not(), :is() and the like, which may be met without them. */
const needed = (selector) => [...selector.replace(/\([^()]*(\([^()]*\)[^()]*)*\)/g, "").replace(/\[[^\]]*\]/g, "").matchAll(/[.#]([A-Za-z_][\w-]*)/g)].map((match) => match[1]);

/**
 * @param css  as esbuild minifies it: no comments
 * @param sources  scripts and markup of the page. A class counts as used if its name stands there, or its beginning up to a "-" where
 *   the rest is filled in (`hue-${category}`).
 */
export function pruneCss(css, sources) {
  const words = new Set(sources.flatMap((text) => text.match(/[A-Za-z_][\w-]*/g) ?? []));
  const used = (name) => words.has(name) || words.has(name.replace(/[^-]*$/, "")) && name.includes("-");
  const rules = (text) => split(text, "}").map((rule) => {
    const open = rule.indexOf("{");
    // "@import …;" and the like stand before the rule that follows them.
    if (open < 0) return rule;
    const head = rule.slice(0, open);
    const body = rule.slice(open + 1, -1);
    if (/^\s*@(media|supports|container|layer)/.test(head)) {
      const inner = rules(body);
      return inner.trim() ? `${head}{${inner}}` : "";
    }
    if (head.includes("@")) return rule;
    const kept = split(head, ",").filter((selector) => needed(selector).every(used));
    return kept.length > 0 ? `${kept.join(",")}{${body}}` : "";
  }).join("");
  return rules(css);
}
