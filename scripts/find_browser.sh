#!/usr/bin/env bash
# Prints the path of a Chromium that starts; exit 1 where there is none. $CHROMIUM is taken first.
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
  [ -n "$name" ] || continue
  path=$(command -v "$name") || continue
  if head -c 2000 "$path" | grep -aq 'snap install'; then continue; fi  # Ubuntu's stub: asks for a snap and ends
  printf '%s\n' "$path"
  exit 0
done
exit 1
