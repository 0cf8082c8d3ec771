# shellcheck shell=bash
# Tests that the documentation names have to exist: a table of what is tested must not outlive its tests.

# check_lists FILE…: in backticks, snake_case of three words and more is a test in Rust, a sentence of three words and more one in the
# browser.
# shellcheck disable=SC2016 # the backticks are meant as such
check_lists() {
    local file name failed=0 count=0
    rust_tests >"$LOGS/rust-tests"
    for file in "$@"; do
        while IFS= read -r name; do
            count=$((count + 1))
            grep -qFx -- "$name" "$LOGS/rust-tests" && continue
            echo "error: $file names the test $name, which is not there: correct the list, or write the test"
            failed=1
        done < <(grep -oE '`[a-z0-9]+(_[a-z0-9]+){2,}`' "$file" | tr -d '`' | sort -u)
        while IFS= read -r name; do
            count=$((count + 1))
            grep -rqF --include='*.spec.ts' -- "test('$name'" end2end/tests && continue
            echo "error: $file names the browser test '$name', which is not there: correct the list, or write the test"
            failed=1
        done < <(grep -oE '`[a-z][a-z0-9-]*( [^` ]+){2,}`' "$file" | tr -d '`' | sort -u)
    done
    echo "$count names of tests in $*"
    # Nothing found is a broken search, not a pass.
    [ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
}

# The functions after an attribute that makes them tests, and the names that macros make tests of: "name: what it is given", and names
# that stand in a line of their own.
rust_tests() {
    find crates src tests -name '*.rs' -exec awk '
        /^[ \t]*#\[(tokio::)?test/ { test = 1; next }
        /^[ \t]*#\[ignore/ { test = 0 }
        test && match($0, /fn [a-z0-9_]+/) { print substr($0, RSTART + 3, RLENGTH - 3); test = 0 }
        /^[a-z_]+! \{/ { macro = 1 }
        /^\}/ { macro = 0 }
        macro && match($0, /^    [a-z0-9_]+:/) { print substr($0, RSTART + 4, RLENGTH - 5) }
        /^ +[a-z0-9]+(_[a-z0-9]+)(_[a-z0-9]+)(_[a-z0-9]+)+$/ { print $1 }
    ' {} + | sort -u
}
