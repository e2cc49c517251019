"""One step makes the tables of many models, as one step for each would, and takes them away again."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from pluralis.teams.tables import CreateTables

MODELS = [
    migrations.CreateModel(name="Shelf", fields=[("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel(
        name="Book",
        fields=[
            ("id", models.BigAutoField(primary_key=True)),
            ("title", models.CharField(max_length=20)),
            ("shelf", models.ForeignKey(on_delete=models.CASCADE, related_name="books", to="library.shelf")),
        ],
        options={"indexes": [models.Index(fields=["title"], name="books_by_title")]},
    ),
]


def after(*operations: migrations.operations.base.Operation, drawn: bool = False) -> ProjectState:
    """Return the models after some steps; ``drawn``: Django has made classes of those before already."""
    state = ProjectState()
    if drawn:
        assert state.apps.get_models() == []
    for one in operations:
        one.state_forwards("library", state)
    return state


@pytest.mark.parametrize("drawn", [False, True])
def test_the_models_are_those_of_one_step_each(drawn: bool) -> None:
    state = after(CreateTables(MODELS), drawn=drawn)
    assert state == after(*MODELS)
    shelf, book = (state.apps.get_model("library", name) for name in ("shelf", "book"))
    assert book._meta.get_field("shelf").related_model is shelf
    assert shelf._meta.get_field("books").related_model is book


@pytest.mark.django_db
def test_the_tables_come_with_their_indexes_and_go_again() -> None:
    step, before = CreateTables(MODELS), ProjectState()
    with connection.schema_editor() as editor:
        step.database_forwards("library", editor, before, after(step))
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "library_book")
        assert "books_by_title" in found
        assert [one["foreign_key"] for one in found.values() if one["foreign_key"]] == [("library_shelf", "id")]
    with connection.schema_editor() as editor:
        step.database_backwards("library", editor, after(step), before)
    assert not {"library_book", "library_shelf"} & set(connection.introspection.table_names())


def test_a_person_who_reads_the_plan_is_told_the_names() -> None:
    assert CreateTables(MODELS).formatted_description() == "+ Create the tables of Shelf, Book"
