"""A plan comes from a file: set up, checked row by row, made once whatever happens, and taken back as a whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from calendar_app import composing, importing, taking_back, working_through
from calendar_app.models import Import, ImportRow, Placement, Post
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_objective, make_topic, whole
from tests.factories_plan import checked, csv_of, imported, living_posts, make_import, worked

pytestmark = pytest.mark.django_db
HEADS = ("Date", "Time", "Channels", "Text", "Topic")
GOOD = ("2027-01-05", "10:00", "Town (Mastodon)", "The pool opens again.", "Roads")


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    make_topic(name="Roads")
    make_channel(name="Town")
    return make_town(zone="Europe/London")


@pytest.fixture
def publisher():
    return make_user("publisher", name="Sam Okoro")


@pytest.fixture
def desk(publisher) -> Client:
    client = Client()
    client.force_login(publisher)
    return client


def plan_of(count: int, bad_every: int = 0) -> bytes:
    """So many rows; each so-manieth one names a topic, a day or a channel that is none."""
    rows = []
    for n in range(count):
        row = (f"2027-{n % 12 + 1:02d}-{n % 28 + 1:02d}", "10:00", "Town (Mastodon)", f"Number {n}", "Roads")
        if bad_every and n % bad_every == 0:
            worse = [(*row[:4], "Raods"), ("2027-02-30", *row[1:]), (*row[:2], "Twon", *row[3:])]
            row = worse[n // bad_every % 3]
        rows.append(row)
    return csv_of(rows, HEADS)


def test_good_rows_become_drafts_with_their_times_pencilled_in(publisher):
    batch = imported(make_import(publisher, csv_of([GOOD], HEADS)))
    assert batch.state == "made"
    post = living_posts()[0]
    placement = post.placements.get()
    assert (post.text, post.topic.name, post.author) == ("The pool opens again.", "Roads", publisher)
    assert (placement.state, f"{placement.wall_at:%Y-%m-%d %H:%M}") == ("draft", "2027-01-05 10:00")
    assert post.versions.count() == 1
    assert composing.save(whole(post), composing.words_of(whole(post)), 1, by=publisher, now=NOON).changed is False


def test_of_five_thousand_rows_every_bad_one_is_told_with_its_reason_and_no_good_one_is_lost(publisher):
    batch = checked(make_import(publisher, plan_of(5000, bad_every=17)))
    counts = importing.counts(batch)
    assert (counts["good"], counts["bad"], batch.state) == (4705, 295, "checked")
    told = list(batch.rows.filter(state="bad").values_list("line", "why"))
    assert [line for line, _ in told] == [n + 2 for n in range(0, 5000, 17)]
    assert told[0][1] == "There is no topic called “Raods”. Did you mean “Roads”?"
    assert "is not a day of the calendar" in told[1][1]
    assert "There is no channel called “Twon”" in told[2][1]
    batch = worked(importing.begin(batch, by=publisher, now=NOON))
    assert Post.objects.count() == Placement.objects.count() == 4705
    assert len(set(Post.objects.values_list("text", flat=True))) == 4705


class Killed(Exception):
    """The worker's process ends here."""


@pytest.mark.parametrize("at", [1, 2])
def test_a_worker_that_dies_in_the_middle_loses_and_doubles_nothing(publisher, monkeypatch, at):
    batch = importing.begin(checked(make_import(publisher, plan_of(90))), by=publisher, now=NOON)
    monkeypatch.setattr(working_through, "PIECE", 40)
    really, calls = composing.create_many, []

    def dies(*words, **more):
        made = really(*words, **more)
        calls.append(1)
        if len(calls) == at:
            raise Killed
        return made

    monkeypatch.setattr(composing, "create_many", dies)
    with pytest.raises(Killed), transaction.atomic():
        worked(batch)
    assert worked(batch).state == "made"
    assert sorted(Post.objects.values_list("text", flat=True)) == sorted(f"Number {n}" for n in range(90))
    assert batch.rows.filter(state="made").exclude(post=None).count() == 90


def test_checking_can_be_broken_off_and_goes_on_where_it_was(publisher, monkeypatch):
    monkeypatch.setattr(working_through, "PIECE", 10)
    batch = make_import(publisher, plan_of(35))
    importing.set_up(batch, {**batch.read, "separator": ","}, batch.columns, by=publisher, now=NOON)
    assert working_through.piece(batch.pk, NOON)
    assert importing.counts(batch)["done"] == 10
    assert worked(batch).state == "checked"
    assert batch.rows.count() == 35


def test_making_the_same_row_again_finds_its_post(publisher):
    """Even where what was written down of a row was lost."""
    batch = imported(make_import(publisher, plan_of(3)))
    Import.objects.filter(pk=batch.pk).update(state="making")
    ImportRow.objects.filter(batch=batch).update(state="good", post=None)
    worked(batch)
    assert Post.objects.count() == 3
    assert batch.rows.exclude(post=None).count() == 3


