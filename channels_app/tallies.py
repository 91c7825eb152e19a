"""Counting without counting everything: numbers that are added to where something happens, or as a patrol passes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection

from channels_app.models import Tally

ADD = """
    INSERT INTO channels_app_tally (name, label, value) VALUES (%s, %s, %s)
    ON CONFLICT (name, label) DO UPDATE SET value = channels_app_tally.value + EXCLUDED.value
"""


def add(name: str, label: str = "", amount: int = 1) -> None:
    """Count `amount` more under this name and label."""
    add_all({(name, label): amount})


def add_all(counts: Mapping[tuple[str, str], int]) -> None:
    """Several at once, always in one order, so that two who count at once never wait for each other in a circle."""
    with connection.cursor() as cursor:
        for (name, label), amount in sorted(counts.items()):
            cursor.execute(ADD, [name, label, amount])


def put(name: str, value: int, label: str = "") -> None:
    """Set a number, such as how far a patrol has come."""
    Tally.objects.update_or_create(name=name, label=label, defaults={"value": value})


def put_all(numbers: Mapping[tuple[str, str], int]) -> None:
    """Set several at once, always in one order."""
    rows = [Tally(name=name, label=label, value=value) for (name, label), value in sorted(numbers.items())]
    Tally.objects.bulk_create(rows, update_conflicts=True, unique_fields=["name", "label"], update_fields=["value"])


def get(name: str, label: str = "") -> int:
    return Tally.objects.filter(name=name, label=label).values_list("value", flat=True).first() or 0


def read(names: Iterable[str]) -> dict[str, dict[str, int]]:
    """The numbers under these names, by label."""
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, label, value in Tally.objects.filter(name__in=found).values_list("name", "label", "value"):
        found[name][label] = value
    return found
