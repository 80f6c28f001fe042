// Help, manual page, document and completion name the same commands and options; and the scripts work in real shells.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commands, folder, have, options_of, program, root, run, short_options_of, tokenbill } from "./support.mjs";

const names = commands();
const everywhere = ["--help", "--version", "--json", "--prices", "--hardware"];
const help = Object.fromEntries(names.map((name) => [name, tokenbill([name, "--help"]).stdout]));
const manual = tokenbill(["manual"]).stdout;
const markdown = tokenbill(["manual", "--markdown"]).stdout;
const scripts = { bash: tokenbill(["completion", "bash"]).stdout, zsh: tokenbill(["completion", "zsh"]).stdout };
const own = (name) => options_of(help[name]).filter((option) => !everywhere.includes(option));

/** What bash would offer at the end of this line. */
const completed = (line, breaks = "$' \\t\\n\"\\'><=;|&(:'") => {
  const words = line.split(" ");
  const { stdout, stderr, status } = run("bash", ["--norc", "-c", `
    source <("$1" completion bash)
    COMP_WORDBREAKS=${breaks} COMP_LINE=$2 COMP_POINT=\${#2} COMP_CWORD=$(($# - 3)) COMP_WORDS=("\${@:3}")
    _tokenbill "$1" "\${@: -1}"
    printf '%s\\n' "\${COMPREPLY[@]}"`, "bash", program, line, ...words]);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  return stdout.split("\n").filter((word) => word !== "");
};

test("the help of the program lists its commands, and each has a help with an example", () => {
  assert.ok(names.length >= 18);
  for (const name of names) {
    assert.match(help[name], new RegExp(`^Usage: tokenbill ${name}\\b`), name);
    assert.match(help[name], /\nExamples:\n {2}\S*.*tokenbill /, `${name} has no example`);
    for (const option of everywhere) assert.ok(help[name].includes(option), `${name} does not tell ${option}`);
    for (const line of help[name].split("\n")) assert.ok([...line].length <= 80 || /^(Usage:| {2}\S)/.test(line), line);
  }
});

test("the manual page names every command and every option of the help", () => {
  const text = manual.replaceAll("\\-", "-").replaceAll(/\\f[BIR]/g, "");
  for (const name of names) {
    const section = text.split(/^\.SS /m).find((each) => each.startsWith(`tokenbill ${name}`));
    assert.ok(section, name);
    for (const option of own(name)) assert.match(section.split(/^\.SH /m)[0], new RegExp(`^\\.TP\\n(-\\w, )?${option}\\b`, "m"), `${name} ${option}`);
    assert.equal([...section.split(/^\.SH /m)[0].matchAll(/^\.TP$/gm)].length, own(name).length, name);
  }
  for (const heading of ["EXIT STATUS", "FILES", "ENVIRONMENT", "EXAMPLES"]) assert.match(text, new RegExp(`^\\.SH ${heading}$`, "m"));
});

test("bash offers the commands and the options of the help", () => {
  assert.deepEqual(completed("tokenbill ").sort(), [...names].sort());
  for (const name of names)
    assert.deepEqual(completed(`tokenbill ${name} -`).sort(), [...own(name).filter((option) => option.startsWith("-")), ...everywhere, ...new Set(["-h", ...short_options_of(help[name])])].sort(), name);
});

test("zsh's script has the commands and the options of the help", () => {
  for (const name of names) {
    assert.match(scripts.zsh, new RegExp(`^ {4}'${name}:`, "m"));
    const section = scripts.zsh.split(new RegExp(`^_tokenbill_${name}\\(\\) \\{`, "m"))[1]?.split(/^}/m)[0] ?? "";
    for (const option of [...own(name).filter((each) => each.startsWith("-")), ...everywhere]) assert.match(section, new RegExp(`'\\*?${option}\\[`), `${name} ${option}`);
  }
});

test("docs/command-line.md is what the program writes", () => {
  assert.equal(readFileSync(join(root, "docs/command-line.md"), "utf8"), markdown, "tokenbill manual --markdown >docs/command-line.md");
});

