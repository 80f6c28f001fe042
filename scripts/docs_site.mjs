// The documents of docs/ as pages of the site, under one layout with one list of all of them.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, readdir } from "node:fs/promises";
import { basename, dirname, join, posix } from "node:path";
import { markdownToHtml } from "./markdown.mjs";

/** Document -> page, where that is not docs/NAME.html. The page of the model stands where figures lead to. */
const places = { "docs/start.md": "docs/index.html", "docs/model.md": "model.html", "pricing/README.md": "docs/price-files.html" };

const groups = [
  ["Begin", { "docs/start.md": "Getting started", "docs/prices.md": "Prices, and how to correct one", "docs/model.md": "The cost model", "docs/glossary.md": "Glossary" }],
  ["Use", { "docs/command-line.md": "Command line", "docs/usage.md": "Usage and bills", "docs/tokens.md": "Tokens of a text", "docs/report.md": "Reports",
    "docs/ci.md": "Continuous integration", "docs/desktop.md": "Desktop application", "docs/widget.md": "Embedding" }],
  ["Behind the figures", { "docs/throughput.md": "Throughput", "docs/sweep.md": "Sweeps", "docs/claims.md": "Claims", "docs/performance.md": "Performance",
    "docs/coverage.md": "Rules and their tests", "docs/golden-arith.md": "Worked figures" }],
  ["Reference", { "docs/formats.md": "File formats", "pricing/README.md": "The price files", "docs/errors.md": "Errors", "docs/abi.md": "Core and views" }],
];
const titles = Object.assign({}, ...groups.map(([, documents]) => documents));
const place = (path) => places[path] ?? path.replace(/\.md$/, ".html");

/** With fewer sections a list of them is longer than what it leads through. */
const fewest_sections = 4;
const text = (html) => html.replace(/ <a class="anchor".*?<\/a>/g, "").replace(/<[^>]*>/g, "");

/** @return page -> HTML, with addresses as seen from the site's own folder */
export async function docsPages(root, layout, out) {
  const unlisted = (await readdir(join(root, "docs"))).map((name) => `docs/${name}`).filter((path) => path.endsWith(".md") && !titles[path]);
  if (unlisted.length > 0) throw new Error(`scripts/docs_site.mjs lists no place for ${unlisted.join(", ")}`);
  const pages = new Map();
  for (const path of Object.keys(titles)) {
    const files = [];
    // Another document, or a file beside it, which then comes along.
    const link = (target) => {
      if (/^(#|https:\/\/)/.test(target)) return target;
      const [file, anchor] = posix.normalize(posix.join(dirname(path), target)).split("#");
      if (titles[file]) return place(file) + (anchor === undefined ? "" : `#${anchor}`);
      if (!file.startsWith("docs/") || !existsSync(join(root, file))) return undefined;
      files.push(file);
      return file;
    };
    let html = markdownToHtml(await readFile(join(root, path), "utf8"), { link, anchors: true });
    const sections = [...html.matchAll(/<h2 id="([^"]+)">(.*)<\/h2>/g)].map(([, id, title]) => `<li><a href="#${id}">${text(title)}</a></li>`);
    if (sections.length >= fewest_sections) {
      html = html.replace("</h1>", () => `</h1>\n<nav class="contents" aria-label="Sections"><ul>${sections.join("\n")}</ul></nav>`);
    }
    const list = groups.map(([name, documents]) => `<h2>${name}</h2>\n<ul>${Object.entries(documents).map(([other, title]) =>
      `<li><a href="${place(other)}"${other === path ? ' aria-current="page"' : ""}>${title}</a></li>`).join("\n")}</ul>`).join("\n");
    const description = text(/<p>(.*?)<\/p>/s.exec(html)?.[1] ?? titles[path]).slice(0, 200).replace(/\s+\S*$/, "");
    const fill = { title: titles[path], description, text: html, pages: list };
    pages.set(place(path), layout.replace(/<!-- (\w+) -->/g, (_, name) => fill[name]));
    for (const file of files) {
      await mkdir(join(out, dirname(file)), { recursive: true });
      await copyFile(join(root, file), join(out, dirname(file), basename(file)));
    }
  }
  return pages;
}
