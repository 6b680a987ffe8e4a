#!/bin/sh
# Does what the official image's entrypoint does with POSTGRES_DB, POSTGRES_USER and POSTGRES_PASSWORD:
# https://github.com/docker-library/docs/blob/master/postgres/README.md
set -eu

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres "$PGDATA"
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- sh "$0" "$@"
fi

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf '%s' "${POSTGRES_PASSWORD:?is not set}" >/tmp/password
  initdb --username="$user" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  # Without TCP until the database is there: whoever waits for the port finds it ready.
  pg_ctl -o "-c listen_addresses=''" -w start
  [ "$database" = postgres ] || psql --username="$user" --dbname=postgres --command="create database \"$database\""
  pg_ctl -m fast -w stop
fi
exec "$@" -c listen_addresses='*'
