"""A sample of what residents write: drawn by lot, read by people who see nobody else's reading, counted when whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from accounts.refusals import Invalid, NotAllowed
from metrics import sampling
from metrics.measures import tracing
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span
from metrics.models import Coding, Sample
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_incoming, receive
from tests.factories_samples import make_read_sample, make_sample, say

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SPAN = Span(NOON - 8 * DAY, NOON + DAY, NOON)


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("manager")


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_lot_is_settled_by_its_seed_and_by_nothing_else() -> None:
    assert sampling.lot(range(100), 5, "a") == sampling.lot(reversed(range(100)), 5, "a")
    assert sampling.lot(range(100), 5, "a") != sampling.lot(range(100), 5, "b")
    hits = [0] * 20
    for n in range(200):
        for pk in sampling.lot(range(20), 5, str(n)):
            hits[pk] += 1
    assert min(hits) > 25  # each is drawn 50 times on average
    assert max(hits) < 80


def test_only_public_words_of_residents_that_are_still_there_are_drawn(boss: User) -> None:
    channel = make_channel()
    at = NOON - 3 * DAY
    kept = say(channel, 10)
    receive(channel, make_incoming("Secret", kind="direct", visibility="direct", at=at))
    (gone,) = receive(channel, make_incoming("Gone", at=at))
    gone.gone_at = at
    gone.save()
    receive(channel, make_incoming("Older", at=NOON - 9 * DAY))
    one = sampling.draw((NOON - 7 * DAY).date(), (NOON - DAY).date(), 400, 20, by=boss, now=NOON)
    assert (one.whole, one.size, one.twice) == (10, 10, 2)
    assert {row.message_id for row in one.drawn.all()} == {message.pk for message in kept}


@pytest.mark.parametrize(
    ("first", "last", "size", "why"),
    [(-7, -8, 60, "comes after"), (-7, 0, 60, "not over yet"), (-7, -1, 9, "between"), (-7, -1, 60, "say nothing")],
)
def test_a_sample_that_would_say_nothing_is_not_drawn(boss: User, first: int, last: int, size: int, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        sampling.draw((NOON + first * DAY).date(), (NOON + last * DAY).date(), size, 20, by=boss, now=NOON)
    assert not Sample.objects.exists()


def read(one: Sample, user: User, tone: str = "neutral") -> int:
    """Read all that waits for this person; how many there were."""
    n = 0
    while (drawn := sampling.waiting_for(one, user, NOON).first()) is not None:
        sampling.code(drawn, tone, by=user, now=NOON + timedelta(seconds=n))
        n += 1
    return n


def test_it_counts_once_all_is_read_and_the_second_reader_is_somebody_else(boss: User) -> None:
    one, officer, other = make_sample(by=boss), make_user("officer"), make_user("officer")
    assert read(one, officer, "praise") == 10
    assert read(one, officer) == 0  # a second reading is another person's
    with pytest.raises(Invalid, match="Not everything is read: 10 of 10 read, 0 of 2 by a second person"):
        sampling.finish(one, by=boss, now=NOON)
    assert RULES["praise"].rows(SPAN) == []
    assert read(one, other, "neutral") == 2
    sampling.finish(one, by=boss, now=NOON)
    rows = RULES["praise"].rows(SPAN)
    figure = RULES["praise"].figure(rows)
    assert (figure.value, figure.part, figure.whole) == (100.0, 10, 10)
    assert "agreement of two people κ = 0.00, 0 of 2 read twice were read alike" in figure.notes
    assert "drawn by lot: 10 of 12 messages from 11 November to 17 November 2026" in figure.notes
    again = RULES["praise"].figure(tracing.read(RULES["praise"].row, tracing.table(RULES["praise"].row, rows)))
    assert again == figure
    with pytest.raises(Invalid, match="not read any longer"):
        sampling.code(one.drawn.first(), "praise", by=boss, now=NOON)
    with pytest.raises(NotAllowed):
        sampling.finish(one, by=officer, now=NOON)


def test_a_reading_is_taken_back_by_whoever_made_it_and_a_dropped_sample_stays_with_its_reason(boss: User) -> None:
    one, officer = make_sample(by=boss), make_user("officer")
    assert read(one, officer) == 10
    back = sampling.take_back(one, by=officer, now=NOON)
    assert sampling.waiting_for(one, officer, NOON).get() == back
    sampling.drop(one, "Drawn twice", by=boss, now=NOON)
    assert AuditEntry.objects.get(act="dropped").data["reason"] == "Drawn twice"
    with pytest.raises(Invalid, match="its readings stay"):
        sampling.take_back(one, by=officer, now=NOON)


def test_a_message_of_two_samples_counts_once_with_the_newer_reading(boss: User) -> None:
    said = say(make_channel(), 10)
    make_read_sample(said, ["praise"] * 10, by=boss, now=NOON - DAY)
    make_read_sample(said[:4], ["criticism"] * 4, by=boss, now=NOON)
    figure = RULES["criticism"].figure(RULES["criticism"].rows(SPAN))
    assert (figure.part, figure.whole) == (4, 10)
    before = Span(SPAN.start, SPAN.end, NOON - DAY)  # as it was known then
    assert RULES["criticism"].figure(RULES["criticism"].rows(before)).part == 0


def test_a_person_reads_on_the_page_what_is_on_their_channels_and_sees_nobody_elses_reading(boss: User) -> None:
    channel = make_channel(name="Fernhill")
    one = make_sample(channel, by=boss, share=100)
    officer, neighbour = make_user("officer"), make_user("officer", scope=make_channel().scope)
    address = reverse("measures:read-sample", args=[one.key])
    client = seat(officer)
    page = client.get(address).content.decode()
    assert "10 wait for you" in page
    assert "Nothing left for you to read" in seat(neighbour).get(address).content.decode()
    first = sampling.waiting_for(one, officer, NOON).first()
    assert first is not None
    assert client.post(address, {"place": first.place, "tone": "great"}).status_code == 422
    for _ in range(2):  # sent twice, it counts once
        assert client.post(address, {"place": first.place, "tone": "praise"}).status_code == 302
    assert Coding.objects.get().tone == "praise"
    shown = seat(boss).get(reverse("measures:sample", args=[one.key])).content.decode()
    assert "1 of 10" not in shown  # no share of what is half read
    assert "Finish and count it" not in shown
    assert client.get(reverse("measures:sample-table", args=[one.key])).status_code == 422


def test_a_manager_draws_and_finishes_on_the_pages_and_the_table_gives_the_figure(boss: User) -> None:
    channel, client = make_channel(name="Fernhill"), seat(boss)
    one = make_read_sample(say(channel, 12), ["praise"] * 6 + ["criticism"] * 3 + ["neutral"] * 3, by=boss)
    page = client.get(reverse("measures:samples")).content.decode()
    assert "between 25 and 75" in page
    text = client.get(reverse("measures:sample-table", args=[one.key])).content.decode()
    figure = RULES["praise"].figure(tracing.read(RULES["praise"].row, text))
    assert (figure.part, figure.whole) == (6, 12)
    assert "resident" not in text
    wrong = client.post(reverse("measures:draw-sample"), {"first": "2026-11-10", "last": "2026-11-01", "size": 60,
                                                          "share": 20})  # fmt: skip
    assert (wrong.status_code, "comes after the first" in wrong.content.decode()) == (422, True)
