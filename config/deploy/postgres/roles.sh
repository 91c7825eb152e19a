#!/bin/bash
# Run once, by the database's own start-up, when its folder is still empty: the same two roles the trial has.
set -euo pipefail
rights=${RIGHTS_FILE:-/etc/parley/rights.sql}
run() { psql -v ON_ERROR_STOP=1 --quiet --username "${POSTGRES_USER:-postgres}" --dbname "$1" "${@:2}"; }

run postgres -v migrate="$MIGRATE_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE migrate LOGIN PASSWORD :'migrate';
CREATE ROLE app LOGIN PASSWORD :'app';
CREATE DATABASE parley OWNER migrate;
SQL
run parley --file "$rights"
