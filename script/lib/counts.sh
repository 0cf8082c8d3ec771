# shellcheck shell=bash
# How many tests passed and failed, read from a step's output: each function takes the file and prints both numbers.

counts_nextest() {
    local summary
    summary=$(plain "$1" | grep -E '[0-9]+ tests? run:')
    echo "$(sum '[0-9]+ passed' <<<"$summary") $(sum '[0-9]+ (exec failed|failed|timed out)' <<<"$summary")"
}

counts_cargo() {
    local results
    results=$(plain "$1" | grep '^test result:')
    echo "$(sum '[0-9]+ passed' <<<"$results") $(sum '[0-9]+ failed' <<<"$results")"
}

# Both of Node's reporters: "# pass 5" and "ℹ pass 5".
counts_node() {
    local results
    results=$(plain "$1" | grep -E '^[^ ]+ (pass|fail|cancelled) [0-9]+$')
    echo "$(sum 'pass [0-9]+' <<<"$results") $(sum '(fail|cancelled) [0-9]+' <<<"$results")"
}

counts_playwright() {
    local results
    results=$(plain "$1" | grep -E '^ +[0-9]+ (passed|flaky|failed|interrupted|did not run)')
    echo "$(sum '[0-9]+ (passed|flaky)' <<<"$results") $(sum '[0-9]+ (failed|interrupted|did not run)' <<<"$results")"
}

# The output without colours.
plain() { sed $'s/\033\\[[0-9;]*[A-Za-z]//g' "$1"; }

# The sum of the numbers in what the pattern matches.
sum() { grep -oE "$1" | grep -oE '[0-9]+' | awk '{ total += $1 } END { print total + 0 }'; }
