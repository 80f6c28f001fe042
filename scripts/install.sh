#!/usr/bin/env bash
# Installs what is missing for a purpose, and says first what and why.
#   scripts/install.sh page|desktop|bench|check
# Debian 12 or later and Ubuntu 24.04 or later; elsewhere it names what is missing and stops.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-page}

# for      present when                                    package               why
read -r -d '' packages <<'TABLE' || true
page     | command g++                                   | g++                   | compiles the core
page     | command make                                  | build-essential       | the C library and headers to compile against
page     | command cmake                                 | cmake                 | describes the build
page     | command ninja                                 | ninja-build           | runs the build
page     | command emcc                                  | emscripten            | compiles the core to WebAssembly for the page
page     | header nlohmann/json.hpp                      | nlohmann-json3-dev    | reads JSON
page     | header fmt/format.h                           | libfmt-dev            | formats text
page     | header CLI/CLI.hpp                            | libcli11-dev          | the options of the command line
page     | header doctest/doctest.h                      | doctest-dev           | the unit tests
page     | header xlsxwriter.h                           | libxlsxwriter-dev     | writes reports as workbooks
page     | command node                                  | nodejs                | builds and serves the page
page     | command npm                                   | npm                   | fetches the few JavaScript packages
desktop  | command pkg-config                            | pkg-config            | finds the desktop libraries
desktop  | header imgui/imgui.h                          | libimgui-dev          | the interface of the desktop application
desktop  | header stb/stb_truetype.h                     | libstb-dev            | fonts of the desktop application
desktop  | header GLFW/glfw3.h                           | libglfw3-dev          | windows and input
desktop  | header GL/gl.h                                | libgl-dev             | drawing
desktop  | file /usr/lib/*/dri/*_dri.so                  | libgl1-mesa-dri       | drawing where there is no graphics driver
desktop  | file /usr/share/fonts/truetype/dejavu/*.ttf   | fonts-dejavu-core     | a font
bench    | file /usr/lib/python3/dist-packages/numpy     | python3-numpy         | the NumPy row of the benchmarks
bench    | browser                                       | chromium              | the browser rows of the benchmarks
check    | command clang++                               | clang                 | a second compiler, sanitizers, fuzzers
check    | sanitizers                                    | CLANG_RUNTIME         | the run-time part of sanitizers and fuzzers
check    | command clang-format                          | clang-format          | checks the formatting
check    | command zsh                                   | zsh                   | runs the completion for zsh
check    | command mandoc                                | mandoc                | checks the manual page
check    | command desktop-file-validate                 | desktop-file-utils    | checks the desktop entry
check    | file /usr/lib/python3/dist-packages/yaml      | python3-yaml          | reads the workflow files of docs/ci
check    | file /usr/lib/libreoffice/program/libsclo.so  | libreoffice-calc-nogui | recalculates the workbooks of reports
check    | command xvfb-run                              | xvfb                  | a screen for the desktop tests
check    | command xauth                                 | xauth                 | access to that screen
check    | browser                                       | chromium              | tests the page
check    | file /usr/lib/*/libvulkan.so.1                  | libvulkan1            | runs the shader tests, on Chromium's software graphics processor where there is no other
TABLE
case $purpose in
  page) wanted=" page " ;;
  desktop) wanted=" page desktop " ;;
  bench) wanted=" page bench " ;;
  check) wanted=" page desktop bench check " ;;
  *) echo "install.sh: expected page, desktop, bench or check, found '$purpose'" >&2; exit 2 ;;
esac

stop() { printf '%s\n' "$@" >&2; exit 1; }
trim() { local text=$1; text=${text#"${text%%[![:space:]]*}"}; printf '%s' "${text%"${text##*[![:space:]]}"}"; }
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }  # at_least FOUND NEEDED
any_file() { compgen -G "$1" >/dev/null; }

present() {
  case $1 in
    command) command -v "$2" >/dev/null ;;
    header) [ -e "/usr/include/$2" ] || [ -e "/usr/local/include/$2" ] || [ -e "/opt/homebrew/include/$2" ] ;;
    file) any_file "$2" ;;
    sanitizers) any_file '/usr/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a' || any_file '/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a' ;;
    browser) scripts/find_browser.sh >/dev/null ;;
  esac
}

