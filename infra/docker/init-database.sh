#!/bin/sh
# One-shot, safe to run again: roles, schemas and rights (infra/postgres/init.sql), then each role's password from the environment.
# Connects by PGHOST, PGUSER, PGPASSWORD and PGDATABASE.
set -eu
psql -X -q -v ON_ERROR_STOP=1 -f /signalbox/init.sql -f /signalbox/passwords.sql
