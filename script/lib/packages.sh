# shellcheck shell=bash
# The packages of the workspace, read from the tree so that a new crate is tested without a word here.

# Directories: the crates, the examples, the benchmark's servers, then the app.
package_dirs() {
    printf '%s\n' crates/* examples/*
    echo bench
    echo .
}

package_name() { sed -n 's/^name = "\(.*\)"/\1/p' "$1/Cargo.toml" | sed -n 1p; }

# has_feature DIRECTORY FEATURE
has_feature() { sed -n '/^\[features\]/,/^\[[^f]/p' "$1/Cargo.toml" | grep -qE "^$2 *="; }

# with_feature FEATURE DIRECTORY…: those that have it, as cargo's --features takes them for several packages at once, such as
# "logto-leptos/ssr,quick-start/ssr".
with_feature() {
    local feature=$1 dir
    for dir in "${@:2}"; do
        if has_feature "$dir" "$feature"; then printf '%s/%s\n' "$(package_name "$dir")" "$feature"; fi
    done | paste -sd, -
}
