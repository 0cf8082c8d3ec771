# shellcheck shell=bash
# What the app will be told: the same places in the same order as the app itself, the environment before .env before Leptos.toml.

# The value of a variable, from the environment or .env; nothing if it is in neither.
setting() {
    if [ -n "${!1:-}" ]; then
        printf '%s\n' "${!1}"
    elif [ -f .env ]; then
        sed -nE "s/^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*//p" .env | tail -n 1 |
            sed -E -e "s/^\"([^\"]*)\".*/\\1/; t" -e "s/^'([^']*)'.*/\\1/; t" -e 's/[[:space:]]+#.*//; s/[[:space:]]+$//'
    fi
}

# The value of a key in the section [logto] of Leptos.toml.
toml_setting() {
    [ -f Leptos.toml ] || return 0
    awk -v key="$1" '
        /^[[:space:]]*\[/ { inside = ($0 ~ /^[[:space:]]*\[logto\]/) }
        inside && $0 ~ "^[[:space:]]*" key "[[:space:]]*=" { split($0, part, "\""); print part[2]; exit }
    ' Leptos.toml
}

# address_url 0.0.0.0:3000: where a browser on this machine finds what listens there
address_url() {
    case $1 in
    0.0.0.0:* | "[::]:"*) printf 'http://127.0.0.1:%s\n' "${1##*:}" ;;
    *) printf 'http://%s\n' "$1" ;;
    esac
}

# Sessions are encrypted with this secret; kept in a file, it lets them outlive a restart.
local_cookie_secret() {
    local file=.env.local
    if [ ! -s "$file" ]; then
        (umask 077 && printf 'LOGTO_COOKIE_SECRET=%s\n' "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')" >"$file") || return 1
        note "A cookie secret for this machine is in $file (ignored by git): delete it to sign everyone out" >&2
    fi
    sed -n 's/^LOGTO_COOKIE_SECRET=//p' "$file"
}
