# shellcheck shell=bash
# Messages, time limits and privileges: what every other file here uses.
# Written for bash 3.2 and later, so that a stock macOS runs it too.

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }

# The first argument says what is wrong, each further one is a way out that can be done by hand.
fail() {
    printf 'error: %s\n' "$1"
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@"
    return 1
} >&2

have() { command -v "$1" >/dev/null 2>&1; }

# version_at_least 1.95.0 1.88
version_at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | sed -n 1p)" = "$2" ]; }

# The first thing in the input that looks like a version.
version_in() { grep -oE '[0-9]+(\.[0-9]+)+' | sed -n 1p; }

# limited SECONDS COMMAND…: a download that hangs must not hang the script.
# `--foreground` keeps the command in the terminal's process group, so that Ctrl-C reaches it.
limited() {
    local seconds=$1
    shift
    if have timeout; then
        timeout --foreground --kill-after=10 "$seconds" "$@"
    else
        "$@"
    fi
}

can_be_root() { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Installs Debian packages where that needs no question; fails quietly everywhere else.
apt_install() {
    have apt-get && can_be_root || return 1
    say "apt-get install $*"
    apt_get install --no-install-recommends "$@" && return
    # The package lists of a fresh machine are empty or too old.
    apt_get update && apt_get install --no-install-recommends "$@"
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Acquire::http::Timeout=30 -o Acquire::Retries=1 \
        -o DPkg::Lock::Timeout=60 "$@"
}

# Whether something listens on this port of the loopback address.
port_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
