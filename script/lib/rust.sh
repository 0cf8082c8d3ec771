# shellcheck shell=bash
# The Rust compiler, and which toolchain builds for WebAssembly.

MINIMAL_RUST=1.88
WASM_TARGET=wasm32-unknown-unknown
# The rustup toolchain for the WebAssembly build, if it is not the default one. May be set from outside.
WASM_TOOLCHAIN=${WASM_TOOLCHAIN:-}

set_up_rust() {
    local found
    { have rustc && have cargo; } || {
        fail "there is no Rust compiler on PATH" "Install Rust as https://rustup.rs says, then run this again."
        return 1
    }
    found=$(rustc --version | version_in)
    version_at_least "$found" "$MINIMAL_RUST" || {
        fail "rustc $found is too old, $MINIMAL_RUST or newer is needed" "Run: rustup update stable"
        return 1
    }
    have cc || apt_install gcc libc6-dev || {
        fail "there is no C compiler, and Rust links with one" \
            "Debian, Ubuntu: apt-get install build-essential" "Fedora: dnf install gcc" "macOS: xcode-select --install"
        return 1
    }
    note "rustc $found"
}

# Runs a command with the toolchain that builds for WebAssembly.
with_wasm() {
    if [ -n "$WASM_TOOLCHAIN" ]; then RUSTUP_TOOLCHAIN=$WASM_TOOLCHAIN "$@"; else "$@"; fi
}

# Whether the toolchain in force has the standard library for WebAssembly.
has_wasm_std() {
    local directory
    directory=$(rustc --print target-libdir --target "$WASM_TARGET" 2>/dev/null) && compgen -G "$directory/libstd-*.rlib" >/dev/null
}

set_up_wasm_target() {
    if with_wasm has_wasm_std; then
        note "$WASM_TARGET: ${WASM_TOOLCHAIN:+toolchain $WASM_TOOLCHAIN, }rustc $(with_wasm rustc --version | version_in)"
        return
    fi
    if [ -z "$WASM_TOOLCHAIN" ] && have rustup; then
        # Made by an earlier run, below.
        if RUSTUP_TOOLCHAIN=$DEBIAN_TOOLCHAIN has_wasm_std; then
            WASM_TOOLCHAIN=$DEBIAN_TOOLCHAIN
            note "$WASM_TARGET: toolchain $WASM_TOOLCHAIN"
            return
        fi
        say "Adding the target $WASM_TARGET: the part of the app that runs in the browser is compiled for it"
        limited 180 rustup target add "$WASM_TARGET" && has_wasm_std && return
        note "rustup could not add it (no network to its server?)"
        if make_debian_toolchain; then
            WASM_TOOLCHAIN=$DEBIAN_TOOLCHAIN
            return
        fi
    fi
    fail "the toolchain ${WASM_TOOLCHAIN:-in use} cannot compile for $WASM_TARGET" \
        "With rustup: rustup target add $WASM_TARGET" \
        "Without: install your distribution's standard library of Rust for $WASM_TARGET" \
        "A rustup toolchain that has it can be named by WASM_TOOLCHAIN=…"
}
