#!/usr/bin/env bash
# Installs a build into an empty folder, packs it, and looks at what came out.
#   tests/install/run.sh [build folder]
# Prints one line for each test and `N passed, N failed, N skipped` at the end.
set -uo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${1:-build/native-release}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
have() { command -v "$1" >/dev/null; }

# test NAME command…; status 78 = something that it needs is not here, which its last line names
test() {
  local name=$1 status
  shift
  "$@" >"$work/log" 2>&1
  status=$?
  case $status in
    0) echo "ok $name"; passed=$((passed + 1)) ;;
    78) echo "skipped $name: $(tail -n 1 "$work/log")"; skipped=$((skipped + 1)) ;;
    *) echo "FAILED $name"; sed 's/^/  | /' "$work/log" | tail -n 40; failed=$((failed + 1)) ;;
  esac
}
missing() { echo "$1 is not here"; return 78; }

prefix=$work/prefix
installs() { cmake --install "$build" --prefix "$prefix"; }
has_files() {
  local file status=0
  for file in "$@"; do [ -s "$prefix/$file" ] || { echo "$file is missing"; status=1; }; done
  return $status
}
# With an empty environment and from another folder: nothing of the build may be needed.
runs() { (cd "$work" && env -i "$prefix/bin/tokenbill" estimate --preset chatbot | grep -q 'USD a month'); }
same_pages() {
  diff <(gzip -dc "$prefix/share/man/man1/tokenbill.1.gz") <("$prefix/bin/tokenbill" manual) &&
    diff "$prefix/share/bash-completion/completions/tokenbill" <("$prefix/bin/tokenbill" completion bash) &&
    diff "$prefix/share/zsh/site-functions/_tokenbill" <("$prefix/bin/tokenbill" completion zsh)
}
names_no_folder() { ! grep -rlF -e "$PWD" -e "$build" "$prefix"; }
hardened() { have readelf || { missing readelf; return; }; tests/install/hardening.sh "$prefix"/bin/*; }
# The check is one that can fail: a program without the flags lacks what they bring.
finds_unhardened() {
  have readelf && have c++ || { missing "readelf or c++"; return; }
  echo 'int main(int n, char** words) { char text[64]; for (int i = 0; i < n; ++i) text[i] = words[i][0]; return text[0]; }' >"$work/plain.cpp"
  c++ -no-pie -fno-stack-protector -z execstack -z norelro -z lazy "$work/plain.cpp" -o "$work/plain" && ! tests/install/hardening.sh "$work/plain" &&
    [ "$(tests/install/hardening.sh "$work/plain" | grep -c FAILED)" -ge 5 ]
}
entry=share/applications/tokenbill.desktop
desktop_entry() {
  [ -e "$prefix/bin/tokenbill-desktop" ] || { echo "the desktop application was not built"; return 78; }
  has_files $entry share/icons/hicolor/scalable/apps/tokenbill.svg share/metainfo/invalid.example.tokenbill.metainfo.xml || return 1
  [ -x "$prefix/bin/$(sed -n 's/^Exec=//p' "$prefix/$entry")" ] && [ -e "$prefix/share/icons/hicolor/scalable/apps/$(sed -n 's/^Icon=//p' "$prefix/$entry").svg" ] || return 1
  if have desktop-file-validate; then desktop-file-validate "$prefix/$entry" || return 1; fi
  if have appstreamcli; then appstreamcli validate --no-net "$prefix"/share/metainfo/*.xml || return 1; fi
}
without_application() {  # the other way round: what belongs to the application comes with it alone
  [ ! -e "$prefix/bin/tokenbill-desktop" ] || return 0
  [ ! -e "$prefix/$entry" ]
}

packs() {
  have dpkg-deb && have dpkg-shlibdeps || { missing "dpkg-deb or dpkg-shlibdeps"; return; }
  rm -rf "$build/package" && (cd "$build" && cpack -G DEB) && deb=$(echo "$build"/package/tokenbill_*.deb) && [ -s "$deb" ]
}
package() { set -- "$build"/package/tokenbill_*.deb; [ -s "$1" ] || { missing "the package"; return; }; echo "$1"; }
field() { dpkg-deb --field "$deb" "$1"; }
control() {
  deb=$(package) || { echo "$deb"; return 78; }
  field Package | grep -qx tokenbill && field Section | grep -qx utils && field Maintainer | grep -q '<.*@.*>' &&
    field Depends | grep -q 'libc6 (>= ' && field Depends | grep -q 'libstdc++6 (>= ' && field Description | sed -n 2p | grep -q '^ [A-Z]' &&
    [ "$(field Version)" = "$("$prefix/bin/tokenbill" --version)" ] && head -n 1 packaging/changelog | grep -qF "($(field Version))"
}
content() {
  deb=$(package) || { echo "$deb"; return 78; }
  local list file
  list=$(dpkg-deb --contents "$deb")
  for file in usr/bin/tokenbill usr/share/man/man1/tokenbill.1.gz usr/share/bash-completion/completions/tokenbill \
    usr/share/zsh/vendor-completions/_tokenbill usr/share/doc/tokenbill/copyright usr/share/doc/tokenbill/changelog.gz; do
    grep -q " \./$file\$" <<<"$list" || { echo "$file is missing"; return 1; }
  done
  if grep -E '\.wasm|index\.html|^-.*(tests|bench)$' <<<"$list"; then echo "not a part of the package"; return 1; fi
  if awk '{ print $2 }' <<<"$list" | grep -vx root/root; then echo "files of another owner"; return 1; fi
}
unpacked_runs() {
  deb=$(package) || { echo "$deb"; return 78; }
  dpkg-deb --extract "$deb" "$work/unpacked" && (cd "$work" && env -i "$work/unpacked/usr/bin/tokenbill" estimate --preset chatbot | grep -q 'USD a month') &&
    tests/install/hardening.sh "$work"/unpacked/usr/bin/* && ! readelf -WS "$work/unpacked/usr/bin/tokenbill" | grep -q '\.symtab'
}
lints() {
  have lintian || { missing lintian; return; }
  deb=$(package) || { echo "$deb"; return 78; }
  lintian --allow-root --fail-on error,warning "$deb"
}

test "installs into an empty folder" installs
test "program, manual, completion, licence and documents are there" has_files bin/tokenbill share/man/man1/tokenbill.1.gz \
  share/bash-completion/completions/tokenbill share/zsh/site-functions/_tokenbill share/doc/tokenbill/copyright share/doc/tokenbill/docs/command-line.md
test "the installed program prices a preset" runs
test "the installed manual and completion are the program's own" same_pages
test "no installed file names the folder it was built in" names_no_folder
test "programs are hardened" hardened
test "a program that is not is found" finds_unhardened
test "desktop entry, icon and description of the application" desktop_entry
test "nothing of the application without it" without_application
test "a Debian package is packed" packs
test "the package says what it is and needs" control
test "the package has what it should, and nothing else" content
test "the packed program runs and is hardened" unpacked_runs
test "lintian finds nothing" lints

if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
