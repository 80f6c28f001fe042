// Builds the static site: node scripts/build_site.mjs [--out FOLDER] [--base URL] (default build/site, addresses relative).
// --base is the address under which the folder will be served. Only files that are read away from it need it: the Markdown tables and
// the oEmbed answers of embed/v1.
// In:  site/ (pages, styles, TypeScript), claims/, docs/, core.wasm, core-all.wasm and core-usage.wasm of build/web-release, pricing-v1.json, hardware-v1.json and the command line of build/native-release.
// Out: a folder that any static host serves under any path. The same input gives the same bytes.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";
import * as esbuild from "esbuild";
import { docsPages } from "./docs_site.mjs";
import { embedPrices } from "./embed_prices.mjs";
import { offlinePage } from "./offline_page.mjs";
import { pruneCss } from "./prune_css.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const out = resolve(option("--out") ?? join(root, "build/site"));
const base = option("--base")?.replace(/\/*$/, "/");
if (base !== undefined && !/^https?:\/\/[^\s"'<>]+$/.test(base)) {
  console.error(`build_site: --base ${base} is not the address of a site. It looks like https://example.org/tokenbill/`);
  process.exit(2);
}
const work = `${out}.new`; // becomes `out` when all is well, so a failed build leaves the old page in place
const site = join(root, "site");
const tokenbill = join(root, "build/native-release/bin/tokenbill");
const presetList = join(site, "presets.json");

const warn = (text) => console.warn(`build_site: ${text}`);
const integrity = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

await rm(work, { recursive: true, force: true });
await mkdir(work, { recursive: true });

// 1. What the core gives.
const inputs = { "core.wasm": "build/web-release/bin/core.wasm", "core-all.wasm": "build/web-release/bin/core-all.wasm",
  "core-usage.wasm": "build/web-release/bin/core-usage.wasm",
  "pricing-v1.json": "build/native-release/pricing-v1.json", "hardware-v1.json": "build/native-release/hardware-v1.json" };
const hashes = {};
for (const [name, path] of Object.entries(inputs)) {
  const from = join(root, path);
  if (!existsSync(from)) {
    warn(`${path} is not built yet; the page is built without ${name}`);
    continue;
  }
  const bytes = await readFile(from);
  await writeFile(join(work, name), bytes);
  hashes[name] = integrity(bytes);
}
// The widget's own, shorter price list: the models that site/embed_models.json and the presets name.
if (hashes["pricing-v1.json"]) {
  const list = async (path, pick) => (existsSync(path) ? pick(JSON.parse(await readFile(path, "utf8"))) : []);
  const bundle = JSON.parse(await readFile(join(work, "pricing-v1.json"), "utf8"));
  const models = new Set(bundle.providers.flatMap(({ id, models = [] }) => models.map((model) => `${id}/${model.id}`)));
  // Those that embed, rank or speak for a preset, too.
  const named = ({ model, parameters }) => [model, ...Object.values(parameters).filter((value) => models.has(value))];
  const keys = [...(await list(join(site, "embed_models.json"), (models) => models)),
    ...(await list(presetList, ({ presets }) => presets.flatMap(({ scenario }) => named(scenario))))];
  const { prices, missing } = embedPrices(bundle, keys);
  if (missing.length > 0) warn(`not in the price list, so not in the widget's: ${missing.join(", ")}`);
  await writeFile(join(work, "pricing-embed-v1.json"), JSON.stringify(prices));
}

// 2. Scripts. The page is split into chunks, so that charts load when they are first wanted; the others are one file each.
const define = {
  __WASM_ALL_INTEGRITY__: JSON.stringify(hashes["core-all.wasm"] ?? ""),
  __WASM_USAGE_INTEGRITY__: JSON.stringify(hashes["core-usage.wasm"] ?? ""),
  __WASM_INTEGRITY__: JSON.stringify(hashes["core.wasm"] ?? ""),
  __PRICES_INTEGRITY__: JSON.stringify(hashes["pricing-v1.json"] ?? ""),
};
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: "es2022",
  charset: "utf8",
  loader: { ".wgsl": "text" },
  legalComments: "none", // licences are collected in licenses.txt
  metafile: true,
  logLevel: "warning",
  outdir: work,
  entryNames: "[name]",
  chunkNames: "chunk-[name]-[hash]",
  define,
};
const meta = { outputs: {} };
async function bundle(names, options) {
  const entryPoints = names.map((name) => join(site, "src", `${name}.ts`)).filter((path) => {
    if (existsSync(path)) return true;
    warn(`${relative(root, path)} does not exist yet; left out`);
    return false;
  });
  if (entryPoints.length === 0) return;
  const result = await esbuild.build({ ...common, ...options, entryPoints });
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    meta.outputs[relative(work, join(root, path))] = output;
  }
}
await bundle(["app"], { format: "esm", splitting: true });
await bundle(["widget"], { format: "esm" });
await bundle(["bench"], { format: "esm" });
await bundle(["embed"], { format: "iife" });
define.__EMBED_INTEGRITY__ = JSON.stringify(integrity(await readFile(join(work, "embed.js"))));
await bundle(["builder"], { format: "esm" });
await bundle(["worker", "usage_worker"], { format: "iife" });
// In parts, too: a tokenizer is loaded when it first counts.
await bundle(["count_worker"], { format: "esm", splitting: true });

// 3. Styles, and files that are served as they are.
const served = new Set([".svg", ".png", ".ico", ".webmanifest", ".txt"]);
for (const name of (existsSync(site) ? await readdir(site) : []).sort()) {
  if (name.endsWith(".css")) {
    await esbuild.build({ ...common, metafile: false, entryPoints: [join(site, name)], external: ["*.svg", "*.png", "*.woff2"] });
  } else if (served.has(extname(name)) || name.endsWith(".d.ts")) {
    await cp(join(site, name), join(work, name));
  }
}
// These begin with the page's styles, of which they need few.
for (const [style, ...users] of [["widget.css", "widget.js", "widget.html"], ["builder.css", "builder.js", "embed.html"]]) {
  const sources = await Promise.all(users.map((name) => readFile(join(name.endsWith(".js") ? work : site, name), "utf8")));
  await writeFile(join(work, style), pruneCss(await readFile(join(work, style), "utf8"), sources));
}
// Each preset as a scenario file of its own, for the widget and the command line: presets/chatbot.json.
const presets = existsSync(presetList) ? JSON.parse(await readFile(presetList, "utf8")).presets : [];
await mkdir(join(work, "presets"));
for (const { id, scenario } of presets) await writeFile(join(work, "presets", `${id}.json`), `${JSON.stringify(scenario, null, 2)}\n`);

// The claims, which the page loads when their section is opened.
await writeFile(join(work, "claims.json"), JSON.stringify(JSON.parse(await readFile(join(root, "claims/claims.json"), "utf8"))));

// Languages beside English, which the page loads when one is chosen.
await mkdir(join(work, "lang"));
for (const name of await readdir(join(site, "lang"))) {
  await writeFile(join(work, "lang", name), JSON.stringify(JSON.parse(await readFile(join(site, "lang", name), "utf8"))));
}

// 4. Pages. index.html is filled in with the first preset's figures, so that the first number needs no script.
async function priced() {
  for (const [path, what] of [[tokenbill, "the command line"], [presetList, "the list of presets"], [join(site, "src/prerender.ts"), "the prerenderer"]]) {
    if (!existsSync(path)) {
      warn(`${what} (${relative(root, path)}) does not exist yet; index.html is not filled in`);
      return undefined;
    }
  }
  // The page prices on the price list's date, so that its figures do not depend on the day of the build.
  const prices = join(work, "pricing-v1.json");
  const date = existsSync(prices) ? ["--date", JSON.parse(await readFile(prices, "utf8")).as_of] : [];
  const ask = (...args) => JSON.parse(execFileSync(tokenbill, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] }));
  const file = (id) => join(work, "presets", `${id}.json`);
  const estimate = (path) => ask("estimate", path, ...date, "--json");
  // Published figures are shown beside their recomputation.
  const examples = {};
  const recomputed = `${out}.recomputed.json`;
  for (const preset of presets.filter((one) => one.printed && one.recomputed)) {
    await writeFile(recomputed, JSON.stringify(preset.recomputed.scenario));
    examples[preset.id] = { printed: estimate(file(preset.id)), recomputed: estimate(recomputed) };
    await rm(recomputed);
  }
  const first = file(presets[0].id);
  const bills = Object.fromEntries(presets.map(({ id }) => [id, estimate(file(id))]));
  return { bills, estimate: estimate(first), compare: ask("compare", first, ...date, "--json"), describe: ask("describe", "--json"), examples };
}
const data = await priced();
/** A module of site/src/ that runs here. */
async function moduleOf(name) {
  const module = join(root, "build", `${name}-${process.pid}.mjs`);
  await esbuild.build({
    ...common, metafile: false, minify: false, platform: "node", format: "esm", outdir: undefined, outfile: module,
    entryPoints: [join(site, `src/${name}.ts`)],
  });
  const loaded = await import(pathToFileURL(module).href);
  await rm(module);
  return loaded;
}
const { render } = data ? await moduleOf("prerender") : { render: (template) => template };

/** Adds the hash of each local script and style that a page names, so that a browser refuses any other bytes. */
async function withIntegrity(html) {
  const tags = /<(script|link)\b([^>]*?)\s(src|href)="([^":?#]+\.(?:js|css))"([^>]*)>/g;
  const found = {};
  for (const [, , , , file] of html.matchAll(tags)) {
    const path = join(work, file);
    if (existsSync(path)) found[file] = integrity(await readFile(path));
    else warn(`a page names ${file}, which is not built`);
  }
  return html.replace(tags, (tag, element, before, attribute, file, after) => {
    if (!found[file] || /\sintegrity=/.test(tag)) return tag;
    return `<${element}${before} ${attribute}="${file}" integrity="${found[file]}"${after}>`;
  });
}
/** What a module imports before it can run, all of it at once instead of file after file; each with its hash. */
async function withImports(html) {
  const module = /<script type="module" src="([^"]+)"/.exec(html)?.[1];
  const found = new Set();
  const follow = (name) => {
    for (const { path, kind, external } of meta.outputs[name]?.imports ?? []) {
      const file = relative(work, join(root, path));
      if (kind !== "import-statement" || external || found.has(file)) continue;
      found.add(file);
      follow(file);
    }
  };
  follow(module);
  const links = await Promise.all([...found].sort().map(async (file) =>
    `<link rel="modulepreload" href="${file}" integrity="${integrity(await readFile(join(work, file)))}">\n`));
  return html.replace(/(?=<script type="module")/, () => links.join(""));
}
/** The same page, so many folders deeper. */
const deeper = (html, folders) => html.replace(/\s(src|href)="(?!#|[a-z]+:)([^"]*)"/g, ` $1="${"../".repeat(folders)}$2"`);
const pages = {};
for (const name of (existsSync(site) ? await readdir(site) : []).filter((name) => name.endsWith(".html")).sort()) {
  let html = await readFile(join(site, name), "utf8");
  if (name === "index.html" && data) html = render(html, data);
  html = await withImports(await withIntegrity(html));
  await writeFile(join(work, name), html);
  if (name === "widget.html") {
    // The widget's lasting address, embed/v1/: the same page, two folders deeper.
    await mkdir(join(work, "embed/v1"), { recursive: true });
    await writeFile(join(work, "embed/v1/index.html"), deeper(html, 2));
  }
  const named = [...html.matchAll(/<(?:script|link)\b[^>]*?\s(?:src|href)="([^":?#]+\.(?:js|css))"/g)].map((match) => match[1]);
  for (const page of name === "widget.html" ? [name, "embed/v1/index.html"] : [name]) pages[page] = named;
}

// The documentation: docs/ as pages.
for (const [name, html] of await docsPages(root, await withIntegrity(await readFile(join(site, "docs/layout.html"), "utf8")), work)) {
  await mkdir(dirname(join(work, name)), { recursive: true });
  await writeFile(join(work, name), deeper(html, name.split("/").length - 1));
  pages[name] = ["style.css", "docs.css"];
}

// Of each example a picture, a table and an oEmbed answer, for places that allow no frame.
if (data) {
  const { filesOf } = await moduleOf("embed_files");
  const styles = await readFile(join(site, "style.css"), "utf8");
  for (const preset of presets) {
    const fragment = `#1${deflateRawSync(Buffer.from(JSON.stringify({ scenario: preset.scenario }))).toString("base64url")}`;
    for (const [kind, text] of Object.entries(filesOf({ preset, estimate: data.bills[preset.id], fragment, styles, base: base ?? "../../" }))) {
      await writeFile(join(work, "embed/v1", `${preset.id}.${kind}`), text);
    }
  }
}

// 5. Licences of the packages that the scripts contain.
const packages = new Set();
const contained = Object.values(meta.outputs).flatMap(({ inputs }) => Object.entries(inputs)).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
for (const [path] of contained) {
  const match = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (match) packages.add(match[1]);
}
let licences = "";
for (const name of [...packages].sort()) {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  licences += `${name} ${version} (${license})\n\n${file ? (await readFile(join(folder, file), "utf8")).trim() : ""}\n\n----\n\n`;
}
if (licences) await writeFile(join(work, "licenses.txt"), licences);

// 6. The page as one file. Without the modules of the core there is nothing that it could compute with.
if (hashes["core-all.wasm"] && hashes["pricing-v1.json"] && hashes["hardware-v1.json"]) {
  await writeFile(join(work, "offline.html"), await offlinePage(await readFile(join(work, "index.html"), "utf8"), work, site, common));
}

// 7. What loads what, for the size budgets; beside the site, not in it.
const scripts = {};
for (const [name, { imports, entryPoint }] of Object.entries(meta.outputs).sort(([a], [b]) => (a < b ? -1 : 1))) {
  const of = (kind) => imports.filter((entry) => entry.kind === kind && !entry.external)
    .map((entry) => relative(work, join(root, entry.path))).sort();
  scripts[name] = { from: entryPoint ?? "", imports: of("import-statement"), lazy: of("dynamic-import") };
}
await rm(out, { recursive: true, force: true });
await mkdir(dirname(out), { recursive: true });
await rename(work, out);
await writeFile(`${out}.meta.json`, `${JSON.stringify({ pages, scripts }, null, 2)}\n`);
console.log(`Built ${relative(process.cwd(), out) || basename(out)}: ${(await readdir(out)).length} entries`);
