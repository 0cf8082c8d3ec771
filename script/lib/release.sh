# shellcheck shell=bash
# Production builds with profile-guided optimization. xtask/src/profile.rs chooses the flags.

# The app and the programs of the benchmark, with the same features, so that their dependencies are
# built once.
build_instrumented() (
    import profile instrument &&
        cargo build --release --package quick-start --package bench --bin quick-start --bin bench --features quick-start/ssr
)

# Runs the instrumented programs, and merges their profiles.
record_profile() {
    local instrumented
    instrumented=$(cd -- "${CARGO_TARGET_DIR:-target}" && pwd)/instrumented
    xtask profile clear &&
        with_stores --redis env CARGO_TARGET_DIR="$instrumented" node bench/use.mjs &&
        xtask profile merge
}

# with_profile COMMAND…: runs a build that uses the profile.
with_profile() (
    import profile use && "$@"
)
