// Markdown as docs/model.md uses it -> HTML: headings, paragraphs, lists, tables, fenced code; code, bold, emphasis and links in text.
// Everything else is text. Links to places in the document and to web pages stay links; those to other files become text.

const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/** The anchor of a heading, as GitHub makes it. */
export const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");

function inline(text) {
  return text.split(/(`[^`]*`)/).map((part) => {
    if (/^`[^`]*`$/.test(part)) return `<code>${escape(part.slice(1, -1))}</code>`;
    return escape(part)
      .replace(/\[([^\]]*)\]\(([^)\s]*)\)/g, (_, label, target) => (/^(#|https:\/\/)/.test(target) ? `<a href="${target}">${label}</a>` : label))
      .replace(/\*\*([^*]+)\*\*/g, "<b>$1</b>")
      .replace(/(^|[\s(])\*([^*\s][^*]*)\*/g, "$1<em>$2</em>");
  }).join("");
}

const cells = (row) => row.replace(/^\||\|$/g, "").split("|").map((cell) => inline(cell.trim()));
const row = (name, line) => `<tr>${cells(line).map((cell) => `<${name}>${cell}</${name}>`).join("")}</tr>`;

/** One block: the lines between two empty lines, or a heading, or fenced code. */
function block(lines) {
  const heading = /^(#{1,4}) (.*)$/.exec(lines[0]);
  if (heading) {
    const name = `h${heading[1].length}`;
    return `<${name} id="${escape(anchor(heading[2]))}">${inline(heading[2])}</${name}>`;
  }
  if (lines[0].startsWith("```")) return `<pre tabindex="0"><code>${escape(lines.slice(1).join("\n"))}</code></pre>`;
  if (lines[0].startsWith("|") && /^\|[\s:|-]+\|$/.test(lines[1] ?? ""))
    return `<div class="wide" tabindex="0"><table><thead>${row("th", lines[0])}</thead><tbody>${lines.slice(2).map((line) => row("td", line)).join("\n")}</tbody></table></div>`;
  if (lines[0].startsWith("- ")) {
    const items = lines.join("\n").split(/^- /m).slice(1);
    return `<ul>${items.map((item) => `<li>${inline(item.trim().replace(/\s*\n\s*/g, " "))}</li>`).join("\n")}</ul>`;
  }
  return `<p>${inline(lines.join(" "))}</p>`;
}

export function markdownToHtml(text) {
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