test("bash completes values: presets, parameters, their options, models, sellers, claims, closed sets, files", () => {
  assert.deepEqual(completed("tokenbill estimate --preset chat"), ["chatbot"]);
  assert.deepEqual(completed("tokenbill estimate --preset=chat"), ["chatbot"]);
  assert.deepEqual(completed("tokenbill --preset chat"), [], "the option belongs to a command");
  assert.deepEqual(completed("tokenbill range --set prompt_tok"), ["prompt_tokens="]);
  assert.ok(completed("tokenbill range --set caching=").includes("5m"), "behind = only what follows it is offered");
  assert.ok(completed("tokenbill range --set caching=", "' '").includes("caching=5m"), "where = ends no word, the whole");
  assert.ok(completed("tokenbill range --set embedding_model=openai/").every((word) => word.startsWith("openai/")));
  assert.ok(completed("tokenbill compare --model anthropic/claude-s").includes("anthropic/claude-sonnet-4-6"));
  assert.deepEqual(completed("tokenbill prices --only anthro"), ["anthropic"]);
  assert.deepEqual(completed("tokenbill sweep --axis prompt_tok"), ["prompt_tokens="]);
  assert.ok(completed("tokenbill solve --figure to").includes("total"));
  assert.ok(completed("tokenbill explain scenario.json output.").includes("output.text"));
  assert.deepEqual(completed("tokenbill check --percentile 9"), ["90", "95"]);
  assert.deepEqual(completed("tokenbill completion "), ["bash", "zsh"]);
  assert.ok(completed("tokenbill claims E4").includes("E42"));
  assert.deepEqual(completed("tokenbill estimate site/pres"), ["site/presets.json"]);
  assert.deepEqual(completed("tokenbill estimate --prices site/pres"), ["site/presets.json"]);
  assert.deepEqual(completed("tokenbill check --budget "), [], "an amount is the person's own");
});

test("zsh completes commands, options and values", { skip: !have("zsh") && "zsh is not here" }, () => {
  const at = folder();
  const path = join(at, "_tokenbill");
  writeFileSync(path, scripts.zsh);
  assert.equal(run("zsh", ["-f", "-n", path]).status, 0);
  // A shell on a terminal of its own: what appears there once the Tab key was pressed.
  const installed = `fpath=("'"$2"'" $fpath); autoload -Uz compinit; compinit -u -D`;
  const sourced = `autoload -Uz compinit; compinit -u -D; source "'"$2"'/_tokenbill"`;
  const shows = (line, wanted, set_up) => run("zsh", ["-f", "-c", `
      zmodload zsh/zpty
      zpty -b shell zsh -f -i
      zpty -w shell 'PS1= RPS1= TERM=dumb; path=("'"$1"'" $path); ${set_up}; print re""ady'
      zpty -r shell seen '*ready*' || exit 1
      sleep 0.3
      zpty -w -n shell "$3"$'\\t'
      zpty -r shell seen "*$4*"`, "zsh", join(program, ".."), at, line, wanted], { timeout: 10000 }).status === 0;
  for (const [line, wanted] of [["tokenbill estim", "tokenbill estimate"], ["tokenbill check --budget-p", "--budget-per-request"],
    ["tokenbill estimate --preset chat", "--preset chatbot"], ["tokenbill --json prices --only anthro", "--only anthropic"],
    ["tokenbill range --set prompt_tok", "prompt_tokens="]]) assert.ok(shows(line, wanted, sourced), line);
  assert.ok(shows("tokenbill compare --al", "--all", installed), "from a folder of functions");
});

test("the manual page is sound", { skip: !have("man") && !have("mandoc") && "neither man nor mandoc is here" }, () => {
  const path = join(folder(), "tokenbill.1");
  writeFileSync(path, manual);
  if (have("man")) {
    const shown = run("man", ["--warnings", "-l", path], { env: { ...process.env, MANWIDTH: "80", LC_ALL: "C.UTF-8" } });
    assert.equal(shown.status, 0, shown.stderr);
    assert.equal(shown.stderr, "");
    assert.match(shown.stdout, /tokenbill check \[OPTIONS\] \[SCENARIO\.\.\.\]/);
  }
  if (have("mandoc")) {
    const { stdout } = run("mandoc", ["-Tlint", "-Wwarning", path]);
    assert.equal(stdout, "");
  }
});
