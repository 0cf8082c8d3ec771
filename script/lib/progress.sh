# shellcheck shell=bash
# Long compilations in one line: how far they are, and all of their output in a file.

# in_one_line LOG COMMAND…: writes the output of the command to the file; shows the end of it if the command fails.
# In the foreground, so that Ctrl-C reaches the command.
in_one_line() {
    local log=$1 code
    shift
    "$@" 2>&1 </dev/null | show_progress "$log"
    code=${PIPESTATUS[0]}
    [ "$code" = 0 ] && return
    {
        printf 'error: %s failed; the end of its output:\n' "$*"
        tail -n 20 "$log" | sed 's/^/       /'
        printf '       All of it is in %s\n' "$log"
    } >&2
    return "$code"
}

# Counts the crates that cargo compiles. Only a terminal gets the count while it grows.
show_progress() {
    local log=$1 line compiled=0 started=$SECONDS
    : >"$log"
    [ ! -t 1 ] || progress_line "$compiled" "$started"
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        case $line in *" Compiling "*) compiled=$((compiled + 1)) ;; *) continue ;; esac
        [ ! -t 1 ] || progress_line "$compiled" "$started"
    done
    progress_line "$compiled" "$started"
    printf '\n'
}

progress_line() {
    if [ -t 1 ]; then printf '\r'; fi
    printf '    Compiling, once, for some minutes: %s crates in %s s' "$1" "$((SECONDS - $2))"
}
