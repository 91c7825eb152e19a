"""Rows as people read them: the town's clock, no bare keys, and a way to the thing where it has a page."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.urls import reverse

from metrics import row_words
from metrics.measures.answers import WaitRow, WriterRow
from metrics.measures.ledger import RULES

EDMONTON = ZoneInfo("America/Edmonton")
AT = datetime(2026, 11, 16, 6, 5, tzinfo=UTC)


def test_a_row_leads_to_its_thing_and_shows_no_key() -> None:
    key = uuid4()
    row = WaitRow(str(key), "Fernhill on X", AT, "kept", True, 1240.26, None, 24.0)
    found = row_words.line(row, EDMONTON)
    assert (found.name, found.url) == ("", reverse("inbox:conversation", args=[key]))
    words = [cell.words for cell in found.cells]
    assert words == ["Fernhill on X", "Sun 15 Nov 2026, 23:05", "kept", "yes", "1,240.3", "", "24.0"]
    assert [cell.number for cell in found.cells] == [False, False, False, False, True, False, True]
    assert len(row_words.heads(WaitRow)) == len(found.cells)


def test_a_row_about_nobody_in_particular_keeps_its_number() -> None:
    found = row_words.line(WriterRow("person 3", "Fernhill on X", AT, True, 2), EDMONTON)
    assert (found.name, found.url) == ("person 3", "")


def test_every_kind_of_row_that_opens_something_is_one_of_a_measure() -> None:
    assert set(row_words.OPENS) <= {rule.row for rule in RULES.values()}
    for route in set(row_words.OPENS.values()):
        assert reverse(route, args=[uuid4()])
