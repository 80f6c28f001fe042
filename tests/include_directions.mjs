// Reads every #include and import of the project and fails on an arrow the wrong way: node tests/include_directions.mjs
// A module may include its own group and the groups before it. A new module gets a place in the table below.
import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Modules of the core, from left to right. */
const groups = [
  "result errors unit numeric nearest text order format",
  "op plan categories token_classes metrics parameter parameters range beta_fit spread catalog hardware scenario date json_value json_reader",
  "plan_builder conversation parts serve plans media lane evaluate gradient bounded",
  "bind breakdown compare moved_inputs sampling typical_ranges sobol_directions sweep sweep_program sweep_run screened fold throughput verify_throughput usage_keys usage usage_fields usage_record usage_text usage_models usage_import",
  "bill_lines explain explanation json_io json_catalog check_catalog json_hardware check_hardware json_scenario shader verify engine",
  "difference reconciliation forecast levers capacity market flips selfhost sensitivity gate series spreadsheet sweep_io json_ranges json_usage json_results",
].map((names) => names.split(" "));

/** Folders beside the core: what each may include apart from itself. */
const beside = { web: ["core"], native: ["core"], pricing: ["core"], tests: ["core", "web", "native"] };

/** Libraries that only some files of the core may use, and what the core never includes. */
const reserved = [
  [/^fmt\//, /\/(format|text)\.(cpp|h)$/],
  [/^nlohmann\//, /\/json_\w+\.(cpp|h)$/],
];
const never = /^(iostream|ostream|istream|fstream|sstream|iomanip|locale|regex|thread|mutex|future|condition_variable|filesystem|ctime|time\.h|cstdio|stdio\.h|random|unistd\.h)$/;

const files = (folder, ...endings) => {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path, ...endings) : endings.includes(extname(entry.name)) ? [path] : [];
  }).sort();
};
const lines = (path) => readFileSync(join(root, path), "utf8").split("\n");
const moduleOf = (path) => (path.includes("/plans/") ? "plans" : basename(path, extname(path)));
const groupOf = (module) => groups.findIndex((group) => group.includes(module));

const problems = [];
let arrows = 0;
const say = (path, line, text) => problems.push(`${path}:${line + 1}: ${text}`);

for (const path of files("core", ".h", ".cpp", ".def")) {
  const from = groupOf(moduleOf(path));
  if (from < 0) {
    problems.push(`${path}: the module '${moduleOf(path)}' has no place in the table of tests/include_directions.mjs`);
    continue;
  }
  lines(path).forEach((text, line) => {
    const quoted = /^\s*#\s*include\s+"([^"]+)"/.exec(text)?.[1];
    const angled = /^\s*#\s*include\s+<([^>]+)>/.exec(text)?.[1];
    if (quoted) {
      arrows += 1;
      if (/(^|\/)(web|native|pricing|tests|site)\//.test(quoted)) return say(path, line, `the core includes ${quoted}`);
      const to = groupOf(moduleOf(quoted));
      if (to < 0) say(path, line, `includes ${quoted}, whose module has no place in the table`);
      else if (to > from) say(path, line, `${moduleOf(path)} includes ${moduleOf(quoted)}, which lies to its right`);
    } else if (angled) {
      arrows += 1;
      if (never.test(angled)) say(path, line, `the core has no file, clock, thread or print, so it never includes <${angled}>`);
      for (const [library, allowed] of reserved) {
        if (library.test(angled) && !allowed.test(path)) say(path, line, `<${angled}> is included by one module only (${allowed.source})`);
      }
    }
  });
}

for (const [folder, allowed] of Object.entries(beside)) {
  for (const path of files(folder, ".h", ".cpp")) {
    lines(path).forEach((text, line) => {
      const quoted = /^\s*#\s*include\s+"([^"]+)"/.exec(text)?.[1];
      if (!quoted) return;
      arrows += 1;
      const target = ["core", "web", "native", "pricing", "site"].find(
        (name) => name !== folder && normalize(join(dirname(path), quoted)).startsWith(`${name}/`) || quoted.startsWith(`${name}/`));
      if (target && target !== folder && !allowed.includes(target)) say(path, line, `${folder} includes ${quoted}`);
      if (folder === "native" && quoted === "cost_api.h") say(path, line, "native uses the core directly, never the web's C border");
    });
  }
}

for (const path of [...files("site/src", ".ts"), ...files("web", ".ts")]) {
  lines(path).forEach((text, line) => {
    const name = /(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/.exec(text)?.[1];
    if (!name) return;
    arrows += 1;
    const target = relative(root, normalize(join(root, dirname(path), name)));
    const here = path.split("/")[0];
    if (!["web/", "shaders/", `${here}/`].some((folder) => target.startsWith(folder)) || (here === "site" && target.startsWith("shaders/"))) say(path, line, `${here} imports ${target}`);
  });
}

for (const problem of problems) console.log(problem);
console.log(`${arrows} includes and imports read, ${problems.length} the wrong way`);
process.exit(problems.length > 0 ? 1 : 0);
