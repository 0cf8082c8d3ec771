# shellcheck shell=bash
# Where rustup cannot download, Debian's packages can stand in: they carry a recent compiler with the sources of its standard
# library, from which the WebAssembly part is compiled. It installs beside rustup, which gets it as one more toolchain.

DEBIAN_TOOLCHAIN=web
DEBIAN_PACKAGES="rustc-web cargo-web rust-web-src lld-22"
# Where these packages install, and what is added to it; overridable to try this without touching the system.
DEBIAN_RUST=${DEBIAN_RUST:-/usr}
DEBIAN_RUSTLIB=${DEBIAN_RUSTLIB:-$DEBIAN_RUST/lib/rustlib}

make_debian_toolchain() {
    have apt-get && can_be_root || return 1
    if rustup toolchain list | grep -qE "^$DEBIAN_TOOLCHAIN( |\$)" &&
        [ "$(RUSTUP_TOOLCHAIN=$DEBIAN_TOOLCHAIN rustc --print sysroot)" != "$DEBIAN_RUST" ]; then
        note "There is another rustup toolchain named $DEBIAN_TOOLCHAIN: it is left as it is"
        return 1
    fi
    say "Trying Debian's compiler instead: $DEBIAN_PACKAGES"
    # shellcheck disable=SC2086 # several words on purpose
    apt_install $DEBIAN_PACKAGES || return 1
    compile_wasm_std || return 1
    link_wasm_linker || return 1
    rustup toolchain link "$DEBIAN_TOOLCHAIN" "$DEBIAN_RUST" && RUSTUP_TOOLCHAIN=$DEBIAN_TOOLCHAIN has_wasm_std
}

# In a function body of its own process: the temporary directory goes with it, however it ends.
compile_wasm_std() (
    crate=$(mktemp -d) || return 1
    trap 'rm -rf "$crate"' EXIT
    say "Compiling Rust's standard library for $WASM_TARGET (about a minute)"
    mkdir "$crate/src"
    : >"$crate/src/lib.rs"
    printf '[package]\nname = "std-for-wasm"\nversion = "0.0.0"\nedition = "2021"\n' >"$crate/Cargo.toml"
    cd "$crate" || return 1
    RUSTC="$DEBIAN_RUST/bin/rustc" RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$crate/target" "$DEBIAN_RUST/bin/cargo" build \
        --release -Zbuild-std=std,panic_abort --target "$WASM_TARGET" || return 1
    rm -f "target/$WASM_TARGET/release/deps/"libstd_for_wasm*
    as_root mkdir -p "$DEBIAN_RUSTLIB/$WASM_TARGET/lib" &&
        as_root cp "target/$WASM_TARGET/release/deps/"*.rlib "$DEBIAN_RUSTLIB/$WASM_TARGET/lib/"
)

# rustc looks for its WebAssembly linker among its own programs; Debian ships it as a package of its own.
link_wasm_linker() {
    local host programs
    host=$("$DEBIAN_RUST/bin/rustc" --version --verbose | sed -n 's/^host: //p')
    programs=$DEBIAN_RUSTLIB/$host/bin
    [ -e "$programs/rust-lld" ] && return
    as_root mkdir -p "$programs" && as_root ln -s "$DEBIAN_RUST/bin/lld-22" "$programs/rust-lld"
}
