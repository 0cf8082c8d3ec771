# shellcheck shell=bash
# Runs named steps one after the other and remembers how each ended, for one summary at the end.
#
# A step NAME is a function step_NAME, announced by define_step. It may return NOT_AVAILABLE when an optional tool is missing:
# that is said in the summary and counts as nothing. What it needs and did not get (a part of the set-up, an earlier step) makes
# it fail.

# shellcheck source=script/lib/counts.sh
. script/lib/counts.sh

NOT_AVAILABLE=77
NAMES=() STATES=() SECONDS_TAKEN=() REMARKS=()
TOTAL_PASSED=0
TOTAL_FAILED=0
BROKEN=" " # parts and steps that failed

LOGS=$(mktemp -d) || exit 1
trap 'rm -rf "$LOGS"' EXIT

STEPS=() TITLES=() COUNTS=() NEEDS=()

# define_step NAME COUNTS TITLE NEEDS…: COUNTS is the tool whose test counts the output shows, or "-"; NEEDS are parts of the
# set-up and earlier steps.
define_step() {
    STEPS+=("$1")
    COUNTS+=("$2")
    TITLES+=("$3")
    shift 3
    NEEDS+=("$*")
}

# run_steps NAME…: all of them if none is named
run_steps() {
    local i part wanted=" ${*:-${STEPS[*]}} " needs=" "
    for i in "${!STEPS[@]}"; do
        case $wanted in *" ${STEPS[i]} "*) needs="$needs${NEEDS[i]} " ;; esac
    done
    say "Setting up"
    for part in rust wasm node chromium; do
        case $needs in *" $part "*) prepare "$part" ;; esac
    done
    for i in "${!STEPS[@]}"; do
        case $wanted in *" ${STEPS[i]} "*) run_step "${STEPS[i]}" "${TITLES[i]}" "${COUNTS[i]}" "${NEEDS[i]}" ;; esac
    done
}

run_step() {
    local name=$1 title=$2 counts=$3 needs=$4 need code started=$SECONDS
    for need in $needs; do
        case $BROKEN in *" $need "*)
            record "$name" failed 0 "not run: it needs $need, which failed"
            TOTAL_FAILED=$((TOTAL_FAILED + 1))
            return
            ;;
        esac
    done
    printf '\n'
    say "$name: $title"
    (
        set -e
        "step_$name"
    ) </dev/null 2>&1 | tee "$LOGS/$name"
    code=${PIPESTATUS[0]}
    judge "$name" "$counts" "$code" $((SECONDS - started))
}

judge() {
    local name=$1 counts=$2 code=$3 seconds=$4 passed=0 failed=0 remark=""
    if [ "$code" = "$NOT_AVAILABLE" ]; then
        record "$name" "not run" "$seconds" "$(tail -n 1 "$LOGS/$name")"
        return
    fi
    if [ "$counts" != - ]; then
        read -r passed failed <<<"$("counts_$counts" "$LOGS/$name")"
        remark="$passed passed, $failed failed"
        if [ "$code" = 0 ] && [ "$passed" = 0 ]; then
            failed=1
            remark="no test was run"
        fi
    elif [ "$code" = 0 ]; then
        passed=1
    fi
    # However a step fails, it counts.
    if [ "$code" != 0 ] && [ "$failed" = 0 ]; then
        failed=1
        remark="${remark:+$remark, yet }exit code $code"
    fi
    TOTAL_PASSED=$((TOTAL_PASSED + passed))
    TOTAL_FAILED=$((TOTAL_FAILED + failed))
    if [ "$failed" = 0 ]; then
        record "$name" passed "$seconds" "$remark"
    else
        record "$name" failed "$seconds" "$remark"
    fi
}

record() {
    NAMES+=("$1")
    STATES+=("$2")
    SECONDS_TAKEN+=("$3")
    REMARKS+=("$4")
    if [ "$2" = failed ]; then BROKEN="$BROKEN$1 "; fi
}

# The set-up of one part: quiet in the summary unless it fails.
prepare() {
    set_up "$1" && return
    record "$1" failed 0 "could not be set up: the reason stands above"
    TOTAL_FAILED=$((TOTAL_FAILED + 1))
}

# Prints the summary; fails if anything did.
summarize() {
    local i
    printf '\n'
    say "Summary"
    for i in "${!NAMES[@]}"; do
        printf '    %-8s %-10s %5s s   %s\n' "${STATES[i]}" "${NAMES[i]}" "${SECONDS_TAKEN[i]}" "${REMARKS[i]}"
    done
    printf '\n%s passed, %s failed\n' "$TOTAL_PASSED" "$TOTAL_FAILED"
    [ "$TOTAL_FAILED" = 0 ]
}