def test_rows_of_one_post_become_one_post_with_a_wording_and_a_time_for_each_channel(publisher):
    make_channel("x", name="Town")
    heads = ("Post", "Date", "Time", "Channels", "Text", "Own wording")
    rows = [
        ("p1", "2027-01-05", "10:00", "Town (Mastodon)", "Long words", ""),
        ("p1", "2027-01-06", "11:00", "Town (X)", "Long words", "Short"),
        ("p1", "2027-01-07", "11:00", "Town (X)", "Long words", "Again"),
        ("p1", "2027-01-07", "11:00", "Town (X)", "Other words", ""),
    ]
    batch = imported(make_import(publisher, csv_of(rows, heads)))
    post = living_posts()[0]
    assert {(one.channel.platform, one.text, one.due_at.day) for one in post.placements.all()} == {
        ("mastodon", "", 5),
        ("x", "Short", 6),
    }
    assert [(row.line, row.why) for row in batch.rows.filter(state="bad")] == [
        (4, "town (x) is named for the same post on an earlier line."),
        (5, "Text is not what line 2 says of the same post."),
    ]


def test_an_undone_import_takes_back_what_is_not_out_and_says_what_stays(publisher):
    batch = imported(make_import(publisher, plan_of(3)))
    out, changed, other = living_posts()
    delivery = make_delivery("published", channel=out.placements.get().channel)
    out.placements.update(state="approved", delivery=delivery, approval=delivery.approval)
    composing.save(whole(changed), composing.words_of(whole(changed)).but(text="New"), 1, by=publisher, now=NOON)
    batch = worked(importing.undo(batch, by=publisher, now=NOON))
    assert batch.state == "undone"
    assert living_posts() == [out, changed]
    assert {row.post: row.why for row in batch.rows.filter(state="kept")} == {
        out: f"It is published on {delivery.channel}.",
        changed: "Sam Okoro changed it since.",
    }
    assert composing.take_up(whole(other), by=publisher, now=NOON).dropped_at is None


def test_undoing_five_thousand_rows_takes_as_many_statements_for_each_piece_however_many_are_in_it(
    publisher, django_assert_max_num_queries
):
    batch = imported(make_import(publisher, plan_of(5000)))
    kept = living_posts()[4711]
    composing.save(whole(kept), composing.words_of(whole(kept)).but(text="New"), 1, by=publisher, now=NOON)
    batch = importing.undo(batch, by=publisher, now=NOON)
    pieces = 5000 // taking_back.PIECE + 1
    with django_assert_max_num_queries(20 * pieces):
        batch = worked(batch)
    assert batch.state == "undone"
    assert living_posts() == [kept]
    assert batch.rows.filter(state="undone").count() == 4999
    assert Placement.objects.filter(state="cancelled").count() == 4999
    assert AuditEntry.objects.filter(act="dropped").count() == 4999
    assert AuditEntry.objects.filter(act="cancelled", data={"was": "draft"}).count() == 4999


def test_what_waits_to_go_out_is_called_off_with_the_import_and_what_began_to_go_stays(publisher):
    batch = imported(make_import(publisher, plan_of(3)))
    waits, begun, _ = living_posts()
    for post, state in ((waits, "scheduled"), (begun, "unknown")):
        row = make_delivery(state, channel=post.placements.get().channel)
        post.placements.update(state="approved", delivery=row, approval=row.approval)
    batch = worked(importing.undo(batch, by=publisher, now=NOON))
    assert living_posts() == [begun]
    assert "is on its way" in batch.rows.get(state="kept").why
    assert waits.placements.get().delivery.state == "cancelled"


def test_what_is_not_this_persons_to_cancel_stays_and_says_so(publisher):
    batch = imported(make_import(publisher, plan_of(2)))
    publisher.grants.all().delete()
    batch = worked(importing.undo(batch, by=publisher, now=NOON))
    assert len(living_posts()) == 2
    assert set(batch.rows.values_list("state", flat=True)) == {"kept"}


def test_a_row_that_is_over_by_the_time_it_is_made_is_told_and_the_others_are_made(publisher):
    batch = checked(make_import(publisher, plan_of(12)))
    importing.begin(batch, by=publisher, now=NOON)
    worked(batch, NOON + timedelta(days=60))
    assert Post.objects.count() == 11
    assert "is over" in batch.rows.get(state="bad").why


def test_what_a_person_does_not_write_for_is_not_written(publisher):
    own = make_channel("x", name="Own")
    officer = make_user("officer", scope=own.scope)
    rows = [GOOD, ("2027-01-05", "10:00", "Own", "Mine", "Roads")]
    batch = imported(make_import(officer, csv_of(rows, HEADS)))
    assert [post.text for post in living_posts()] == ["Mine"]
    assert "You do not write for Town (Mastodon)" in batch.rows.get(state="bad").why
    gone = checked(make_import(publisher, csv_of([GOOD], HEADS)))
    importing.begin(gone, by=publisher, now=NOON)
    type(publisher).objects.filter(pk=publisher.pk).update(is_active=False)
    worked(gone)
    assert len(living_posts()) == 1


