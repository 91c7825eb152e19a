"""Migrations find the columns they would find if Django made every model anew after every operation."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState, StateApps

from config.rendering import sparing

NUMBER = ("id", models.IntegerField(primary_key=True))


def pointing_at(name: str) -> models.ForeignKey[models.Model, models.Model]:
    return models.ForeignKey(f"policy.{name}", models.CASCADE)


def chain() -> ProjectState:
    """A third points at a second, that points at a first; all are made."""
    state = ProjectState()
    for operation in (
        migrations.CreateModel("First", [NUMBER, ("word", models.TextField())]),
        migrations.CreateModel(
            "Second", [("first", models.OneToOneField("policy.First", models.CASCADE, primary_key=True))]
        ),
        migrations.CreateModel("Third", [NUMBER, ("second", pointing_at("Second"))]),
    ):
        operation.state_forwards("policy", state)
    assert len(state.apps.get_models()) == 3
    return state


def kinds(state: ProjectState) -> dict[str, str | None]:
    fields = (field for model in state.apps.get_models() for field in model._meta.fields)
    return {str(field): field.db_type(connection) for field in fields}


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Fourth", [NUMBER, ("third", pointing_at("Third"))]),
        migrations.AddField("First", "more", models.CharField(max_length=9)),
        migrations.AddField("First", "above", models.ForeignKey("policy.Third", models.CASCADE, null=True)),
        migrations.AddConstraint("First", models.UniqueConstraint(fields=["word"], name="one_word")),
        migrations.AlterField("First", "word", models.CharField(max_length=5)),
        migrations.AlterField("First", "id", models.BigIntegerField(primary_key=True)),
        migrations.AlterField("Third", "second", pointing_at("First")),
        migrations.RenameField("First", "id", "number"),
        migrations.RenameModel("Second", "Middle"),
        migrations.RemoveField("Third", "second"),
        migrations.DeleteModel("Third"),
    ],
    ids=lambda operation: operation.describe(),
)
def test_columns_are_as_if_everything_were_made_anew(operation: Operation) -> None:
    spared, whole = chain(), chain()
    with sparing():
        operation.state_forwards("policy", spared)
        found = kinds(spared)
    operation.state_forwards("policy", whole)
    assert found == kinds(whole)


def test_what_only_adds_makes_one_model(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    render, state = StateApps.render_multiple, chain()

    def counted(apps: StateApps, states: list[ModelState]) -> None:
        made.append(len(states))
        render(apps, states)

    monkeypatch.setattr(StateApps, "render_multiple", counted)
    with sparing():
        migrations.AddField("First", "more", models.TextField()).state_forwards("policy", state)
        migrations.AlterField("First", "id", models.BigIntegerField(primary_key=True)).state_forwards("policy", state)
    assert made == [1, 3]
    assert state.is_delayed, "before a function of a migration runs, all are made anew"
