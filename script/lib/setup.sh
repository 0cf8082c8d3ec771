# shellcheck shell=bash
# The set-up in parts, so that each script asks only for what it needs. To be sourced from the root of the repository.

# shellcheck source=script/lib/common.sh
. script/lib/common.sh
# shellcheck source=script/lib/progress.sh
. script/lib/progress.sh
# shellcheck source=script/lib/rust.sh
. script/lib/rust.sh
# shellcheck source=script/lib/debian_toolchain.sh
. script/lib/debian_toolchain.sh
# shellcheck source=script/lib/cargo_tools.sh
. script/lib/cargo_tools.sh
# shellcheck source=script/lib/node.sh
. script/lib/node.sh

set_up_wasm() { set_up_wasm_target && set_up_cargo_tools; }

# set_up PART…: rust, wasm, node, chromium, wasm_opt; redis and postgres of stores.sh, profdata of release.sh
set_up() {
    local part
    for part in "$@"; do
        "set_up_$part" || return 1
    done
}
