# shellcheck shell=bash
# Builds for production by a profile of the app's use, as https://doc.rust-lang.org/rustc/profile-guided-optimization.html says: what runs
# often is made fast and lies together, what does not is kept out of its way.

BUILDS=${CARGO_TARGET_DIR:-$PWD/target}
# Builds with instruments differ in every file, so they have a directory of their own.
INSTRUMENTED=$BUILDS/instrumented
RAW_PROFILES=$INSTRUMENTED/raw
PROFILE=$INSTRUMENTED/use.profdata
# Since this version the format of what instruments write is the same.
MINIMAL_LLVM=19
LLVM_PROFDATA=

set_up_profdata() {
    local component
    component=$(with_wasm rustc --print sysroot)/lib/rustlib/$(rust_host)/bin/llvm-profdata
    if ! find_profdata "$component" && have rustup; then
        say "Adding the component llvm-tools: it puts together what instruments write"
        limited 180 rustup component add llvm-tools || note "rustup could not add it (no network to its server?)"
    fi
    find_profdata "$component" || { apt_install "llvm-$MINIMAL_LLVM" && find_profdata "$component"; } || {
        fail "llvm-profdata $MINIMAL_LLVM or newer is missing" "With rustup: rustup component add llvm-tools" \
            "Debian, Ubuntu: apt-get install llvm-$MINIMAL_LLVM"
        return 1
    }
    note "llvm-profdata $("$LLVM_PROFDATA" --version | version_in)"
}

# find_profdata PROGRAM: that one, or one on PATH
find_profdata() {
    local program version
    for program in "$1" llvm-profdata "llvm-profdata-$MINIMAL_LLVM"; do
        have "$program" || continue
        version=$("$program" --version 2>/dev/null | version_in)
        version_at_least "${version:-0}" "$MINIMAL_LLVM" || continue
        LLVM_PROFDATA=$program
        return
    done
    return 1
}

rust_host() { with_wasm rustc --version --verbose | sed -n 's/^host: //p'; }

# Small code is for the memory; the profile more than makes up for its speed.
OPT_LEVEL=s

# with_rust_flags FLAGS COMMAND…: for the server alone; what runs in the browser is built by the same command.
with_rust_flags() (
    flags=$1
    shift
    name=$(rust_host | tr 'a-z-' 'A-Z_')
    export "CARGO_TARGET_${name}_RUSTFLAGS=$flags" CARGO_PROFILE_RELEASE_OPT_LEVEL=$OPT_LEVEL
    with_wasm "$@"
)

# The app, and what the benchmark compares it with: with the same features, so that their dependencies are built once.
build_with_instruments() {
    [ -z "${RUSTFLAGS:-}" ] || {
        fail "RUSTFLAGS is set, and cargo would take no others" "Put yours into .cargo/config.toml, or unset it."
        return 1
    }
    say "Building with instruments: ten minutes or more the first time"
    # Programs of the build itself write there too, several at a time.
    mkdir -p "$RAW_PROFILES" || return 1
    with_rust_flags "-Cprofile-generate=$RAW_PROFILES" \
        env CARGO_TARGET_DIR="$INSTRUMENTED" cargo build --release --bin quick-start --example bench --no-default-features --features ssr
}

# Needs REDIS_URL.
note_use() {
    say "Using it for some seconds"
    rm -rf "$RAW_PROFILES"
    CARGO_TARGET_DIR=$INSTRUMENTED node bench/use.mjs && "$LLVM_PROFDATA" merge -o "$PROFILE" "$RAW_PROFILES"
}

# with_profile COMMAND…
with_profile() {
    local flags=-Cprofile-use=$PROFILE
    # Half a megabyte less to read and to keep at the start. The program needs glibc 2.36 or newer then, and says so.
    if packs_relocations; then flags="$flags $PACKED"; fi
    with_rust_flags "$flags" "$@"
}

PACKED=-Clink-arg=-Wl,-z,pack-relative-relocs

# Whether the linker here can, and what it has made runs.
packs_relocations() (
    directory=$(mktemp -d) || return 1
    trap 'rm -rf "$directory"' EXIT
    printf 'fn main() {}' | with_wasm rustc "$PACKED" -o "$directory/empty" - 2>/dev/null && "$directory/empty"
)
