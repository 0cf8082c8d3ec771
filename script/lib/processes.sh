# shellcheck shell=bash
# Starts processes in groups of their own, so that everything they start in turn can be ended with them.

GROUPS_STARTED=()

# start COMMAND…: in the background; its process id, which is its group's too, is in STARTED.
start() {
    # Job control gives a background job its own group. It is on only here: it would keep Ctrl-C from reaching this script.
    set -m
    "$@" </dev/null &
    STARTED=$!
    set +m
    GROUPS_STARTED+=("$STARTED")
}

# Asks first, insists later: cargo-leptos listens to INT only, others to TERM.
end_group() {
    local signal
    for signal in INT TERM KILL; do
        kill -s "$signal" -- "-$1" 2>/dev/null || return 0
        for _ in {1..15}; do
            group_runs "$1" || return 0
            sleep 0.2
        done
    done
}

# A process that has ended but was not collected by its parent still answers to a signal: it does not run.
group_runs() { ps -A -o pgid= -o stat= | awk -v group="$1" '$1 == group && $2 !~ /^Z/ { found = 1 } END { exit !found }'; }

end_all() {
    local i
    trap '' INT TERM HUP
    for ((i = ${#GROUPS_STARTED[@]} - 1; i >= 0; i--)); do
        end_group "${GROUPS_STARTED[i]}"
    done
}

# However the script ends, what it started ends before it.
end_all_on_exit() {
    trap end_all EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# free_port PORT WHAT VARIABLE
free_port() {
    port_in_use "$1" || return 0
    fail "port $1, for $2, is in use by another program" "End that program, or choose another port: $3"
}
