# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts share. Source it; it changes to the root of the sources.
#
# LEEWAY_NO_INSTALL=1 forbids installing packages: the scripts then take what is there.

set -euo pipefail

leeway_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$leeway_root"

# CMake and ctest take these when no -j is given.
cores="$(nproc 2>/dev/null || echo 2)"
export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$cores}"
export CTEST_PARALLEL_LEVEL="${CTEST_PARALLEL_LEVEL:-$cores}"
# Build directories beside each other may share what ccache keeps.
export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$leeway_root}"
export CCACHE_NOHASHDIR="${CCACHE_NOHASHDIR:-1}"

say() { printf '\n== %s\n' "$*"; }
note() { printf -- '-- %s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# --- Debian packages -------------------------------------------------------------------------------------------

# One requirement a line, as alternatives: the first that is installed will do, else the first on offer.
package_set() {
  case "$1" in
    build)
      printf '%s\n' g++ cmake ninja-build ccache 'pkgconf|pkg-config' tzdata \
        libfmt-dev nlohmann-json3-dev libre2-dev libssl-dev libcli11-dev libsqlite3-dev libpq-dev
      boost_packages
      ;;
    test)
      printf '%s\n' libgtest-dev libgmock-dev libhowardhinnant-date-dev libvalijson-dev
      # The server that tests start themselves; any release will do.
      if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then printf '%s\n' postgresql; fi
      ;;
    bench) printf '%s\n' libbenchmark-dev python3 ;;
    count) printf '%s\n' valgrind ;;
    ci) printf '%s\n' git clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev ;;
    format) printf '%s\n' clang-format-19 ;;
    tidy) printf '%s\n' clang-19 clang-tidy-19 ;;
    *) fail "no package set is named \`$1\`" ;;
  esac
}

package_installed() {
  [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

package_candidate() { # prints the version on offer, or nothing
  apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# Boost 1.81 or newer. Where the release's default is older, the newer one's packages carry the version in their
# names, and cannot be installed beside the default's.
boost_packages() {
  local default name
  for name in $(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 'libboost1.*-dev' 2>/dev/null |
    awk '$1 == "installed" && $2 ~ /^libboost1\.[0-9]+-dev$/ { print $2 }'); do
    if dpkg --compare-versions "${name//[!0-9.]/}" ge 1.81; then
      boost_pair "$name"
      return
    fi
  done
  default="$(package_candidate libboost-dev)"
  if [[ -n "$default" ]] && dpkg --compare-versions "$default" ge 1.81; then
    boost_pair libboost-dev "$(cut -d. -f1,2 <<<"$default")"
    return
  fi
  for name in $(apt-cache pkgnames libboost1. | grep -E '^libboost1\.[0-9]+-dev$' | sort -V); do
    if dpkg --compare-versions "${name//[!0-9.]/}" ge 1.81; then
      boost_pair "$name"
      return
    fi
  done
  boost_pair libboost1.81-dev # not on offer (yet): named so that the error says what is missing
}

boost_pair() { # <headers package> [<version>]
  local version="${2:-}"
  if [[ -z "$version" ]]; then
    version="${1#libboost}"
    version="${version%-dev}"
  fi
  printf '%s\n' "$1" "libboost-json$version-dev|libboost-json-dev"
}

as_root() {
  if [[ "$(id -u)" -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "\`$*\` needs root and sudo is not installed; run it as root, then start this script again"
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 \
    -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# Debian's server package makes a database cluster of the machine's own, and starts it at every boot. Nobody
# here wants one: while `$@` runs, the package is told to make none.
without_database_cluster() {
  local conf=/etc/postgresql-common/createcluster.conf status=0
  apt_get install --no-install-recommends postgresql-common || return
  as_root cp -p "$conf" "$conf.leeway" || return
  as_root sh -c "echo 'create_main_cluster = false' >>$conf" || return
  "$@" || status=$?
  as_root mv "$conf.leeway" "$conf"
  return "$status"
}

install_packages() { # <package>...
  if [[ " $* " == *" postgresql "* ]]; then
    without_database_cluster apt_get install --no-install-recommends "$@"
  else
    apt_get install --no-install-recommends "$@"
  fi
}

# Sets `missing` to what must be installed for the sets, and `unknown` to what is not on offer.
find_missing() {
  local set requirement alternative chosen
  missing=() unknown=()
  for set in "$@"; do
    while IFS= read -r requirement; do
      local -a alternatives=()
      IFS='|' read -r -a alternatives <<<"$requirement"
      chosen=""
      for alternative in "${alternatives[@]}"; do
        if package_installed "$alternative"; then continue 2; fi
      done
      for alternative in "${alternatives[@]}"; do
        if [[ -z "$chosen" && -n "$(package_candidate "$alternative")" ]]; then
          chosen="$alternative"
        fi
      done
      if [[ -n "$chosen" ]]; then missing+=("$chosen"); else unknown+=("$requirement"); fi
    done < <(package_set "$set")
  done
}

# ensure_packages <set>...: installs what the sets need and the machine lacks, and says so.
ensure_packages() {
  local -a missing=() unknown=()
  local updated=no
  if [[ "${LEEWAY_NO_INSTALL:-}" == 1 ]]; then return; fi
  for tool in apt-get apt-cache dpkg-query; do
    command -v "$tool" >/dev/null ||
      fail "\`$tool\` is not here, so packages cannot be installed; install by other means what README.md" \
        "lists under Requirements, and set LEEWAY_NO_INSTALL=1"
  done
  find_missing "$@"
  if ((${#missing[@]} + ${#unknown[@]} == 0)); then return; fi
  if ((${#unknown[@]} > 0)); then
    note "apt-get update (not in the package lists here: ${unknown[*]})"
    apt_get update || note "apt-get update failed; going on with the lists there are"
    updated=yes
    find_missing "$@"
  fi
  if ((${#unknown[@]} > 0)); then
    fail "this release offers no package for: ${unknown[*]}"
  fi
  note "installing: ${missing[*]}"
  if package_installed libboost1.74-dev && [[ " ${missing[*]} " == *" libboost1."* ]]; then
    note "this replaces libboost1.74-dev, which cannot be installed beside a newer one"
  fi
  if ! install_packages "${missing[@]}"; then
    if [[ "$updated" == yes ]]; then fail "apt-get could not install: ${missing[*]}"; fi
    note "trying again with fresh package lists"
    apt_get update
    install_packages "${missing[@]}" ||
      fail "apt-get could not install: ${missing[*]}"
  fi
}

# --- Sources ----------------------------------------------------------------------------------------------------

cpp_files() {
  local -a roots=()
  local dir
  for dir in include src tests examples bench; do
    if [[ -d "$dir" ]]; then roots+=("$dir"); fi
  done
  find "${roots[@]}" -type f \( -name '*.cpp' -o -name '*.hpp' \) | LC_ALL=C sort
}
