# shellcheck shell=bash
# The programs that build the app, at versions that fit Cargo.lock and the compiler. What is on PATH and fits is used. What is
# on PATH and does not fit is left alone: ours then goes to a directory of its own, first on PATH while a script runs.

CARGO_LEPTOS=0.3.6
BINARYEN=132.0.0
TOOLS_CACHE=${XDG_CACHE_HOME:-${HOME:?HOME must be set}/.cache}/leptos-logto

set_up_cargo_tools() {
    local bindgen programs=${CARGO_HOME:-$HOME/.cargo}/bin
    # Here `cargo install` puts them, and cargo itself looks here first if PATH does not name it.
    case ":$PATH:" in *":$programs:"*) ;; *) export PATH="$PATH:$programs" ;; esac

    bindgen=$(locked_version wasm-bindgen)
    [ -n "$bindgen" ] || {
        fail "Cargo.lock names no wasm-bindgen" "Take Cargo.lock from the repository: git checkout Cargo.lock"
        return 1
    }
    cargo_tool cargo-leptos "$CARGO_LEPTOS" cargo-leptos fits_cargo_leptos --locked || return 1
    # Without --locked: its lock file can name versions that a mirror of crates.io does not have yet.
    cargo_tool wasm-bindgen-cli "$bindgen" wasm-bindgen fits_wasm_bindgen || return 1
}

# The version of a package in Cargo.lock.
locked_version() {
    [ -f Cargo.lock ] && awk -v line="name = \"$1\"" '$0 == line { getline; split($0, part, "\""); print part[2]; exit }' Cargo.lock
}

fits_cargo_leptos() {
    local found
    found=$("$1" --version 2>/dev/null | version_in)
    case $found in 0.3.*) version_at_least "$found" "$2" ;; *) false ;; esac
}

# It reads what the library of the same version wrote: only the same version does.
fits_wasm_bindgen() { [ "$("$1" --version 2>/dev/null | version_in)" = "$2" ]; }

# cargo_tool PACKAGE VERSION PROGRAM FITS [arguments for cargo install…]
cargo_tool() {
    local package=$1 version=$2 program=$3 fits=$4 found root
    shift 4
    local private=$TOOLS_CACHE/$package-$version
    found=$(command -v "$program")
    if [ -n "$found" ] && "$fits" "$found" "$version"; then
        note "$program $("$found" --version | version_in)"
        return
    fi
    if ! "$fits" "$private/bin/$program" "$version"; then
        root=${CARGO_HOME:-$HOME/.cargo}
        if [ -n "$found" ]; then
            root=$private
            note "$found does not fit and is left as it is"
        fi
        install_cargo_tool "$package" "$version" "$root" "$@" || {
            fail "$package $version could not be installed" "By hand: cargo install $package --version $version $*" \
                "It needs a C compiler, and pkg-config and libssl-dev where it says so."
            return 1
        }
        [ "$root" = "$private" ] || return 0
    fi
    note "$program $version in $private"
    export PATH="$private/bin:$PATH"
}

install_cargo_tool() {
    local package=$1 version=$2 root=$3
    shift 3
    say "Installing $package $version into $root/bin"
    if have cargo-binstall; then
        limited 180 cargo binstall --no-confirm --disable-telemetry --disable-strategies compile --root "$root" \
            "$package@$version" && return
        note "There is no ready-made one to be had"
    fi
    mkdir -p "$TOOLS_CACHE"
    # Link-time optimization alone would take over ten minutes, for a tool that runs for seconds.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback CARGO_TERM_COLOR=never CARGO_TERM_PROGRESS_WHEN=never \
        in_one_line "$TOOLS_CACHE/$package-$version.log" cargo install "$package" --version "$version" --root "$root" "$@"
}

# Only the release build asks for it.
set_up_wasm_opt() {
    local private=$TOOLS_CACHE/binaryen-$BINARYEN
    if have wasm-opt; then
        note "wasm-opt $(wasm-opt --version | grep -oE '[0-9]+' | sed -n 1p)"
        return
    fi
    if [ ! -x "$private/node_modules/.bin/wasm-opt" ]; then
        say "Installing wasm-opt (npm package binaryen $BINARYEN): it makes the release's WebAssembly smaller"
        mkdir -p "$private"
        limited 600 npm install --prefix "$private" --no-save --no-audit --no-fund "binaryen@$BINARYEN" || {
            fail "wasm-opt could not be installed" "Debian, Ubuntu: apt-get install binaryen" "macOS: brew install binaryen"
            return 1
        }
    fi
    note "wasm-opt in $private"
    export PATH="$private/node_modules/.bin:$PATH"
}
