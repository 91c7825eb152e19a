"""The grid of rights: who can do what where, many changed at once, shown before and taken back after."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts import access, bulk, clock, grid
from accounts.models import AuditEntry, Grant, Scope
from accounts.refusals import Invalid, LostRace, Refusal
from tests.factories import NOON, give, make_channel, make_town, make_user
from tests.factories_people import make_attempt, make_module

pytestmark = pytest.mark.django_db
PAGE = "/settings/people/rights/"


def roles(user: object) -> list[tuple[str, str]]:
    found = Grant.objects.filter(user=user).current(clock.now() + timedelta(seconds=1))
    return sorted((one.role, one.scope.name if one.scope else "all") for one in found)


def test_the_grid_says_who_is_what_where_and_whose_keys_rest() -> None:
    module, pool = make_module(roles=["officer"]), make_channel(name="Pool")
    trained, lapsed = make_user("officer", name="Anna"), make_user("officer", scope=pool.scope, name="Ben")
    make_attempt(trained, module)
    built = grid.build(NOON)
    assert [column.name if column else "all" for column in built.columns] == ["all", "Pool"]
    cells = {row.person.name: [[right.grant.role for right in rights] for _, rights in row.cells] for row in built.rows}
    assert cells == {"Anna": [["officer"], []], "Ben": [[], ["officer"]]}
    idle = {row.person.name: [len(one.idle) for _, rights in row.cells for one in rights] for row in built.rows}
    assert idle == {"Anna": [0], "Ben": [1]}
    assert [row.person for row in grid.build(NOON, may="answer").rows] == [trained]
    assert [row.person for row in grid.build(NOON, may="write_post").rows] == [trained, lapsed]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"words": "an"}, ["Anna", "Dan"]),
        ({"words": "DAN@"}, ["Dan"]),
        ({"role": "publisher"}, ["Dan"]),
        ({"ends": True}, ["Dan"]),
        ({"may": "grant"}, ["Carl"]),
        ({"role": "approver"}, []),
    ],
)
def test_the_grid_is_filtered(asked: dict[str, object], names: list[str]) -> None:
    make_user("officer", name="Anna", email="a@fernhill.example")
    make_user("administrator", name="Carl", email="c@fernhill.example")
    give(dan := make_user(name="Dan", email="dan@fernhill.example"), "publisher")
    Grant.objects.filter(user=dan).update(ends_at=NOON + timedelta(days=3))
    assert [row.person.name for row in grid.build(NOON, **asked).rows] == names


def test_many_rights_are_shown_given_and_taken_back(client: Client) -> None:
    make_town(zone="America/New_York")
    pool, library = make_channel(name="Pool"), make_channel(name="Library")
    anna, ben = make_user(name="Anna"), make_user("officer", scope=pool.scope, name="Ben")
    client.force_login(make_user("administrator"))
    form = {
        "people": [str(anna.key), str(ben.key)], "where": [str(pool.scope.pk), str(library.scope.pk)],
        "role": "officer", "what": "give", "until": "2030-01-31",
    }  # fmt: skip
    page = client.post(f"{PAGE}preview/", form).content.decode()
    assert "Change 3 rights?" in page
    assert "Ben has it for Pool, but until another day: end it first." in page
    assert not roles(anna)
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark
    assert client.post(f"{PAGE}change/", form | {"mark": mark[1]})["Location"] == PAGE
    assert roles(anna) == [("officer", "Library"), ("officer", "Pool")]
    assert {grant.ends_at.isoformat() for grant in Grant.objects.filter(user=anna)} == {"2030-02-01T05:00:00+00:00"}
    entry = AuditEntry.objects.get(act=bulk.DONE)
    assert entry.subject == "Rights of 2 people"
    assert "Rights of 2 people: 3 changed" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}{entry.pk}/undo/")
    assert roles(anna) == []
    assert roles(ben) == [("officer", "Pool")]
    assert "Take it back" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{entry.pk}/undo/").status_code == 422


def test_a_plan_that_no_longer_fits_is_shown_anew_and_nothing_is_done(client: Client) -> None:
    anna, ben = make_user(name="Anna"), make_user(name="Ben")
    planned = bulk.plan([anna, ben], [None], "officer", "give", NOON)
    give(anna, "officer")
    again = bulk.plan([anna, ben], [None], "officer", "give", NOON)
    with pytest.raises(LostRace):
        bulk.carry_out(again, planned.mark, by=make_user("administrator"), now=NOON)
    assert not roles(ben)
    client.force_login(make_user("administrator"))
    form = {"people": [str(ben.key)], "where": ["all"], "role": "officer", "what": "give", "mark": "old"}
    page = client.post(f"{PAGE}change/", form)
    assert page.status_code == 409
    assert "Ben becomes officer for all channels" in page.content.decode()


def test_rights_end_at_once_and_come_back_with_their_day() -> None:
    by, anna = make_user("administrator"), make_user("officer", name="Anna")
    end = NOON + timedelta(days=30)
    Grant.objects.filter(user=anna).update(ends_at=end)
    planned = bulk.plan([anna], [None], "officer", "end", NOON)
    entry = bulk.carry_out(planned, planned.mark, by=by, now=NOON)
    assert not access.may(anna, "answer", NOON)
    bulk.undo(entry, by=by, now=NOON + timedelta(hours=1))
    assert access.may(anna, "answer", NOON + timedelta(hours=1))
    assert Grant.objects.filter(user=anna).latest("pk").ends_at == end
    with pytest.raises(Invalid, match="cannot be taken back"):
        bulk.undo(entry, by=by, now=NOON + timedelta(hours=2))


def test_the_last_administrator_stays_also_in_bulk() -> None:
    one, two = make_user("administrator"), make_user("administrator")
    planned = bulk.plan([one, two], [None], "administrator", "end", NOON)
    with pytest.raises(Refusal, match="at least one administrator"):
        bulk.carry_out(planned, planned.mark, by=one, now=NOON)
    assert access.may(one, "grant", NOON)
    assert access.may(two, "grant", NOON)


def test_nothing_ticked_says_what_is_missing(client: Client) -> None:
    client.force_login(make_user("administrator"))
    answer = client.post(f"{PAGE}preview/", {"role": "officer", "what": "give"})
    assert answer.status_code == 422
    assert "Tick at least one person." in answer.content.decode()


def test_managers_see_the_grid_and_change_nothing(client: Client) -> None:
    Scope.objects.create(kind="department", name="Parks")
    client.force_login(make_user("manager"))
    page = client.get(PAGE).content.decode()
    assert "Parks" in page
    assert 'name="people"' not in page
    assert client.post(f"{PAGE}preview/").status_code == 403


def test_the_table_of_rights_is_safe_in_a_spreadsheet_and_noted(client: Client) -> None:
    user = make_user("officer", name="+Plus", email="plus@fernhill.example")
    client.force_login(make_user("manager"))
    rows = client.get("/settings/people/rights.csv").content.decode("utf-8-sig").splitlines()
    assert f"'+Plus,{user.email},Officer,All channels,,,no" in rows
    assert AuditEntry.objects.filter(act="exported_rights").exists()
