#!/bin/bash
# Brings a server to what its clients need: for each name given a database, the role that owns it, and a user who is a member of it.
# Runs as often as you like; makes what is missing, deletes no data.
#
# Users and passwords are files: /run/credentials/<database>/{username,password}. A changed user name is a rotation: the new user
# works at once, the users before it for an hour more, so that clients can change over one by one. The tables belong to the
# owning role, never to a user.
#
# With MONITOR_PASSWORD there is a user platform_metrics for whoever shows what the server counts; without, nobody logs in as that one.
set -euo pipefail

monitor=platform_metrics

say() { echo "postgres: $*" >&2; }

wait_for_server() {
    local deadline=$((SECONDS + 120))
    until pg_isready --quiet --timeout=3; do
        ((SECONDS < deadline)) || { say "$PGHOST:${PGPORT:-5432} did not answer within 120 s"; exit 1; }
        sleep 1
    done
}

set_up() {
    local database=$1 folder=/run/credentials/$1
    local user
    user=$(cat "$folder/username")
    if [[ $user == postgres || $user == "${database}_owner" || $user == "$monitor" || $user == pg_* ]]; then
        say "database $database: the user may not be called \"$user\": that is a role of the server's own"
        exit 1
    fi
    DATABASE=$database OWNER=${database}_owner LOGIN=$user PASSWORD=$(cat "$folder/password") \
        psql --no-psqlrc --quiet --tuples-only --set=ON_ERROR_STOP=1 --dbname=postgres >/dev/null <<'SQL'
-- Statements with passwords in them stay out of the server's log.
SET log_min_error_statement = panic;
SET log_statement = 'none';
SET log_min_duration_statement = -1;
\getenv database DATABASE
\getenv owner OWNER
\getenv login LOGIN
\getenv password PASSWORD
SELECT format('CREATE ROLE %I NOLOGIN', :'owner') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SELECT format('CREATE ROLE %I', :'login') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
ALTER ROLE :"login" LOGIN PASSWORD :'password' VALID UNTIL 'infinity';
GRANT :"owner" TO :"login";
-- Whatever the user makes belongs to the owner, and so outlives the user.
ALTER ROLE :"login" IN DATABASE :"database" SET role = :'owner';
SELECT format('ALTER ROLE %I VALID UNTIL %L', member.rolname, now() + interval '1 hour')
    FROM pg_auth_members
        JOIN pg_roles AS member ON member.oid = pg_auth_members.member
        JOIN pg_roles AS owner ON owner.oid = pg_auth_members.roleid
    WHERE owner.rolname = :'owner' AND member.rolname <> :'login'
        AND coalesce(member.rolvaliduntil, 'infinity') > now() + interval '1 hour' \gexec
SQL
    say "database $database: user $user is ready"
}

# Reads the server's own views, and is let into no database but the one that everybody may see.
set_up_monitor() {
    LOGIN=$monitor PASSWORD=${MONITOR_PASSWORD:-} psql --no-psqlrc --quiet --tuples-only --set=ON_ERROR_STOP=1 --dbname=postgres >/dev/null <<'SQL'
SET log_min_error_statement = panic;
SET log_statement = 'none';
SET log_min_duration_statement = -1;
-- That the user is there already is no news.
SET client_min_messages = warning;
\getenv login LOGIN
\getenv password PASSWORD
SELECT format('CREATE ROLE %I', :'login')
    WHERE :'password' <> '' AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L CONNECTION LIMIT 5', :'login', :'password') WHERE :'password' <> '' \gexec
SELECT format('GRANT pg_monitor TO %I', :'login') WHERE :'password' <> '' \gexec
SELECT format('ALTER ROLE %I NOLOGIN', :'login')
    WHERE :'password' = '' AND EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
SQL
}

wait_for_server
set_up_monitor
for database in "$@"; do
    set_up "$database"
done
