#!/usr/bin/env bash
# What a change costs: compares every scenario that it touches with the one before, and checks the budget of all.
#   COST_BASE        the commit to compare with
#   COST_FOLDER      where the scenarios are, costs unless given
#   COST_BUDGET      USD that all of them together may cost a month; no budget unless given
#   COST_INCREASE    percent by which a scenario may become dearer; no limit unless given
#   COST_REPORT      the report in Markdown, cost-report.md unless given
# Ends with 0 where all is within, 1 where a limit is broken or a cost is not known, 2 where a scenario cannot be used.
set -uo pipefail
shopt -s nullglob
folder=${COST_FOLDER:-costs}
report=${COST_REPORT:-cost-report.md}
status=0
: >"$report"

# add command…: its output goes into the report, a worse exit code than before is kept.
add() {
  local code=0
  "$@" >>"$report" 2>&1 || code=$?
  echo >>"$report"
  [ "$code" -le "$status" ] || status=$code
}
compare() {
  echo "**$1**"
  echo
  { git show "$COST_BASE:./$1" 2>/dev/null || true; } |  # nothing, where the file is new
    tokenbill diff - "$1" --allow-missing-old --markdown ${COST_INCREASE:+--max-increase "$COST_INCREASE"}
}

while IFS= read -r -d '' file; do
  add compare "$file"
done < <(git diff --relative --name-only -z --diff-filter=AMR "$COST_BASE" -- "$folder/*.json")

scenarios=("$folder"/*.json)
if [ -n "${COST_BUDGET:-}" ] && [ ${#scenarios[@]} -gt 0 ]; then
  add tokenbill check "${scenarios[@]}" --budget "$COST_BUDGET" --markdown
fi
[ -s "$report" ] || echo "No scenario changed." >"$report"
cat "$report"
exit "$status"
