#!/usr/bin/env bash
# The measurements of script/bench --growth, which provides Redis and PostgreSQL.
set -u -o pipefail
programs=${CARGO_TARGET_DIR:-target}/release

for subject in organizations stores sign-ins leases; do
    printf '==> %s\n' "$subject"
    "$programs/growth" "$subject" || exit 1
done
printf '==> pages of users in many organizations\n'
node bench/organizations.mjs || exit 1
printf '==> instances\n'
node bench/instances.mjs
