# Sourced by the scripts beside it: packages of Debian that are installed on demand.

# install_packages PACKAGE...: whether they could be installed. Mirrors fail now and then: three tries, the last one's words where all fail.
install_packages() {
  local try words
  as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }
  for try in 1 2 3; do
    [ "$try" -eq 1 ] || sleep $((try * 10))
    words="$({ as_root apt-get update -q -o Acquire::Retries=3 &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o Acquire::Retries=3 --no-install-recommends "$@"; } 2>&1)" && return 0
    command -v apt-get >/dev/null || break
  done
  printf '%s\n' "$words" | tail -n 5 >&2
  return 1
}

# install COMMAND PACKAGE...: whether the command is there, after an attempt to install the packages if it is not.
install() {
  local command="$1"
  shift
  command -v "$command" >/dev/null && return 0
  install_packages "$@" && command -v "$command" >/dev/null
}
