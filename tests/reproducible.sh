#!/usr/bin/env bash
# Compiles the command line again from a copy of the sources in another folder, and compares the bytes with those of a
# build that is there. It takes as long as a build, so ./check does not run it.
#   tests/reproducible.sh [build folder]
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${1:-build/native-release}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --build "$build" --target tokenbill
mkdir "$work/a-folder-of-another-name"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work/a-folder-of-another-name"
cd "$work/a-folder-of-another-name"
cmake --preset native-release -DTOKENBILL_DESKTOP=OFF -DTOKENBILL_TESTS=OFF >/dev/null
cmake --build --preset native-release --target tokenbill
if cmp "$build/bin/tokenbill" build/native-release/bin/tokenbill; then
  echo "the same bytes: $(sha256sum <build/native-release/bin/tokenbill | cut -c 1-64)"
else
  echo "the bytes depend on the folder or on the time" >&2
  exit 1
fi
