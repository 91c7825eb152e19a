"""The plan leaves as a table, a workbook, a printed month and a private feed, for whom it may and as it is."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import UTC, date, datetime, timedelta

import icalendar
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import Invalid
from accounts.walltime import to_wall
from calendar_app import exporting, feeding, importing, planned, sheets
from calendar_app.models import Feed, Placement, Post, PostFact, PostPicture
from calendar_app.words import words_of
from channels_app.models import Media
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import (
    make_campaign,
    make_media,
    make_objective,
    make_placement,
    make_post,
    make_topic,
    whole,
)
from tests.factories_plan import csv_of, imported, make_import

pytestmark = pytest.mark.django_db
LONDON = "Europe/London"
NASTY = ["=1+1", "'=quoted", "two\nlines", 'a "quote", and; more', "+44 1632 960 100", "@home", "é£€ ’tis", " spaced "]
YEAR = (date(2026, 12, 1), date(2027, 11, 30))


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone=LONDON)


@pytest.fixture
def publisher():
    return make_user("publisher", name="Sam Okoro")


@pytest.fixture
def desk(publisher) -> Client:
    """Signed in a moment ago."""
    client = Client()
    client.force_login(publisher)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def plan_a_year(author) -> None:
    """Every week a post at a time of its own, on one or two channels, over both changes of the clocks."""
    channels = [make_channel("mastodon", name="Town"), make_channel("x", name="=Town; odd")]
    topic, campaign = make_topic(name="Bins"), make_campaign(name="-Winter")
    aim = make_objective(sentence="More people know, and say so.")
    for name in ("heron.png", "=odd | name [1].png"):
        make_media(name=name)
    first = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
    for week in range(50):
        post = Post.objects.create(
            author=author,
            text=NASTY[week % len(NASTY)] + (f" {week}" if week % 3 else ""),
            link="https://fernhill.example/?a=1,2" if week % 2 else "",
            kind="event" if week % 5 else "question",
            topic=topic if week % 4 else None,
            campaign=campaign if week % 3 else None,
            objective=aim if week % 2 else None,
            unplanned=not week % 2,
            benefit="done" if week % 2 else "",
            language="en",
            declared={"paid": True, "partner": "=Rotary"} if week % 7 == 0 else {},
            created_at=NOON,
            changed_at=NOON,
        )
        for n, channel in enumerate(channels[: week % 2 + 1]):
            due_at = first + timedelta(weeks=week, hours=week % 3, days=n * (week % 5 == 1))
            wall = to_wall(due_at, LONDON).replace(tzinfo=UTC)
            own = "=own words" if n and week % 4 == 1 else ""
            times = {"due_at": due_at, "wall_at": wall, "zone": LONDON}
            parts = ["Second part,\n---\nwith a rule", "=third"] if week % 6 == 0 else []
            poll = {"options": ["Yes | no", "-No"], "minutes": 180} if week % 6 == 2 and channel.platform == "x" else {}
            Placement.objects.create(post=post, channel=channel, text=own, parts=parts, poll=poll, **times)
        carry(post, week, author)


def carry(post: Post, week: int, author) -> None:
    """Pictures, facts, a quote and a consent, in turn, some with everything that makes a table stumble."""
    media = list(Media.objects.order_by("pk"))
    for place, one in enumerate(media[: week % 3]):
        alt = ["A heron | at the pond", "=two\nlines \\ with a slash", ""][(week + place) % 3]
        said = {"has_text": True, "text": "Open | daily"} if week % 2 else {}
        PostPicture.objects.create(post=post, media=one, position=place, alt=alt, declared=said)
    if week % 4 == 1:
        checked = {"checked_by": author, "checked_at": NOON} if week % 8 == 1 else {}
        PostFact.objects.create(post=post, words="5 km | of road", source="Survey, p. 3\nsecond line", **checked)
        PostFact.objects.create(post=post, position=1, words="=40 %", source="The pool")
    if week % 5 == 2:
        quote = {"words": "“We did it”", "by": "-Ada", "source": "Council"}
        Post.objects.filter(pk=post.pk).update(quote=quote | ({"card": str(media[0].key)} if week % 2 else {}))
    if week % 5 == 3:
        consent = {"people": "Kai and Lou", "safe": True, "by": str(author.key), "at": NOON.isoformat()}
        Post.objects.filter(pk=post.pk).update(consent=consent)


def written(user) -> list[list[str]]:
    """The plan as rows, without what a table only tells, each post by its place instead of its key."""
    rows = list(exporting.rows(user, *YEAR, LONDON, planned.Filters(), NOON))
    places: dict[str, str] = {}
    return [[places.setdefault(row[0], str(len(places))), *row[1 : len(sheets.COLUMNS)]] for row in rows]


def known_words() -> list[str]:
    """Everything the living posts say, without the keys of channels."""
    return sorted(str(words_of(whole(post))) for post in Post.objects.living())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_years_plan_goes_through_a_table_and_comes_back_unchanged(publisher, form):
    plan_a_year(publisher)
    before, said = written(publisher), known_words()
    rows = exporting.rows(publisher, *YEAR, LONDON, planned.Filters(), NOON)
    data = exporting.as_workbook(rows) if form == "xlsx" else exporting.as_csv(rows).encode()
    if form == "csv":
        assert not [cell for row in csv.reader(io.StringIO(data.decode())) for cell in row if cell[:1] in set("=+-@")]
    Post.objects.update(dropped_at=NOON)
    batch = imported(make_import(publisher, data, f"plan.{form}"))
    assert importing.counts(batch)["bad"] == 0, list(batch.rows.filter(state="bad").values_list("line", "why"))
    assert written(publisher) == before
    assert known_words() == said
    assert len(before) > 50
    assert Post.objects.living().count() == 50
    assert PostFact.objects.filter(post__dropped_at=None).exclude(checked_by=None).count() == 7


def test_a_file_cannot_say_that_somebody_checked_a_fact_or_recorded_a_consent(publisher):
    ada = make_user("officer", name="Ada Pond")
    row = ("x", "5 km | Survey | Ada Pond | 2026-11-01T10:00:00+00:00", "Kai", "yes", "Ada Pond | 2026-11-01T10:00:00Z")
    heads = (
        "Text",
        "Facts and their sources",
        "Who is shown and agreed",
        "Nobody is put at risk",
        "Consent recorded by",
    )
    imported(make_import(publisher, csv_of([row], heads)))
    post = Post.objects.get()
    assert post.facts.get().checked_by is None
    assert post.consent == {"people": "Kai", "safe": True, "by": str(publisher.key), "at": NOON.isoformat()}
    assert ada.name not in str(words_of(whole(post)))


def test_a_picture_is_named_by_name_and_what_may_not_be_used_is_told(publisher):
    one = make_media(name="heron.png")
    make_media(name="old.png", rights_until=date(2026, 1, 1))
    make_media(name="two.png")
    make_media(name="two.png")
    rows = [(f"Number {n}", cell) for n, cell in enumerate(["heron.png | A heron", "old.png", "two.png", "none.png"])]
    batch = imported(make_import(publisher, csv_of(rows, ("Text", "Picture"))))
    assert PostPicture.objects.get().media == one
    told = list(batch.rows.filter(state="bad").values_list("why", flat=True))
    for words, why in zip(["rights to “old.png” end", "more than one picture", "no picture called"], told, strict=True):
        assert words in why


def test_what_no_workbook_is_gets_one_clear_sentence_and_rows_are_numbered_as_in_the_sheet(publisher):
    for data in (b"PK\x03\x04rest", zipped({"content.xml": b"x"}), zipped({"xl/workbook.xml": b"<x"})):
        with pytest.raises(Invalid, match="This is a workbook"):
            make_import(publisher, data)
    with pytest.raises(Invalid, match="holds too much"):
        make_import(publisher, zipped({"xl/workbook.xml": b"0" * 61_000_000}))
    book = openpyxl.Workbook()
    for row in (["Text", "Date", "Time"], ["Good\nand long"], [], ["Bad", date(2027, 1, 5), 9.5]):
        book.active.append(row)
    into = io.BytesIO()
    book.save(into)
    batch = imported(make_import(publisher, into.getvalue(), "plan.xlsx"))
    assert list(batch.rows.values_list("line", "state")) == [(2, "made"), (4, "bad")]


def zipped(parts: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return into.getvalue()


def test_a_text_no_cell_can_hold_is_said_instead_of_cut(publisher):
    make_placement(post=make_post(text="x" * 40_000, author=publisher))
    rows = list(exporting.rows(publisher, date(2026, 11, 1), date(2026, 11, 30), LONDON, planned.Filters(), NOON))
    with pytest.raises(Invalid, match="longer than a cell"):
        exporting.as_workbook(rows)
    assert len(exporting.as_csv(rows)) > 40_000


def test_the_second_of_two_times_comes_back_as_the_second(publisher):
    channel = make_channel(name="Town")
    for hour in (0, 1):
        make_placement("draft", due_at=datetime(2027, 10, 31, hour, 30, tzinfo=UTC), post=make_post(channels=[channel]))
    before = written(publisher)
    assert [row[2:4] for row in before] == [["01:30", "first"], ["01:30", "second"]]
    text = exporting.as_csv(exporting.rows(publisher, *YEAR, LONDON, planned.Filters(), NOON))
    Post.objects.update(dropped_at=NOON)
    imported(make_import(publisher, text.encode()))
    assert written(publisher) == before


def test_a_table_holds_what_the_filters_leave_between_its_days(desk):
    one, other = make_channel("x", name="Town"), make_channel("facebook", name="Town")
    make_placement(post=make_post(text="On X", channels=[one]))
    make_placement(post=make_post(text="On Facebook", channels=[other]))
    make_placement(post=make_post(text="Later", channels=[one]), due_at=NOON + timedelta(days=40))
    make_post(text="Some day", channels=[one])
    asked = {"first": "2026-11-01", "last": "2026-11-30", "form": "csv", "channel": str(one.key)}
    text = desk.get(reverse("plan:export"), asked).content.decode()
    assert "On X" in text
    assert "Scheduled" in text
    assert not [gone for gone in ("On Facebook", "Later", "Some day") if gone in text]
    assert "Some day" in desk.get(reverse("plan:export"), {**asked, "undated": "on"}).content.decode()
    wrong = desk.get(reverse("plan:export"), {**asked, "last": "2026-10-01"})
    assert wrong.status_code == 422
    assert "The last day is before the first." in wrong.content.decode()


def test_a_workbook_holds_text_and_no_formula(desk):
    make_placement(post=make_post(text="=1+1"))
    answer = desk.get(reverse("plan:export"), {"first": "2026-11-01", "last": "2026-11-30", "form": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]] == exporting.names()
    cell = sheet["F2"]
    assert (cell.value, cell.data_type) == ("'=1+1", "s")


def test_a_person_of_one_channel_takes_away_only_its_posts():
    own = make_channel(name="Own")
    make_placement(post=make_post(text="Mine", channels=[own]))
    make_placement(post=make_post(text="Theirs"))
    client = Client()
    client.force_login(make_user("officer", scope=own.scope))
    text = client.get(reverse("plan:export"), {"first": "2026-11-01", "last": "2026-11-30", "form": "csv"}).content
    assert b"Mine" in text
    assert b"Theirs" not in text


def test_a_printed_month_says_every_state_in_words(desk):
    make_placement("failed", post=make_post(text="The pool", channels=[make_channel("x")]))
    page = desk.get(f"{reverse('plan:print')}?month=2026-11").content.decode()
    for words in ("The pool", "12:00", "Failed; X", "1 post", "Europe/London time"):
        assert words in page
    assert "plan/?month=2026-11" in desk.get("/calendar/?month=2026-11").content.decode()


def address(desk: Client) -> str:
    page = desk.post(reverse("plan:renew-feed")).content.decode()
    return page.split('readonly value="http://testserver')[1].split('"')[0]


def test_the_feed_is_a_valid_calendar_with_the_towns_zone_and_names_that_stay(desk):
    campaign = make_campaign(name="Summer")
    placement = make_placement(post=make_post(text="The pool, again; and\nmore", campaign=campaign))
    make_placement("draft", due_at=datetime(2027, 7, 1, 9, 0, tzinfo=UTC))
    path = address(desk)
    answer = Client().get(path)
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Cache-Control"] == "no-store"
    book = icalendar.Calendar.from_ical(answer.content)
    assert [zone["TZID"] for zone in book.walk("VTIMEZONE")] == [LONDON]
    events = book.walk("VEVENT")
    assert [event["DTSTART"].dt.astimezone(UTC) for event in events] == [NOON, datetime(2027, 7, 1, 9, tzinfo=UTC)]
    assert events[0]["DTSTART"].params["TZID"] == LONDON
    assert str(events[0]["SUMMARY"]) == "The pool, again; and (Scheduled)"
    assert events[0]["UID"] == f"{placement.key}@parley"
    again = icalendar.Calendar.from_ical(Client().get(path).content)
    assert [one["UID"] for one in again.walk("VEVENT")] == [one["UID"] for one in events]
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    assert "was last read 18 November, 12:00" in desk.get(reverse("plan:ways")).content.decode()


def test_a_feed_tells_the_second_of_two_times_in_utc():
    assert feeding.when(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), LONDON).utcoffset() == timedelta(hours=1)
    assert feeding.when(datetime(2027, 10, 31, 1, 30, tzinfo=UTC), LONDON).tzinfo is UTC


def test_an_address_ends_when_it_is_renewed_or_revoked_and_only_its_hash_is_kept(desk, publisher):
    first = address(desk)
    secret = first.split("/")[-1].removesuffix(".ics")
    assert secret not in str(Feed.objects.values())
    second = address(desk)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    desk.post(reverse("plan:revoke-feed"))
    assert Client().get(second).status_code == 404
    assert Feed.objects.filter(owner=publisher, revoked_at=None).count() == 0


def test_a_feed_shows_what_its_owner_may_see_at_that_moment():
    own = make_channel(name="Own")
    officer = make_user("officer", scope=own.scope)
    make_placement(post=make_post(text="Mine", channels=[own]))
    make_placement(post=make_post(text="Theirs"))
    _, path = feeding.renew(officer, NOON)
    shown = Client().get(path).content
    assert b"Mine" in shown
    assert b"Theirs" not in shown
    officer.grants.update(ends_at=NOON - timedelta(days=1))
    assert Client().get(path).status_code == 404
    _, path = feeding.renew(make_user("officer", is_active=False), NOON)
    assert Client().get(path).status_code == 404


def test_reading_too_often_and_guessing_are_slowed_down(desk, monkeypatch):
    path = address(desk)
    monkeypatch.setattr(feeding, "READS", 2)
    assert [Client().get(path).status_code for _ in range(3)] == [200, 200, 429]
    monkeypatch.setattr(feeding, "GUESSES", 2)
    wrong = reverse("plan:feed", kwargs={"secret": "guess"})
    assert [Client().get(wrong).status_code for _ in range(3)] == [404, 404, 429]
