# shellcheck shell=bash
# Redis and PostgreSQL for the tests: those named by REDIS_URL and DATABASE_URL, else servers of our own on free ports, with
# nothing kept on disk afterwards. The programs are needed in any case: some tests start servers of their own, and kill them.

STORES_DIR=

# start_stores: exports REDIS_URL and DATABASE_URL. What it started ends with end_stores.
start_stores() {
    set_up_redis && set_up_postgres || return 1
    STORES_DIR=$(mktemp -d) || return 1
    [ -n "${REDIS_URL:-}" ] || start_redis || return 1
    [ -n "${DATABASE_URL:-}" ] || start_postgres || return 1
}

# start_redis_alone: exports REDIS_URL; its program has to be there.
start_redis_alone() {
    [ -z "${REDIS_URL:-}" ] || return 0
    STORES_DIR=$(mktemp -d) && start_redis
}

end_stores() {
    end_all
    [ -z "$STORES_DIR" ] || rm -rf "$STORES_DIR"
}

set_up_redis() {
    redis_program >/dev/null || apt_install redis-server
    redis_program >/dev/null || fail "redis-server is missing" \
        "Debian, Ubuntu: apt-get install redis-server" "macOS: brew install redis"
}

set_up_postgres() {
    postgres_bin >/dev/null || apt_install postgresql
    postgres_bin >/dev/null || fail "PostgreSQL's initdb is missing" \
        "Debian, Ubuntu: apt-get install postgresql" "macOS: brew install postgresql"
}

redis_program() { command -v redis-server || command -v valkey-server; }

start_redis() {
    local port
    port=$(unused_port)
    note "Redis on port $port"
    start "$(redis_program)" --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$STORES_DIR" --loglevel warning --logfile "$STORES_DIR/redis.log"
    wait_for_port "$port" "redis-server" || return 1
    export REDIS_URL=redis://127.0.0.1:$port
}

start_postgres() {
    local port bin user=()
    bin=$(postgres_bin)
    chmod 755 "$STORES_DIR"
    mkdir "$STORES_DIR/postgres"
    # The server refuses to run as root.
    if [ "$(id -u)" = 0 ]; then
        user=(setpriv --reuid=postgres --regid=postgres --clear-groups)
        chown postgres "$STORES_DIR/postgres" || return 1
    fi
    "${user[@]}" "$bin/initdb" -D "$STORES_DIR/postgres" -A trust -U postgres --no-sync >"$STORES_DIR/initdb.log" 2>&1 ||
        fail "initdb failed: $(tail -n 1 "$STORES_DIR/initdb.log")" || return 1
    port=$(unused_port)
    note "PostgreSQL on port $port"
    start "${user[@]}" "$bin/postgres" -D "$STORES_DIR/postgres" -p "$port" -k "" -F -c listen_addresses=127.0.0.1 -c log_min_messages=fatal
    wait_for_port "$port" "postgres" || return 1
    export DATABASE_URL=postgres://postgres@127.0.0.1:$port/postgres
}

# Where initdb is: on PATH, or where Debian keeps each version's programs.
postgres_bin() {
    local path
    for path in "$(command -v initdb)" /usr/lib/postgresql/*/bin/initdb; do
        if [ -x "$path" ]; then
            dirname "$path"
            return 0
        fi
    done
    return 1
}

unused_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }

# wait_for_port PORT WHAT
wait_for_port() {
    local _
    for _ in {1..100}; do
        if port_in_use "$1"; then return 0; fi
        kill -0 "$STARTED" 2>/dev/null || fail "$2 has ended before it listened" || return 1
        sleep 0.1
    done
    fail "$2 does not listen after 10 seconds"
}
