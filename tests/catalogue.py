"""What a database's own catalogue says of its schema, a line per fact, in no order: for comparing two of them."""

import psycopg

Facts = set[tuple[object, ...]]

_TABLES = """
    SELECT 'table', c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
      c.reloptions::text, pg_get_userbyid(c.relowner), pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
      CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, obj_description(c.oid, 'pg_class')
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
"""
_COLUMNS = """
    SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
      a.attgenerated, pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation::text, a.attstorage,
      a.attoptions::text, a.attacl::text
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND a.attnum > 0 AND NOT a.attisdropped
"""
_INDEXES = """
    SELECT 'index', t.relname, pg_get_indexdef(i.indexrelid), i.indisunique, i.indisprimary, i.indisvalid,
      i.indimmediate, i.indisreplident, i.indisclustered, c.reloptions::text
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = 'public'::regnamespace
"""
_CONSTRAINTS = """
    SELECT 'constraint', coalesce(t.relname, k.contypid::regtype::text), k.conname, k.contype,
      pg_get_constraintdef(k.oid), k.condeferrable, k.condeferred, k.convalidated
    FROM pg_constraint k LEFT JOIN pg_class t ON t.oid = k.conrelid WHERE k.connamespace = 'public'::regnamespace
"""
# The triggers of foreign keys have a number in their name and are told by the constraint.
_TRIGGERS = """
    SELECT 'trigger', t.relname, pg_get_triggerdef(g.oid), g.tgenabled FROM pg_trigger g
    JOIN pg_class t ON t.oid = g.tgrelid WHERE t.relnamespace = 'public'::regnamespace AND NOT g.tgisinternal
"""
_FUNCTIONS = """
    SELECT 'function', p.oid::regprocedure::text, pg_get_userbyid(p.proowner),
      CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) END
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
"""
_SEQUENCES = """
    SELECT 'sequence', s.seqrelid::regclass::text, s.seqtypid::regtype::text, s.seqstart, s.seqincrement, s.seqmin,
      s.seqmax, s.seqcache, s.seqcycle, d.refobjid::regclass::text, a.attname, d.deptype
    FROM pg_sequence s LEFT JOIN pg_depend d
      ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.refclassid = 'pg_class'::regclass
      AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.refobjid, d.refobjsubid)
"""
_TYPES = """
    SELECT 'type', t.typname, t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
      (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
    FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'r')
"""
_RIGHTS = """
    WITH kept (kind, name, owner, acl) AS (
      SELECT CASE relkind WHEN 'S' THEN 's' ELSE 'r' END, relname::text, relowner, relacl FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      UNION ALL SELECT 'f', oid::regprocedure::text, proowner, proacl FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT 'n', nspname::text, nspowner, nspacl FROM pg_namespace WHERE nspname = 'public')
    SELECT 'right', kind, name, CASE right_.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(right_.grantee) END,
      right_.privilege_type, right_.is_grantable
    FROM kept, aclexplode(coalesce(acl, acldefault(kind::"char", owner))) AS right_
"""
_DEFAULT_RIGHTS = """
    SELECT 'default right', pg_get_userbyid(defaclrole), defaclobjtype, defaclacl::text FROM pg_default_acl
"""
_POLICIES = """
    SELECT 'policy', tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies
    WHERE schemaname = 'public'
"""
_RULES = "SELECT 'rule', tablename, rulename, definition FROM pg_rules WHERE schemaname = 'public'"
_STATISTICS = """
    SELECT 'statistics', pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
    WHERE stxnamespace = 'public'::regnamespace
"""
_EXTENSIONS = "SELECT 'extension', extname, extversion FROM pg_extension"
EVERYTHING = (
    _TABLES, _COLUMNS, _INDEXES, _CONSTRAINTS, _TRIGGERS, _FUNCTIONS, _SEQUENCES, _TYPES, _RIGHTS, _DEFAULT_RIGHTS,
    _POLICIES, _RULES, _STATISTICS, _EXTENSIONS,
)  # fmt: skip


def schema_of(connection: psycopg.Connection[tuple[object, ...]]) -> Facts:
    """Return every fact about the tables of a database; the order of columns and of their making is none."""
    return {row for question in EVERYTHING for row in connection.execute(question)}
