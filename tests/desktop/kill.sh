#!/usr/bin/env bash
# Kills the application in the middle of saving, a hundred times: the file is the old state or the new one, whole.
#   tests/desktop/kill.sh FOLDER_WITH_PROGRAMS [times]
set -uo pipefail
programs=$1
times=${2:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
file=$work/mine.json
# Long enough that it is killed before it ends: each save has another prompt.
for ((i = 1; i <= 20000; i++)); do printf 'set prompt_tokens %d\nsave %s\n' $((1000 + i % 5000)) "$file"; done >"$work/script"
whole() {  # whole FILE: a scenario of ours, with a prompt that the script has set
  node -e '
    const scenario = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    const prompt = scenario.parameters.prompt_tokens;
    if (scenario.format !== "tokenbill-scenario/1" || !(prompt >= 1000 && prompt < 6000)) process.exit(1);' "$1"
}
killed=0
for ((n = 0; n < times; n++)); do
  "$programs/tokenbill-desktop" --null --script "$work/script" >"$work/log" 2>&1 &
  process=$!
  # From when the first save of this run is there; then a moment of its own each time.
  before=$(stat -c %y "$file" 2>/dev/null)
  for ((k = 0; k < 500; k++)); do
    [ "$(stat -c %y "$file" 2>/dev/null)" != "$before" ] && break
    sleep 0.01
  done
  sleep "0.$(printf %03d $((RANDOM % 40)))"
  kill -KILL "$process" 2>/dev/null && killed=$((killed + 1))
  wait "$process" 2>/dev/null
  whole "$file" || { echo "after $n times the file is damaged or gone:"; ls -l "$work"; cat "$file"; exit 1; }
  # The state before is kept beside it, and is whole as well.
  [ ! -e "$file~" ] || whole "$file~" || { echo "after $n times the state before is damaged"; exit 1; }
done
echo "killed $killed times"
[ "$killed" -eq "$times" ]
