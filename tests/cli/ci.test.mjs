// The examples of docs/ci.md: their form, and the script itself in a repository of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { folder, have, program, root, run } from "./support.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const python_yaml = have("python3") && run("python3", ["-c", "import yaml"]).status === 0;
const yaml = (path) => JSON.parse(run("python3", ["-c", "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout, default=str)"], { input: read(path) }).stdout);

test("the workflow files are YAML with the keys that their platforms ask for", { skip: !python_yaml && "python3 has no module yaml here" }, () => {
  const github = yaml("docs/ci/github.yml");
  assert.deepEqual(github.permissions, {}, "nothing is allowed that a job does not ask for");
  assert.deepEqual(github.jobs.cost.permissions, { contents: "read" });
  assert.deepEqual(github.jobs.comment.permissions, { "pull-requests": "write" });
  for (const job of Object.values(github.jobs)) {
    assert.ok(job["runs-on"] && job["timeout-minutes"]);
    for (const step of job.steps) assert.ok(step.uses || step.run);
  }
  assert.ok(!github.jobs.comment.steps.some((step) => step.uses?.includes("checkout")), "what may write runs nothing of the pull request");
  const gitlab = yaml("docs/ci/gitlab.yml");
  for (const job of Object.values(gitlab)) assert.ok(job.script && job.image && job.rules);
});

test("actions are pinned by commit, and no expression of the pull request stands in a script", () => {
  const text = read("docs/ci/github.yml");
  const uses = [...text.matchAll(/uses: (.*)/g)].map((match) => match[1]);
  assert.ok(uses.length >= 3);
  for (const each of uses) assert.match(each, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  for (const run_line of text.matchAll(/run: (\|(?:\n {10}.*)*|.*)/g)) assert.ok(!run_line[1].includes("${{"), run_line[1]);
});

test("the shell lines of the examples are sound", () => {
  assert.equal(run("bash", ["-n", join(root, "docs/ci/cost.sh")]).status, 0);
  for (const block of read("docs/ci.md").matchAll(/```sh\n([^]*?)```/g))
    for (const line of block[1].trim().split("\n")) assert.equal(run("bash", ["-n", "-c", line]).status, 0, line);
});

test("the script compares what changed, checks the sum, and ends as the worst of it", () => {
  const work = folder();
  const git = (...args) => {
    const { status, stdout, stderr } = run("git", ["-c", "user.name=a", "-c", "user.email=a@example.invalid", "-c", "init.defaultBranch=main", ...args], { cwd: work });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  };
  const scenario = (name, parameters, model = "openai/gpt-4o") => {
    mkdirSync(join(work, "costs"), { recursive: true });
    writeFileSync(join(work, "costs", name), JSON.stringify({ format: "tokenbill-scenario/1", name, model, date: "2026-11-22", parameters }));
  };
  const cost = (settings) => {
    const env = { ...process.env, PATH: `${dirname(program)}:${process.env.PATH}`, COST_BASE: base, ...settings };
    return run("bash", [join(root, "docs/ci/cost.sh")], { cwd: work, env });
  };
  git("init", "-q");
  scenario("old bot.json", { conversations_per_day: 1000 });
  scenario("untouched.json", { conversations_per_day: 10 });
  git("add", "-A");
  git("commit", "-qm", "before");
  const base = git("rev-parse", "HEAD");
  assert.match(cost({}).stdout, /^No scenario changed\.$/m);

  scenario("old bot.json", { conversations_per_day: 1000, prompt_tokens: 3000 });
  scenario("new.json", { conversations_per_day: 100 });
  git("add", "-A");
  git("commit", "-qm", "after");
  const { status, stdout } = cost({ COST_BUDGET: "1e9" });
  assert.equal(status, 0);
  assert.match(stdout, /\*\*costs\/old bot\.json\*\*\n\n### Tokenbill: what changes\n\nA month costs .* more/);
  assert.match(stdout, /\*\*costs\/new\.json\*\*\n\n### Tokenbill: what changes\n\nNew: a month costs/);
  assert.ok(!stdout.includes("**costs/untouched.json**"));
  assert.match(stdout, /### Tokenbill: within the budget/);
  assert.match(stdout, /\| untouched\.json \|/);
  assert.equal(cost({ COST_BUDGET: "10" }).status, 1);
  assert.equal(cost({ COST_INCREASE: "1" }).status, 1);
  assert.equal(cost({ COST_INCREASE: "1000" }).status, 0);

  writeFileSync(join(work, "costs", "new.json"), "{}");
  assert.equal(cost({}).status, 2);
});