# What is missing.
missing=() reasons=()
while IFS='|' read -r group condition package why; do
  group=$(trim "$group")
  [ -n "$group" ] || continue
  case $wanted in *" $group "*) ;; *) continue ;; esac
  read -r kind argument <<<"$condition"
  present "$kind" "${argument:-}" && continue
  package=$(trim "$package")
  case " ${missing[*]-} " in *" $package "*) continue ;; esac
  missing+=("$package")
  reasons+=("$(trim "$why")")
done <<<"$packages"

# Versions of what is there already.
if command -v cmake >/dev/null; then
  found=$(cmake --version | sed -n '1s/[^0-9]*//p')
  at_least "$found" 3.25 || stop "CMake is $found here; 3.25 or later is needed. A newer one: Debian 12, Ubuntu 24.04, or https://cmake.org/download."
fi
if command -v node >/dev/null; then
  found=$(node --version | tr -d v)
  at_least "$found" 18.17 || stop "Node is $found here; 18.17 or later is needed (20 or later is advised). A newer one: https://nodejs.org/en/download."
fi

if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    echo "Missing here (names of Debian's packages):" >&2
    for i in "${!missing[@]}"; do printf '  %-22s %s\n' "${missing[i]}" "${reasons[i]}" >&2; done
    stop "This script installs with apt-get, which this system does not have. Please install the above with your own package manager and start again."
  fi

  root=()
  if [ "$(id -u)" != 0 ]; then
    root=(sudo -n)
  fi
  names() { local name; for name in "${missing[@]}"; do [ "$name" = CLANG_RUNTIME ] && name="libclang-rt-dev"; printf ' %s' "$name"; done; }
  echo "To install, with apt-get:"
  for i in "${!missing[@]}"; do printf '  %-22s %s\n' "${missing[i]/CLANG_RUNTIME/libclang-rt-dev}" "${reasons[i]}"; done
  if [ ${#root[@]} -gt 0 ] && ! sudo -n true 2>/dev/null; then
    stop "Installing needs the administrator's rights, and sudo asks for a password. Please run this command, then start again:" \
         "  sudo apt-get update && sudo apt-get install --no-install-recommends$(names)"
  fi
  free_mb=$(df -Pm /usr | awk 'NR == 2 { print $4 }')
  [ "$free_mb" -ge 2500 ] || stop "Only $free_mb MB are free on the disk of /usr; the packages need up to 2500 MB. Nothing was installed."

  echo "Reading the list of packages …"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
    stop "apt-get update failed (see above): is the network reachable? Nothing was installed."
  candidate() { apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ && $2 != "(none)" { print $2 }'; }

  chosen=()
  for package in "${missing[@]}"; do
    case $package in
      CLANG_RUNTIME)  # part of clang's own packages in some releases
        version=$(apt-cache depends clang | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1)
        package=libclang-rt-$version-dev
        [ -n "$(candidate "$package")" ] || continue
        ;;
      chromium)
        if [ -z "$(candidate chromium)" ] || [[ "$(candidate chromium)" == *snap* ]]; then
          echo "Note: this system has no chromium package (Ubuntu offers it as a snap). The tests in a browser are skipped until chromium or google-chrome is installed."
          continue
        fi
        ;;
      cmake)
        version=$(candidate cmake); version=${version#*:}
        at_least "${version:-0}" 3.25 || stop "This system offers CMake ${version:-(none)}; 3.25 or later is needed: Debian 12, Ubuntu 24.04, or https://cmake.org/download. Nothing was installed."
        ;;
      nodejs)
        version=$(candidate nodejs); version=${version#*:}
        at_least "${version:-0}" 18.17 || stop "This system offers Node ${version:-(none)}; 18.17 or later is needed: https://nodejs.org/en/download. Nothing was installed."
        ;;
      *) [ -n "$(candidate "$package")" ] || stop "This system's package list has no '$package' (${purpose}). Debian 12 and Ubuntu 24.04 or later have it; on Ubuntu the 'universe' section must be enabled. Nothing was installed." ;;
    esac
    chosen+=("$package")
  done
  if [ ${#chosen[@]} -gt 0 ]; then
    mkdir -p build
    echo "Installing ${chosen[*]} … (log: build/install.log)"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${chosen[@]}" >build/install.log 2>&1 ||
      { tail -n 20 build/install.log >&2; stop "apt-get could not install the packages (see above; everything: build/install.log)."; }
  fi
fi

# JavaScript packages, as the lockfile names them; no script of theirs is run.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "Fetching the JavaScript packages of package-lock.json: compilers of the page, chart library, test tools …"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || stop "npm ci failed (see above): is the network reachable?"
  touch node_modules/.package-lock.json
fi
