"""The squashed migrations lead to the same tables as the single ones they replace, from wherever a database stands.

What is here needs no migrated database. `tests/crash/test_rolling_upgrade.py` compares the tables themselves, those
that the single migrations made on their way from the first version with those of the squashed ones.
"""

from collections import Counter

import pytest
from django.db import connection, migrations
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder

from pluralis.cli.archive.placing import ends_of, loader_for
from tests.catalogue import schema_of

Key = tuple[str, str]
APPS = ("inbox", "posts", "publishing", "teams")
FIRST_VERSION = {"inbox": "0002", "posts": "0002", "publishing": "0003", "teams": "0004"}
"""The last migration of each app in v0.1.0."""

LEFT_OUT = (
    # Made for the first version, taken away by 0006.
    "CREATE INDEX inbox_message_search ON inbox_message USING gin (to_tsvector('simple', search_text))",
    "DROP INDEX inbox_message_search",
    # These change rows, and a database without tables has none.
    "UPDATE inbox_message SET follow_at = now() WHERE direction = 'in' AND remote_id IS NOT NULL "
    "AND kind <> 'direct' AND created_at > now() - interval '14 days'",
    "SET CONSTRAINTS ALL IMMEDIATE",
)


@pytest.fixture(scope="module")
def everything() -> MigrationLoader:
    """Squashed and single migrations side by side."""
    return MigrationLoader(None, replace_migrations=False)


def squashed_of(loader: MigrationLoader) -> dict[Key, list[Key]]:
    """Return our squashed migrations with what each replaces."""
    return {key: one.replaces for key, one in loader.replacements.items() if key[0] in APPS}


def statements(operations: list[Operation]) -> Counter[str]:
    """Return the statements written by hand among some operations, however they are broken into lines."""
    return Counter(" ".join(str(one.sql).split()) for one in operations if isinstance(one, migrations.RunSQL))


def test_every_app_is_squashed_whole_so_far(everything: MigrationLoader) -> None:
    """One squashed migration for each app, and each replaces an unbroken row of single ones from the first."""
    squashed = squashed_of(everything)
    assert sorted(app for app, _name in squashed) == list(APPS)
    for (app, _), replaced in squashed.items():
        single = sorted(key for key in everything.disk_migrations if key[0] == app and key not in squashed)
        assert replaced == single[: len(replaced)]


def test_the_models_are_the_same_after_the_squashed_and_after_the_single_migrations(
    everything: MigrationLoader,
) -> None:
    squashed = squashed_of(everything)
    after_squashed = everything.project_state(list(squashed))
    after_single = everything.project_state([replaced[-1] for replaced in squashed.values()])
    assert len(after_single.models) > 100
    assert MigrationAutodetector(after_single, after_squashed).changes(everything.graph) == {}


def test_every_statement_written_by_hand_is_carried_over(everything: MigrationLoader) -> None:
    single, squashed = Counter[str](), Counter[str]()
    for key, replaced in squashed_of(everything).items():
        squashed += statements(everything.disk_migrations[key].operations)
        for one in replaced:
            single += statements(everything.disk_migrations[one].operations)
    assert len(squashed) > 150
    assert single - squashed == Counter(LEFT_OUT)
    assert squashed - single == Counter()


def stages() -> list[set[Key]]:
    """Return what a database has after nothing, after each single migration of ours in turn, in v0.1.0, and today."""
    executor = MigrationExecutor(connection)
    executor.loader = loader_for(set())
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    order = [(one.app_label, one.name) for one, _back in plan]
    on_the_way = [{*order[: number + 1]} for number, (app, _name) in enumerate(order) if app in APPS]
    assert len(on_the_way) >= 38
    first = {key for key in order if key[1][:4] <= FIRST_VERSION.get(key[0], "9999")}
    return [set(), *on_the_way, first, set(order)]


def single_steps(executor: MigrationExecutor, ends: list[Key], *, clean: bool) -> list[Key]:
    """Return what would be run to get to some ends, a squashed migration as the ones that it replaces."""
    plan = executor.migration_plan(ends, clean_start=clean)
    return [key for one, _back in plan for key in (one.replaces or [(one.app_label, one.name)])]


@pytest.mark.django_db
def test_from_every_state_on_the_way_what_is_missing_is_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    *_, whole = stages()
    for stage in stages():
        applied = dict.fromkeys(stage)
        monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self, applied=applied: dict(applied))
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        steps = single_steps(executor, executor.loader.graph.leaf_nodes(), clean=False)
        assert Counter(steps) == Counter(whole - stage)


@pytest.mark.django_db
def test_a_backup_of_every_state_finds_the_tables_that_it_had() -> None:
    for stage in stages():
        executor = MigrationExecutor(connection)
        executor.loader = loader_for(stage)
        steps = single_steps(executor, ends_of(executor.loader, stage), clean=True)
        assert Counter(steps) == Counter(stage)


CHANGES = (
    "ALTER TABLE publishing_part ALTER text DROP NOT NULL",
    "ALTER TABLE publishing_part ALTER text TYPE varchar(9)",
    "ALTER TABLE publishing_part ALTER text SET DEFAULT ''",
    "ALTER TABLE publishing_part DROP CONSTRAINT publishing_part_delivery_id_same_team",
    "ALTER TABLE publishing_part ALTER CONSTRAINT publishing_part_delivery_id_same_team INITIALLY IMMEDIATE",
    "ALTER TABLE publishing_part DISABLE TRIGGER publishing_part_moves",
    "ALTER TABLE publishing_part ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE publishing_part RENAME CONSTRAINT one_part_per_position TO one_part",
    "ALTER INDEX inbox_words_found SET (fastupdate = on)",
    "ALTER SEQUENCE publishing_attempt_id_seq INCREMENT 2",
    "DROP INDEX contacts_by_tag",
    "GRANT SELECT ON publishing_part TO public",
    "CREATE OR REPLACE FUNCTION pluralis_xid() RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$",
)


@pytest.mark.django_db
def test_what_is_read_of_two_databases_tells_every_kind_of_difference() -> None:
    """The comparison that the crash test makes can fail: each of these changes is seen, and only they are."""
    connection.ensure_connection()
    raw = connection.connection
    before = schema_of(raw)
    assert len(before) > 3000 and before == schema_of(raw)
    for change in CHANGES:
        with raw.transaction(force_rollback=True):
            raw.execute(change)
            assert schema_of(raw) != before, change
    assert schema_of(raw) == before
