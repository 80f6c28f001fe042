// Sizes of what the page loads, compressed by gzip -9, against the limits of web/budget.json; exit 1 above a limit.
//   node scripts/size_budget.mjs [SITE]
// An item names what it adds up:
//   files  these files
//   page   styles and scripts that the page names, with what those import at once
//   lazy   chunks loaded later whose source's name matches; `but` takes matches out
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const site = process.argv[2] ?? join(root, "build/site");
const { items } = JSON.parse(readFileSync(join(root, "web/budget.json"), "utf8"));
const { pages, scripts } = JSON.parse(readFileSync(`${site}.meta.json`, "utf8"));

const closure = (name, seen = new Set()) => {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of scripts[name]?.imports ?? []) closure(next, seen);
  return seen;
};
const atOnce = new Set(Object.values(pages).flat().flatMap((name) => [...closure(name)]));

function filesOf(item) {
  const files = new Set(item.files ?? []);
  if (item.page) for (const name of pages[item.page] ?? []) for (const file of closure(name)) files.add(file);
  if (item.lazy !== undefined) {
    for (const { lazy } of Object.values(scripts)) {
      for (const chunk of lazy) {
        const source = scripts[chunk]?.from ?? "";
        if (!new RegExp(item.lazy).test(source) || (item.but && new RegExp(item.but).test(source))) continue;
        for (const file of closure(chunk)) if (!atOnce.has(file)) files.add(file);
      }
    }
  }
  return [...files];
}

let failed = 0;
for (const item of items) {
  const files = filesOf(item).filter((name) => existsSync(join(site, name)));
  if (files.length === 0) {
    console.log(`${item.name.padEnd(34)} nothing yet`);
    continue;
  }
  const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(site, name)), { level: 9 }).length, 0);
  const over = bytes > item.limit_kb * 1000;
  const requests = item.requests !== undefined && files.length > item.requests;
  if (over || requests) failed += 1;
  console.log(
    `${item.name.padEnd(34)} ${(bytes / 1000).toFixed(1).padStart(7)} KB of ${String(item.limit_kb).padStart(4)}  ` +
      `${over ? "TOO LARGE" : requests ? `TOO MANY FILES (${files.length} of ${item.requests})` : "ok"}  ${files.join(" ")}`,
  );
}
process.exit(failed > 0 ? 1 : 0);
