# shellcheck shell=bash
# Starts each process in its own process group, so that its children end with it.

GROUPS_STARTED=()

# start COMMAND…: starts it in the background and sets STARTED to its process id, which is also
# that of its group.
start() {
    # Job control gives a background job its own group. It is on only here: it would keep Ctrl-C
    # from reaching this script.
    set -m
    "$@" </dev/null &
    STARTED=$!
    set +m
    GROUPS_STARTED+=("$STARTED")
}

# Sends INT and TERM before KILL: cargo-leptos handles only INT, other programs handle TERM.
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

# Zombies do not count, although they still accept signals.
group_runs() { ps -A -o pgid= -o stat= | awk -v group="$1" '$1 == group && $2 !~ /^Z/ { found = 1 } END { exit !found }'; }

end_all() {
    local i
    trap '' INT TERM HUP
    for ((i = ${#GROUPS_STARTED[@]} - 1; i >= 0; i--)); do
        end_group "${GROUPS_STARTED[i]}"
    done
}

# Ends all processes when the script exits, also after a signal.
end_all_on_exit() {
    trap end_all EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# wait_for_port PORT: waits until a process listens there; fails if the process started last ends.
wait_for_port() {
    until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
        kill -0 "$STARTED" 2>/dev/null || return 1
        sleep 0.2
    done
}
