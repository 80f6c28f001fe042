#!/usr/bin/env bash
# Reads from the programs themselves what their compiler and linker were asked for (cost_hardening in cmake/flags.cmake).
#   tests/install/hardening.sh program…
# Prints one line for each thing that a program has, or lacks; ends with 1 where one lacks something.
set -uo pipefail
status=0
for program in "$@"; do
  header=$(readelf -Wh "$program") dynamic=$(readelf -Wd "$program") segments=$(readelf -Wl "$program") symbols=$(readelf -W --dyn-syms "$program")
  has() {  # has NAME TEXT PATTERN
    if grep -qE -- "$3" <<<"$2"; then echo "ok $(basename "$program"): $1"; else echo "FAILED $(basename "$program"): $1"; status=1; fi
  }
  has "runs at any address (PIE)" "$header$dynamic" 'DYN \(Position-Independent Executable|Flags:.*PIE'
  has "relocations are read-only" "$segments" 'GNU_RELRO'
  has "all of them, from the start (BIND_NOW)" "$dynamic" 'BIND_NOW|Flags:.*NOW'
  has "the stack cannot be executed" "$segments" 'GNU_STACK .* RW +0x'
  has "stack protector" "$symbols" '__stack_chk_fail'
  has "functions of the C library that check lengths" "$symbols" '__[a-z]+_chk\b'
  if grep -qE '\((RPATH|RUNPATH)\)' <<<"$dynamic"; then echo "FAILED $(basename "$program"): looks for libraries in a folder of its own"; status=1; fi
done
exit $status
