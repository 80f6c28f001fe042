// Markdown as docs/ uses it -> HTML: headings, paragraphs, lists, tables, fenced code; code, bold, emphasis, links and pictures in text.
// Everything else is text. Links to places in the document and to web pages stay links; `link` says where others lead: an address,
// or undefined, and they become text.

const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/** The anchor of a heading, as GitHub makes it. */
export const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");

const itself = (target) => (/^(#|https:\/\/)/.test(target) ? target : undefined);

export function markdownToHtml(text, { link = itself, anchors = false } = {}) {
  const ids = new Map();

  function inline(text) {
    // Code first, and out of the way: nothing in it has a meaning.
    const code = [];
    const rest = text.replace(/`([^`]*)`/g, (_, inner) => `\0${code.push(`<code>${escape(inner)}</code>`) - 1}\0`);
    return escape(rest)
      .replace(/!\[([^\]]*)\]\(([^)\s]*)\)/g, (_, label, target) => (link(target) ? `<img src="${link(target)}" alt="${label}">` : label))
      .replace(/\[([^\]]*)\]\(([^)\s]*)\)/g, (_, label, target) => (link(target) ? `<a href="${link(target)}">${label}</a>` : label))
      .replace(/\*\*([^*]+)\*\*/g, "<b>$1</b>")
      .replace(/(^|[\s(])\*([^*\s][^*]*)\*/g, "$1<em>$2</em>")
      .replace(/\0(\d+)\0/g, (_, i) => code[i]);
  }

  // A cell may hold an escaped "|", within code too.
  const cells = (row) => row.replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => inline(cell.replaceAll("\\|", "|").trim()));
  // An empty cell heads nothing.
  const row = (name, line) => `<tr>${cells(line).map((cell) => (cell === "" ? "<td></td>" : `<${name}>${cell}</${name}>`)).join("")}</tr>`;

  function heading(level, text) {
    const plain = anchor(text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
    const before = ids.get(plain) ?? 0;
    ids.set(plain, before + 1);
    const id = escape(before > 0 ? `${plain}-${before}` : plain);
    const name = `h${level}`;
    const mark = anchors && level > 1 ? ` <a class="anchor" href="#${id}" aria-label="Link to this place">#</a>` : "";
    return `<${name} id="${id}">${inline(text)}${mark}</${name}>`;
  }

  /** One block: the lines between two empty lines, or a heading, or fenced code. */
  function block(lines) {
    const title = /^(#{1,4}) (.*)$/.exec(lines[0]);
    if (title) return heading(title[1].length, title[2]);
    if (lines[0].startsWith("```")) return `<pre tabindex="0"><code>${escape(lines.slice(1).join("\n"))}</code></pre>`;
    if (lines[0].startsWith("|") && /^\|[\s:|-]+\|$/.test(lines[1] ?? ""))
      return `<div class="wide" tabindex="0"><table><thead>${row("th", lines[0])}</thead><tbody>${lines.slice(2).map((line) => row("td", line)).join("\n")}</tbody></table></div>`;
    for (const [name, start] of [["ul", /^- /m], ["ol", /^\d+\. /m]]) {
      if (!lines[0].match(start)) continue;
      const items = lines.join("\n").split(new RegExp(start.source, "gm")).slice(1);
      return `<${name}>${items.map((item) => `<li>${inline(item.trim().replace(/\s*\n\s*/g, " "))}</li>`).join("\n")}</${name}>`;
    }
    return `<p>${inline(lines.join(" "))}</p>`;
  }

  const blocks = [];
  let open = [];
  let fenced = false;
  const close = () => {
    if (open.length > 0) blocks.push(block(open));
    open = [];
  };
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) {
      if (!fenced) close();
      fenced = !fenced;
      if (fenced) open = [line];
      else close();
    } else if (fenced) open.push(line);
    else if (line.trim() === "") close();
    else if (/^#{1,4} /.test(line)) {
      close();
      blocks.push(block([line]));
    } else open.push(line);
  }
  close();
  return blocks.join("\n");
}
