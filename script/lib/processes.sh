# shellcheck shell=bash
# Starts each process in a group of its own, so that what it starts in turn ends with it.

GROUPS_STARTED=()

# start COMMAND…: in the background. Its process id, which is also that of its group, is in STARTED.
start() {
    # Job control gives a background job its own group. It is on only here: it would keep Ctrl-C
    # from reaching this script.
    set -m
    "$@" </dev/null &
    STARTED=$!
    set +m
    GROUPS_STARTED+=("$STARTED")
}

# Asks first, then kills: cargo-leptos handles INT only, other programs TERM.
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

# A process that has ended but was not collected by its parent still answers to a signal. It does
# not run.
group_runs() { ps -A -o pgid= -o stat= | awk -v group="$1" '$1 == group && $2 !~ /^Z/ { found = 1 } END { exit !found }'; }

end_all() {
    local i
    trap '' INT TERM HUP
    for ((i = ${#GROUPS_STARTED[@]} - 1; i >= 0; i--)); do
        end_group "${GROUPS_STARTED[i]}"
    done
}

# However the script ends, the processes end first.
end_all_on_exit() {
    trap end_all EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# wait_for_port PORT: until the process started last listens there; fails if it ends.
wait_for_port() {
    until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
        kill -0 "$STARTED" 2>/dev/null || return 1
        sleep 0.2
    done
}
