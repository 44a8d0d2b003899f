#!/bin/sh
# Does what Docker's image of PostgreSQL does with POSTGRES_DB and POSTGRES_PASSWORD, on Debian's PostgreSQL.
set -e
programs=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
as_postgres() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
if [ ! -s "$data/PG_VERSION" ]; then
  install -d -o postgres -g postgres -m 700 "$data"
  (umask 077 && printf %s "$POSTGRES_PASSWORD" > /tmp/password)
  chown postgres /tmp/password
  as_postgres "$programs/initdb" -D "$data" --auth=scram-sha-256 --pwfile=/tmp/password --encoding=UTF8 > /dev/null
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  echo "create database $POSTGRES_DB" | as_postgres "$programs/postgres" --single -D "$data" postgres > /dev/null
fi
install -d -o postgres -g postgres /var/run/postgresql
exec setpriv --reuid postgres --regid postgres --clear-groups "$programs/postgres" -D "$data" -c listen_addresses='*'
