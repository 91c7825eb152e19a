"""Figures of other systems: set up, checked, brought in, restated, taken back; and the pages that show them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from accounts.refusals import Invalid, NotAllowed
from metrics.models import OutsideFigure, OutsideFile
from metrics.outside import bringing_in, held
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_topic
from tests.factories_measures import CALLS, SOURCE, bring_in, make_outside, set_up
from tests.factories_plan import csv_of

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 16)


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC")
    make_topic(name="Bins")
    return make_user("manager")


def values() -> list[int]:
    return [int(one.value) for one in held.current("contacts", FIRST, LAST)]


def test_a_later_file_restates_a_week_and_what_was_known_before_stays(boss: User) -> None:
    bring_in([("2026-11-09", "Bins", "Phone", "40")], by=boss)
    later = bring_in([("2026-11-11", "bins", "call", "55")], by=boss, now=NOON + timedelta(days=1))
    assert values() == [55]
    assert [int(one.value) for one in held.current("contacts", FIRST, LAST, NOON)] == [40]
    assert [one.words for one in held.restated("contacts", FIRST, LAST)] == ["restated from 40 to 55 by “calls.csv”"]
    bringing_in.take_back(later, "The wrong month", by=boss, now=NOON + timedelta(days=2))
    assert values() == [40]
    assert OutsideFigure.objects.count() == 2
    assert AuditEntry.objects.filter(act="taken_back").get().data["reason"] == "The wrong month"


def test_bad_rows_are_left_out_and_a_missing_number_is_never_nought(boss: User) -> None:
    rows = [("2026-11-09", "Bins", "Phone", "40"), ("2026-11-02", "Bins", "Phone", ""), ("soon", "Bins", "Phone", "1")]
    file = bring_in(rows, by=boss)
    assert (file.total, file.left_out, values()) == (3, 2, [40])


@pytest.mark.parametrize(
    ("rows", "why"), [([("2026-11-09", "Cats", "Phone", "40")], "No row"), ([("2026-11-09",)], "No row")]
)
def test_a_file_of_which_nothing_can_be_taken_changes_nothing(
    boss: User, rows: list[tuple[str, ...]], why: str
) -> None:
    file = set_up(make_outside(rows, by=boss))
    with pytest.raises(Invalid, match=why):
        bringing_in.bring_in(file, by=boss, now=NOON)
    file.refresh_from_db()
    assert (file.state, OutsideFigure.objects.count()) == ("new", 0)


def test_figures_are_only_ever_added_and_only_by_who_may(boss: User) -> None:
    bring_in([("2026-11-09", "Bins", "Phone", "40")], by=boss)
    with pytest.raises(DatabaseError), transaction.atomic():
        OutsideFigure.objects.update(value=1)
    with pytest.raises(NotAllowed):
        make_outside(by=make_user("publisher"))


def test_a_manager_brings_in_a_file_from_upload_to_figures(boss: User) -> None:
    client = Client()
    client.force_login(boss)
    data = csv_of([("2026-11-09", "Bins", "Phone", "40"), ("2026-11-09", "Bins", "Pigeon", "2")], CALLS)
    taken = client.post(
        reverse("measures:take-outside"), {"kind": "contacts", "file": SimpleUploadedFile("calls.csv", data)}
    )
    file = OutsideFile.objects.get()
    assert taken["Location"] == (address := reverse("measures:outside-file", args=[file.key]))
    assert client.get(address).context["checked"] is None
    asked = {f"column_{n}": name for n, name in enumerate(("on", "topic", "route", "value"))}
    how = {"encoding": "utf-8-sig", "separator": ",", "order": "dmy", "source": SOURCE}
    lacking = client.post(reverse("measures:set-up-outside", args=[file.key]), how | asked | {"column_3": ""})
    assert (lacking.status_code, "How many" in lacking.content.decode()) == (422, True)
    client.post(reverse("measures:set-up-outside", args=[file.key]), how | asked)
    page = client.get(address).content.decode()
    assert "1 of 2 rows can be taken, 1 cannot" in page
    assert "“Pigeon” is none of Phone" in page
    client.post(reverse("measures:bring-in-outside", args=[file.key]))
    assert values() == [40]
    assert "1 of 2 rows, 1 left out" in client.get(address).content.decode()
    assert SOURCE in client.get(reverse("measures:outside-figures", args=["contacts"])).content.decode()
    assert "40" in client.get(reverse("measures:outside-figures-table", args=["contacts"])).content.decode()
    without = client.post(reverse("measures:take-back-outside", args=[file.key]), {"why": ""})
    assert without.status_code == 422
    client.post(reverse("measures:take-back-outside", args=[file.key]), {"why": "Twice"})
    assert values() == []
    assert client.get(reverse("measures:outside")).status_code == 200


def test_the_switchboards_own_table_is_taken_as_it_is(boss: User) -> None:
    client = Client()
    client.force_login(boss)
    data = csv_of([("2026-11-09", "Bins", "40", "9")], ("Week", "Topic", "Phone", "Email"))
    client.post(reverse("measures:take-outside"), {"kind": "contacts", "file": SimpleUploadedFile("calls.csv", data)})
    file = OutsideFile.objects.get()
    asked = {f"column_{n}": name for n, name in enumerate(("on", "topic", "value:phone", "value:email"))}
    how = {"encoding": "utf-8-sig", "separator": ",", "order": "dmy", "source": SOURCE}
    mixed = client.post(reverse("measures:set-up-outside", args=[file.key]), how | asked | {"column_3": "value"})
    assert "Either each column is of one route" in mixed.content.decode()
    client.post(reverse("measures:set-up-outside", args=[file.key]), how | asked)
    address = reverse("measures:outside-file", args=[file.key])
    assert "2 of 2 rows can be taken" in client.get(address).content.decode()
    client.post(reverse("measures:bring-in-outside", args=[file.key]))
    assert sorted(OutsideFigure.objects.values_list("route", "value")) == [("email", 9), ("phone", 40)]


def test_what_can_be_no_table_is_refused_in_words(boss: User) -> None:
    client = Client()
    client.force_login(boss)
    form = {"kind": "contacts", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}
    answer = client.post(reverse("measures:take-outside"), form)
    assert (answer.status_code, "This is a PDF" in answer.content.decode()) == (422, True)
    assert not OutsideFile.objects.exists()
