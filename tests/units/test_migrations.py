"""After the first release migrations only add, in a way the release's workers do not notice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently, CreateExtension, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from tests.faults.released import RELEASED

BESIDE = (AddIndexConcurrently, RemoveIndexConcurrently)
LOADER = MigrationLoader(None)
GRAPH = LOADER.graph


def since_the_release() -> Iterator[tuple[str, migrations.Migration]]:
    for app, name in RELEASED.items():
        then = set(GRAPH.forwards_plan((app, name)))
        for key in sorted(GRAPH.nodes):
            if key[0] == app and key not in then:
                yield "/".join(key), GRAPH.nodes[key]


NEW = dict(since_the_release())
TABLES = {
    f"{name.partition('/')[0]}_{op.name_lower}"
    for name, migration in NEW.items()
    for op in migration.operations
    if isinstance(op, migrations.CreateModel)
}


@pytest.mark.parametrize("name", NEW)
def test_it_only_adds(name: str):
    made = {op.name_lower for op in NEW[name].operations if isinstance(op, migrations.CreateModel)}
    wrong = [one for one in NEW[name].operations if not harmless(one, made) and not only_words(NEW[name], one)]
    assert [one.describe() for one in wrong] == [], "old workers would fail on it, or wait for it"


def only_words(migration: migrations.Migration, operation: Operation) -> bool:
    """A field that gets other choices or another name for people: the database hears nothing of it."""
    if not isinstance(operation, migrations.AlterField):
        return False
    before = LOADER.project_state((migration.app_label, migration.name), at_end=False)
    was = before.models[migration.app_label, operation.model_name_lower].fields[operation.name]
    return facts_of(was) == facts_of(operation.field)


def facts_of(field: models.Field[object, object]) -> object:
    _, path, args, named = field.deconstruct()
    return path, args, {name: value for name, value in named.items() if name not in {"choices", "verbose_name"}}


def harmless(operation: Operation, made: set[str]) -> bool:
    """A table of its own, an index built beside its readers, a column that fills itself, or another kind of index."""
    match operation:
        case migrations.CreateModel() | AddIndexConcurrently() | RemoveIndexConcurrently() | CreateExtension():
            return True
        case migrations.AlterModelOptions() | migrations.AlterModelManagers():
            return True
        case migrations.AddField(field=field):
            return operation.model_name_lower in made or fills_itself(field)
        case migrations.AddIndex() | migrations.AddConstraint():
            return operation.model_name_lower in made
        case migrations.RunSQL():
            return bool(made) or only_on(operation, TABLES)  # a trigger on a table of its own
        case _:
            return False


def only_on(operation: migrations.RunSQL, tables: set[str]) -> bool:
    """Whether triggers are all it makes, and only on these tables: the release's workers know none of them."""
    parts = [operation.sql] if isinstance(operation.sql, str) else operation.sql
    found = re.findall(r"\bCREATE (?:TRIGGER \w+ .*? ON (\w+)|FUNCTION \w+)", " ".join(map(str, parts)), re.S)
    named = {table for table in found if table}
    return (
        bool(named) and named <= tables and not re.search(r"\b(ALTER|UPDATE \w+ SET|DROP)\b", " ".join(map(str, parts)))
    )


def fills_itself(field: models.Field[object, object]) -> bool:
    return field.many_to_many or field.null or field.has_db_default()


def test_what_builds_beside_others_is_no_transaction():
    for name, migration in NEW.items():
        if any(isinstance(one, BESIDE) for one in migration.operations):
            assert not migration.atomic, name
            assert all(isinstance(one, BESIDE) for one in migration.operations), name


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("delivery", "owner"),
        migrations.RenameField("delivery", "owner", "holder"),
        migrations.AddField("delivery", "colour", models.CharField(max_length=9, default="")),
        migrations.AlterField("delivery", "owner", models.TextField()),
        migrations.AddIndex("delivery", models.Index(fields=["owner"], name="x")),
        migrations.AddConstraint("delivery", models.UniqueConstraint(fields=["owner"], name="x")),
        migrations.DeleteModel("delivery"),
        migrations.RunSQL("DROP TABLE x"),
    ],
)
def test_what_is_found_out(operation: Operation):
    assert not harmless(operation, set())
