// offline.html: the whole page in one file that opens from a disk without a network. Scripts, styles, the core, prices and claims
// stand in it; its content security policy admits the one script and the one style by their hashes, and no connection at all.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import * as esbuild from "esbuild";

const files = ["core-all.wasm", "core-usage.wasm", "pricing-v1.json", "hardware-v1.json", "claims.json", "lang/de.json"];
const tokenizers = ["o200k_base", "cl100k_base"];
const workers = ["worker", "usage_worker", "count_worker"];
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** @param html index.html as built; @param folder the built site; @param options esbuild's, as for the page */
export async function offlinePage(html, folder, site, options) {
  const ranks = { name: "ranks", setup: (build) => build.onResolve({ filter: /count\/ranks$/ }, () => ({ path: join(site, "src/offline/ranks.ts") })) };
  const bundle = async (entry) => {
    const { outputFiles } = await esbuild.build({ ...options, metafile: false, format: "iife", outdir: undefined, write: false,
      entryPoints: [join(site, "src", entry)], inject: [join(site, "src/offline/files.ts")], plugins: [ranks] });
    return outputFiles[0].text;
  };
  const [script, style, icon, licences, ...scripts] = await Promise.all([bundle("offline/page.ts"),
    ...["style.css", "icon.svg", "licenses.txt"].map((name) => readFile(join(folder, name), "utf8")), ...workers.map((name) => bundle(`${name}.ts`))]);
  for (const text of [script, licences, ...scripts]) if (/<\/script|<!--/i.test(text)) throw new Error("offline.html: a script would end its own element");
  const data = (name, text, type = "text/plain") => `<script type="${type}" id="file-${name}">${text}</script>\n`;
  const packed = (name, bytes) => data(name, deflateRawSync(bytes, { level: 9 }).toString("base64url"), "application/octet-stream");
  const read = [...files.map(async (name) => packed(name, await readFile(join(folder, name)))),
    ...tokenizers.map(async (name) => packed(`${name}.json`, JSON.stringify((await import(`gpt-tokenizer/bpeRanks/${name}`)).default)))];
  const policy = `default-src 'none'; script-src ${hash(script)} 'wasm-unsafe-eval'; style-src ${hash(style)}; img-src data: blob:; worker-src blob:; `
    + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types tb-worker tb-offline";
  const replaced = (text, pattern, by) => {
    if (!pattern.test(text)) throw new Error(`offline.html: index.html has no ${pattern}`);
    return text.replace(pattern, () => by);
  };
  let page = replaced(html, /(?<=Content-Security-Policy" content=")[^"]*/, policy);
  page = replaced(page, /<link rel="icon"[^>]*>/, `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(icon).toString("base64")}">`);
  page = replaced(page, /<link rel="stylesheet"[^>]*>/, `<style>${style}</style>`);
  page = replaced(page, /<link rel="preload"[^>]*>\n/, "");
  page = page.replace(/<link rel="modulepreload"[^>]*>\n/g, "");
  page = replaced(page, /<script type="module"[^>]*><\/script>\n/, "");
  // At the end, where everything that it reads is there.
  return replaced(page, /<\/body>/, `${(await Promise.all(read)).join("")}${workers.map((name, i) => data(`${name}.js`, scripts[i])).join("")}${data("licenses.txt", licences)}<script>${script}</script>\n</body>`);
}
