# shellcheck shell=bash
# The packages of the workspace, read from the tree so that a new crate is tested without a word here.

# Directories: the crates, then the app.
package_dirs() { printf '%s\n' crates/*/ | sed 's:/$::'; echo .; }

package_name() { sed -n 's/^name = "\(.*\)"/\1/p' "$1/Cargo.toml" | sed -n 1p; }

# has_feature DIRECTORY FEATURE
has_feature() { grep -qE "^$2 *=" "$1/Cargo.toml"; }

# Packages with this feature, as cargo's --features takes them for the whole workspace: "logto-leptos/ssr,quick-start/ssr".
with_feature() {
    local dir
    for dir in $(package_dirs); do
        if has_feature "$dir" "$1"; then printf '%s/%s\n' "$(package_name "$dir")" "$1"; fi
    done | paste -sd, -
}
