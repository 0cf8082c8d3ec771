# shellcheck shell=bash
# Builds for production by a profile of the app's use, as https://doc.rust-lang.org/rustc/profile-guided-optimization.html says: what runs
# often is made fast and lies together, what does not is kept out of its way.

BUILDS=${CARGO_TARGET_DIR:-target}
case $BUILDS in /*) ;; *) BUILDS=$PWD/$BUILDS ;; esac
# Builds with instruments differ in every file, so they have a directory of their own.
INSTRUMENTED=$BUILDS/instrumented
RAW_PROFILES=$INSTRUMENTED/raw
LLVM_PROFDATA=

# The profile is one compiler's: another has other names for the same functions.
profile() { printf '%s/use-%s.profdata\n' "$INSTRUMENTED" "$(with_wasm rustc --version | version_in)"; }

set_up_profdata() {
    local component
    component=$(with_wasm rustc --print sysroot)/lib/rustlib/$(rust_host)/bin/llvm-profdata
    if ! find_profdata "$component" && have rustup; then
        say "Adding the component llvm-tools: it puts together what instruments write"
        with_wasm limited 180 rustup component add llvm-tools || note "rustup could not add it (no network to its server?)"
    fi
    find_profdata "$component" || { apt_install "llvm-$DEBIAN_LLVM" && find_profdata "$component"; } || {
        fail "there is no llvm-profdata that fits $(with_wasm rustc --version)" \
            "With rustup: ${WASM_TOOLCHAIN:+RUSTUP_TOOLCHAIN=$WASM_TOOLCHAIN }rustup component add llvm-tools" \
            "Debian, Ubuntu: apt-get install llvm-$DEBIAN_LLVM" "macOS: brew install llvm, and its directory bin on PATH"
        return 1
    }
    note "llvm-profdata $("$LLVM_PROFDATA" --version | version_in)"
}

# The newest in Debian 12.
DEBIAN_LLVM=19

# find_profdata PROGRAM: that one, or one on PATH
find_profdata() {
    local program
    for program in "$1" llvm-profdata "llvm-profdata-$DEBIAN_LLVM"; do
        if have "$program" && fits_profdata "$program"; then
            LLVM_PROFDATA=$program
            return
        fi
    done
    return 1
}

# Whether it reads what programs of this compiler write, and the compiler what it writes.
fits_profdata() (
    directory=$(mktemp -d) || return 1
    trap 'rm -rf "$directory"' EXIT
    cd "$directory" || return 1
    printf 'fn main() {}' >empty.rs
    {
        with_wasm rustc -Cprofile-generate=raw -o empty empty.rs && ./empty &&
            "$1" merge -o use.profdata raw && with_wasm rustc -Cprofile-use="$directory/use.profdata" -o empty empty.rs
    } >/dev/null 2>&1
)

rust_host() { with_wasm rustc --version --verbose | sed -n 's/^host: //p'; }

# Small code is for the memory; the profile more than makes up for its speed.
OPT_LEVEL=s

# with_rust_flags FLAGS COMMAND…: for the server alone; what runs in the browser is built by the same command.
with_rust_flags() (
    flags=$1
    shift
    case ${RUSTFLAGS:-}${CARGO_ENCODED_RUSTFLAGS:-} in ?*)
        fail "RUSTFLAGS is set, and cargo would take no other flags" "Run this without: env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS …"
        return 1
        ;;
    esac
    case $BUILDS in *[[:space:]]*)
        fail "there are spaces in $BUILDS, and flags for the compiler cannot have them" "Name another directory by CARGO_TARGET_DIR=…"
        return 1
        ;;
    esac
    name=$(rust_host | tr 'a-z-' 'A-Z_')
    export "CARGO_TARGET_${name}_RUSTFLAGS=$flags" CARGO_PROFILE_RELEASE_OPT_LEVEL=$OPT_LEVEL
    with_wasm "$@"
)

# The app, and what the benchmark compares it with: with the same features, so that their dependencies are built once.
build_with_instruments() {
    # Programs of the build itself write there too, several at a time.
    mkdir -p "$RAW_PROFILES" || return 1
    with_rust_flags "-Cprofile-generate=$RAW_PROFILES" \
        env CARGO_TARGET_DIR="$INSTRUMENTED" cargo build --release --package quick-start --package bench --bin quick-start --bin bench --features quick-start/ssr
}

# Needs REDIS_URL.
note_use() {
    rm -rf "$RAW_PROFILES"
    CARGO_TARGET_DIR=$INSTRUMENTED node bench/use.mjs && "$LLVM_PROFDATA" merge -o "$(profile)" "$RAW_PROFILES"
}

# with_profile COMMAND…
with_profile() {
    local flags
    flags=-Cprofile-use=$(profile)
    # cargo would remember the compiler's complaint, and repeat it when there is one.
    [ -f "$(profile)" ] || {
        fail "there is no profile for this compiler yet" "Run: script/release"
        return 1
    }
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
