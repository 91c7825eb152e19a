"""The audit trail is read: searched, said in sentences, taken away as a table, and checked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from accounts import audit, trail
from accounts.models import AuditEntry
from tests.factories import NOON, make_town, make_user

pytestmark = pytest.mark.django_db


def found(**asked: object) -> list[str]:
    return [one.entry.act for one in trail.page(trail.Asked(**asked), "Europe/London")[0]]


def test_entries_are_found_by_words_person_act_thing_and_day() -> None:
    amara, tom = make_user("publisher", name="Amara Osei"), make_user("officer", name="Tom Birch")
    audit.record("granted", tom, by=amara, now=NOON)
    audit.record("signed_in", tom, by=tom, now=NOON + timedelta(days=1))
    audit.record("tested", None, by=None, now=NOON + timedelta(days=2), subject="The mail")
    assert found() == ["tested", "signed_in", "granted"]
    assert found(words="amara") == ["granted"]
    assert found(words="TOM") == ["signed_in", "granted"]
    assert found(person=str(tom.key)) == ["signed_in"]
    assert found(act="granted") == ["granted"]
    assert found(kind="system") == ["tested"]
    assert found(since=date(2026, 11, 19)) == ["tested", "signed_in"]
    assert found(until=date(2026, 11, 18)) == ["granted"]


def test_a_day_is_the_towns_day_also_when_clocks_change() -> None:
    for moment in ("2026-03-28T23:59:59", "2026-03-29T00:00:00", "2026-03-29T22:59:59", "2026-03-29T23:00:00"):
        audit.record("tested", None, by=None, now=datetime.fromisoformat(moment).replace(tzinfo=UTC), subject=moment)
    day = date(2026, 3, 29)
    rows = trail.find(trail.Asked(since=day, until=day), "Europe/London").values_list("subject", flat=True)
    assert list(rows) == ["2026-03-29T22:59:59", "2026-03-29T00:00:00"]


def test_pages_follow_each_other_without_a_gap_while_entries_are_added() -> None:
    for n in range(120):
        audit.record("tested", None, by=None, now=NOON, subject=f"{n}")
    rows, more = trail.page(trail.Asked(), "UTC")
    audit.record("tested", None, by=None, now=NOON, subject="new")
    second, more_again = trail.page(trail.Asked(before=more), "UTC")
    third, end = trail.page(trail.Asked(before=more_again), "UTC")
    assert [one.entry.subject for one in rows + second + third] == [str(n) for n in range(119, -1, -1)]
    assert end is None


@pytest.mark.parametrize(
    ("act", "data", "words", "lines"),
    [
        ("granted", {"role": "officer", "scope": None}, "Amara gave a right to Tom", ["role: Officer"]),
        ("changed_settings", {"was": {"name": "A", "zone": "UTC"}, "became": {"name": "B", "zone": "UTC"}},
         "Amara changed the settings of Tom", ["name: A → B"]),
        ("assigned", {"was": "", "became": "Tom"}, "Amara assigned: Tom", ["– → Tom"]),
        ("sign_in_failed", {}, "A sign-in as Tom failed", []),
        ("published", {"was": "sending"}, "Amara published: Tom", ["before: sending"]),
        ("disabled", {"sessions": 2, "grants": [{"role": "officer"}]}, "Amara switched off Tom",
         ["sessions: 2", "grants: role: Officer"]),
    ],
)  # fmt: skip
def test_an_entry_is_a_sentence_with_what_it_was_before(
    act: str, data: dict[str, object], words: str, lines: list[str]
) -> None:
    entry = AuditEntry(at=NOON, actor_words="Amara", act=act, kind="user", subject="Tom", data=data)
    told = trail.tell(entry)
    assert (told.sentence, list(told.lines)) == (words, lines)


def test_things_are_named_as_people_call_them_and_keys_are_counted() -> None:
    assert [trail.thing(one) for one in ("user", "trainingmodule", "system")] == ["user", "training module", "system"]
    assert trail.plain([str(uuid4()), str(uuid4())]) == "2"
    assert trail.plain(["officer", str(uuid4())]).startswith("Officer, ")


def test_the_page_searches_and_pages_by_its_address(client: Client) -> None:
    make_town(zone="UTC")
    officer = make_user("records_officer", name="Marcus Webb")
    for n in range(60):
        audit.record("tested", None, by=officer, now=NOON, subject=f"Thing {n}")
    client.force_login(officer)
    page = client.get("/audit/?words=thing").content.decode()
    assert "Marcus Webb tested: Thing 59" in page
    assert "Thing 9<" not in page
    assert "before=" in page
    assert "Nothing fits" in client.get("/audit/?words=nothing+like+it").content.decode()
    assert client.get("/audit/?since=yesterday").status_code == 422


def test_taking_it_away_is_an_entry_itself(client: Client) -> None:
    client.force_login(make_user("manager"))
    audit.record("tested", None, by=None, now=NOON, subject="=1+1")
    rows = client.get("/audit/table.csv?words=1%2B1").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert ",'=1+1," in rows[1]
    entry = AuditEntry.objects.get(act="exported_audit")
    assert (entry.data["rows"], entry.data["search"]) == (1, "words=1%2B1")


def test_a_table_that_would_be_cut_off_is_not_made(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(make_user("records_officer"))
    for n in range(3):
        audit.record("tested", None, by=None, now=NOON, subject=f"{n}")
    monkeypatch.setattr(trail, "MOST", 2)
    assert client.get("/audit/table.csv?act=tested")["Location"] == "/audit/?act=tested"
    assert "More than 2 entries fit" in client.get("/audit/").content.decode()
    monkeypatch.setattr(trail, "MOST", 3)
    assert client.get("/audit/table.csv?act=tested").status_code == 200


def test_the_check_says_whole_and_names_what_is_broken(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(make_user("administrator"))
    for _ in range(3):
        audit.record("tested", None, by=None, now=NOON, subject="The mail")
    audit.seal()
    assert "all 3 sealed entries fit together" in client.post("/audit/verify/", follow=True).content.decode()
    assert AuditEntry.objects.get(act="verified_audit").data == {"whole": True, "entries": 3}
    second = AuditEntry.objects.order_by("pk")[1]
    true = audit.digest
    monkeypatch.setattr(audit, "digest", lambda prev, entry: "x" if entry.pk == second.pk else true(prev, entry))
    page = client.post("/audit/verify/", follow=True).content.decode()
    assert "The trail is broken at an entry of 18 November 2026, 12:00 (Parley, tested)" in page


@pytest.mark.parametrize("role", ["contributor", "officer", "publisher", "approver"])
def test_others_do_not_see_it(role: str, client: Client) -> None:
    client.force_login(make_user(role))
    for path in ("/audit/", "/audit/table.csv"):
        assert client.get(path).status_code == 403
    assert client.post("/audit/verify/").status_code == 403
