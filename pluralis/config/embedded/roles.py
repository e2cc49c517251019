"""The two roles and what each may do.

`pluralis_owner` owns the tables and runs migrations. `pluralis_app` reads and writes rows: no DDL, no
TRUNCATE. That the audit log and the attempts are append-only for it is said in their own migrations.
"""

import psycopg
from psycopg import sql

from pluralis.config.embedded.cluster import APP, OWNER, Cluster

DATABASE = "pluralis"


def ensure_roles(cluster: Cluster, *, may_create_databases: bool = False) -> None:
    """Create the two roles when they are not there; `may_create_databases` is for test runs."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP):
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if may_create_databases:
            connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(OWNER)))


def ensure_database(cluster: Cluster, name: str = DATABASE) -> bool:
    """Create the database with its rights when it is not there; return whether it was created."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(OWNER)))
    with psycopg.connect(cluster.url(name), autocommit=True) as connection:
        for statement in rights(name):
            connection.execute(statement)
    return not found


def rights(database: str) -> list[sql.Composed]:
    """Return the statements that give each role its rights in one database; they may be repeated."""
    names = {
        "database": sql.Identifier(database),
        "owner": sql.Identifier(OWNER),
        "app": sql.Identifier(APP),
    }
    statements = [
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    ]
    return [sql.SQL(text).format(**names) for text in statements]