def upload(desk: Client, data: bytes, name: str = "plan.csv"):
    return desk.post(reverse("plan:take-file"), {"file": SimpleUploadedFile(name, data)})


def test_from_the_file_to_the_calendar_and_back_through_the_pages(desk):
    answer = upload(desk, csv_of([GOOD, (*GOOD[:4], "Raods")], ("Day", "Time", "Network", "Message", "Topic")))
    key = Import.objects.get().key
    page = desk.get(answer["Location"]).content.decode()
    assert "What the columns mean" in page
    assert "The pool opens again." in page
    read = {"encoding": "utf-8-sig", "separator": ",", "order": "dmy", "time": ""}
    meanings = {"column_0": "date", "column_1": "time", "column_2": "channels", "column_3": "text", "column_4": "topic"}
    for name, meaning in meanings.items():
        assert f"id_{name}" in page
        assert f'<option value="{meaning}" selected>' in page
    wrong = desk.post(reverse("plan:check", args=[key]), {**read, **meanings, "column_4": "text", "act": "check"})
    assert wrong.status_code == 422
    assert "is Text already" in wrong.content.decode()
    desk.post(reverse("plan:check", args=[key]), {**read, **meanings, "act": "check"})
    address = reverse("plan:import", args=[key])
    assert "Checking the rows: 0 of 2" in desk.get(address).content.decode()
    assert desk.get(reverse("plan:progress", args=[key])).headers.get("HX-Refresh") is None
    worked(Import.objects.get())
    assert desk.get(reverse("plan:progress", args=[key])).headers["HX-Refresh"] == "true"
    page = desk.get(address).content.decode()
    assert "1 of 2 rows can be imported, 1 cannot" in page
    assert "Line 3" in page
    table = desk.get(reverse("plan:bad-rows", args=[key])).content.decode()
    assert "Did you mean “Roads”?" in table
    desk.post(reverse("plan:make", args=[key]))
    worked(Import.objects.get())
    assert "1 post from 1 row" in desk.get(address).content.decode()
    desk.post(reverse("plan:undo", args=[key]))
    worked(Import.objects.get())
    assert "1 row was undone" in desk.get(address).content.decode()
    assert "plan.csv" in desk.get(reverse("plan:imports")).content.decode()


def test_what_columns_mean_is_remembered_by_their_names(publisher):
    batch = make_import(publisher, csv_of([("a", "b")], ("Wording A", "Wording B")))
    assert batch.columns == {}
    importing.set_up(batch, {**batch.read, "separator": ","}, {"text": 1}, by=publisher, now=NOON)
    assert make_import(publisher, csv_of([("a", "b")], ("Wording B", "More"))).columns == {"text": 0}


def test_a_file_that_does_not_say_its_encoding_is_asked_about(desk):
    data = "Text;Topic\nDon’t miss the café;Roads".encode("cp1252")
    answer = upload(desk, data)
    page = desk.get(answer["Location"]).content.decode()
    assert "The file does not say how it is encoded" in page
    key = Import.objects.get().key
    read = {"encoding": "cp1252", "separator": ";", "order": "dmy", "time": "", "act": "look"}
    assert "Don’t miss the café" in desk.post(reverse("plan:check", args=[key]), read).content.decode()
    bad = desk.post(reverse("plan:check", args=[key]), {**read, "encoding": "utf-8-sig"})
    assert bad.status_code == 422
    assert "Line 2 cannot be read as UTF-8" in bad.content.decode()
    desk.post(reverse("plan:check", args=[key]), {**read, "act": "check", "column_0": "text", "column_1": "topic"})
    worked(importing.begin(worked(Import.objects.get()), by=Import.objects.get().by, now=NOON))
    assert living_posts()[0].text == "Don’t miss the café"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is a workbook"),
        (b"Text\n", "The file has no rows under its heads."),
        (b'Text\n"never ends', "a quoted cell never ends"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence_and_nothing_is_kept(desk, data, why):
    answer = upload(desk, data)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Import.objects.exists()


def test_the_town_decides_which_of_two_numbers_is_the_month(publisher):
    rows = csv_of([("03/04/2027", "10:00", "Town (Mastodon)", "x", "Roads")], HEADS)
    imported(make_import(publisher, rows))
    make_town(locale="en-us")
    imported(make_import(publisher, rows + b"\r\n"))
    assert [f"{one.due_at:%m-%d}" for one in Placement.objects.order_by("pk")] == ["04-03", "03-04"]


def test_the_same_file_twice_is_pointed_out_and_an_import_is_its_persons_own(publisher, desk):
    data = csv_of([GOOD], HEADS)
    imported(make_import(publisher, data))
    again = make_import(publisher, data)
    assert "in the calendar already" in desk.get(reverse("plan:import", args=[again.key])).content.decode()
    officer = Client()
    officer.force_login(make_user("officer"))
    assert officer.get(reverse("plan:import", args=[again.key])).status_code == 404
    desk.post(reverse("plan:discard", args=[again.key]))
    assert Import.objects.get(pk=again.pk).state == "dropped"
    assert make_objective().sentence
