// Runs the built command line as people and shells do.
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const program = process.env.TOKENBILL ?? join(root, "build/native-release/bin/tokenbill");

/** The exit code and what was printed. */
export const run = (command, args, options = {}) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: "utf8", ...options });
  if (error) throw error;
  return { status, stdout, stderr };
};
export const tokenbill = (args, options) => run(program, args, options);

export const have = (command) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
export const folder = () => mkdtempSync(join(tmpdir(), "tokenbill-cli-"));

/** The commands that the program's help lists. */
export const commands = () =>
  [.../\nCommands:\n([^]*?)\n\n/.exec(tokenbill(["--help"]).stdout)[1].matchAll(/^ {2}(\w+)/gm)].map((match) => match[1]);
/** What a help names: options, and arguments in capitals. */
export const options_of = (help) => [...help.matchAll(/^ {2}((?:-\w, )?--[\w-]+|[A-Z]{2,})/gm)].map((match) => match[1].replace(/^-\w, /, ""));
/** The short names among them: those that a help puts before a long one. */
export const short_options_of = (help) => [...help.matchAll(/^ {2}(-\w), --/gm)].map((match) => match[1]);
