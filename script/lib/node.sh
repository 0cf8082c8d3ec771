# shellcheck shell=bash
# Node, the packages of end2end/ (the local provider and the browser tests), and a Chromium for the tests.

MINIMAL_NODE=20
RECOMMENDED_NODE=22

set_up_node() {
    local found
    { have node && have npm; } || {
        fail "there is no Node.js with npm on PATH" \
            "Install Node.js $RECOMMENDED_NODE from https://nodejs.org, with a version manager or from your distribution."
        return 1
    }
    found=$(node --version | version_in)
    version_at_least "$found" "$MINIMAL_NODE" || {
        fail "Node.js $found is too old, $MINIMAL_NODE or newer is needed ($RECOMMENDED_NODE recommended)" \
            "Install it from https://nodejs.org or with a version manager."
        return 1
    }
    if version_at_least "$found" "$RECOMMENDED_NODE"; then
        note "node $found"
    else
        note "node $found ($RECOMMENDED_NODE is recommended: the local provider's library warns below it)"
    fi
    set_up_node_packages
}

set_up_node_packages() {
    if node_packages_are_current; then
        note "end2end/node_modules"
        return
    fi
    say "Installing the packages of end2end/: the local provider and the browser tests"
    (cd end2end && limited 900 npm ci --no-audit --no-fund) || {
        fail "the packages of end2end/ could not be installed" "By hand: cd end2end && npm ci"
        return 1
    }
}

# npm writes down what it has installed; optional packages of other platforms are not in it.
node_packages_are_current() {
    node -e '
        const { readFileSync } = require("node:fs");
        const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
        const wanted = packages("end2end/package-lock.json");
        const found = packages("end2end/node_modules/.package-lock.json");
        const same = ([name, { version, optional }]) =>
            name === "" || (found[name] ? found[name].version === version : optional);
        const current = Object.entries(wanted).every(same) && Object.keys(found).every((name) => name in wanted);
        process.exit(current ? 0 : 1);
    ' 2>/dev/null
}

# Sets CHROMIUM_PATH to the Chromium of the system; unset means the one that Playwright has downloaded.
set_up_chromium() {
    local found
    if [ -n "${CHROMIUM_PATH:-}" ]; then
        works "$CHROMIUM_PATH" || {
            fail "CHROMIUM_PATH=$CHROMIUM_PATH cannot be run" "Set it to a Chromium or Chrome, or unset it."
            return 1
        }
        note "$CHROMIUM_PATH"
        return
    fi
    use_system_chromium && return
    if playwright_has_chromium; then
        note "the Chromium of Playwright"
        return
    fi
    apt_install chromium && use_system_chromium && return
    say "Downloading a Chromium with Playwright: the browser tests run in it"
    (cd end2end && limited 600 npx --no-install playwright install chromium) && playwright_has_chromium && return
    fail "there is no Chromium for the browser tests" "Debian: apt-get install chromium" \
        "Elsewhere: install Chromium or Chrome, or: cd end2end && npx playwright install --with-deps chromium" \
        "One that is not on PATH can be named by CHROMIUM_PATH=…"
}

use_system_chromium() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        if have "$name" && works "$name"; then
            CHROMIUM_PATH=$(command -v "$name")
            export CHROMIUM_PATH
            note "$CHROMIUM_PATH"
            return
        fi
    done
    return 1
}

# Some distributions ship a `chromium-browser` that only says how to install it.
works() { limited 30 "$1" --version >/dev/null 2>&1; }

playwright_has_chromium() {
    (cd end2end && node -e '
        const { existsSync } = require("node:fs");
        process.exit(existsSync(require("@playwright/test").chromium.executablePath()) ? 0 : 1);
    ') 2>/dev/null
}
