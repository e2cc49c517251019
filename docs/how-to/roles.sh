#!/bin/sh
# Makes the database and its two roles on a PostgreSQL server of your own. The image postgres runs it on its first
# start; on any other server: OWNER_PASSWORD=... APP_PASSWORD=... PGHOST=... PGUSER=postgres sh docs/how-to/roles.sh
set -eu
psql --set=ON_ERROR_STOP=1 --set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" \
    --dbname="${PGDATABASE:-postgres}" --quiet <<'SQL'
CREATE ROLE pluralis_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE pluralis_app LOGIN PASSWORD :'app_password';
CREATE DATABASE pluralis OWNER pluralis_owner TEMPLATE template0 ENCODING 'UTF8';
\connect pluralis
REVOKE ALL ON DATABASE pluralis FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE pluralis TO pluralis_app;
ALTER SCHEMA public OWNER TO pluralis_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO pluralis_app;
ALTER DEFAULT PRIVILEGES FOR ROLE pluralis_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO pluralis_app;
ALTER DEFAULT PRIVILEGES FOR ROLE pluralis_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO pluralis_app;
SQL
