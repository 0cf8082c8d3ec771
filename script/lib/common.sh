# shellcheck shell=bash
# Functions for all scripts: messages, set-up, xtask. They work with bash 3.2, which macOS has.

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }

# fail PROBLEM ADVICE…
fail() {
    printf 'error: %s\n' "$1"
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@"
    return 1
} >&2

have() { command -v "$1" >/dev/null 2>&1; }

# Builds xtask, which needs a Rust compiler and a linker. Cargo rejects a compiler that is too old.
build_xtask() {
    { have rustc && have cargo; } || {
        fail "there is no Rust compiler on PATH" "Install Rust as https://rustup.rs describes, then run this again."
        return 1
    }
    have cc || install_c_compiler || {
        fail "there is no C compiler, and Rust links with one" \
            "Debian, Ubuntu: apt-get install build-essential" "Fedora: dnf install gcc" "macOS: xcode-select --install"
        return 1
    }
    cargo build --quiet --package xtask --bin xtask || {
        fail "xtask could not be built: the reason is above" "If the compiler is too old: rustup update stable"
        return 1
    }
}

# Only on Debian, and only if sudo needs no password.
install_c_compiler() {
    local root=()
    have apt-get || return 1
    [ "$(id -u)" = 0 ] || root=(sudo -n)
    say "apt-get install gcc libc6-dev"
    "${root[@]}" apt-get -qq -y install gcc libc6-dev ||
        { "${root[@]}" apt-get -qq -y update && "${root[@]}" apt-get -qq -y install gcc libc6-dev; }
}

xtask() { cargo run --quiet --package xtask --bin xtask -- "$@"; }

# import COMMAND…: sets the environment variables that the xtask command prints.
import() {
    local exports
    exports=$(xtask "$@") && eval "$exports"
}

# with_stores [--redis] COMMAND…: runs a command with temporary Redis and PostgreSQL servers, or
# with Redis only.
with_stores() { cargo run --quiet --package xtask --features stores --bin with-stores -- "$@"; }
