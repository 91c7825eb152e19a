"""The reputation panel: what people say with its sample, whether we answer and keep our voice; never a guess."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from calendar_app import corrections
from calendar_app.corrections import Told
from metrics import reputation
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span
from policy import voice
from policy.profile import Trait
from tests.factories import NOON, make_channel, make_delivery, make_payload, make_town, make_user
from tests.factories_calendar import make_placement, make_post
from tests.factories_samples import make_read_sample, say

pytestmark = pytest.mark.django_db
SPAN = Span(NOON - timedelta(weeks=4), NOON + timedelta(days=1), NOON + timedelta(hours=1))


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("manager")


def test_the_panel_prints_the_sample_and_the_agreement_and_knows_nothing_without_them(boss: User) -> None:
    lines = reputation.lines(SPAN)["What people say of us"]
    assert [one.figure.missing for one in lines] == ["no sample was read"] * 3
    make_read_sample(say(make_channel(), 20), ["praise"] * 12 + ["criticism"] * 4 + ["neutral"] * 4, by=boss)
    praise, criticism, each = reputation.lines(SPAN)["What people say of us"]
    assert (praise.value, praise.low, praise.high) == ("60", "39", "78")
    assert (criticism.value, each.value) == ("20", "3.0")
    assert praise.figure.notes[:2] == (
        "a sample of 20, read by people", "agreement is not known, 0 of 0 read twice were read alike",
    )  # fmt: skip


def test_mistakes_that_were_noted_count_with_what_was_decided(boss: User) -> None:
    publisher, channel = make_user("publisher"), make_channel()
    post = make_post(author=publisher, channels=[channel])
    placement = make_placement("published", post=post)
    for decision in ("correct", "none"):
        told = Told("The pool opens at 9", "It opens at 10", "About 200", "Ask the pool", decision, "Nobody saw it")
        corrections.decide(post, [placement], told, by=publisher, now=NOON)
    figure = RULES["put_right"].figure(RULES["put_right"].rows(SPAN))
    assert (figure.value, figure.part, figure.whole) == (50.0, 1, 2)


def test_a_trait_lies_beside_its_band_once_enough_went_out_and_says_when_nothing_measures_it(boss: User) -> None:
    profile = voice.current().profile
    traits = (
        Trait("Calm", "We do not shout.", ("V01",), "exclamations"),
        Trait("Fair", "We listen."),
        *profile.traits[:1],
    )
    voice.change(profile.but(traits=traits), voice.current().n, "", by=boss, now=NOON)
    calm, fair, _ = reputation.traits(SPAN.start, SPAN.end)[0]
    assert (calm.said, calm.checks, fair.said, fair.checks) == ("not enough yet", 1, "not measured", 0)
    channel = make_channel()
    for n in range(10):
        payload = make_payload(f"The pool opens at {n}. It is warm.")
        make_delivery("published", channel=channel, published_at=NOON, payload=payload)
    make_delivery("published", channel=channel, published_at=NOON, payload=make_payload("No!", visibility="direct"))
    (calm, *_), looked_at = reputation.traits(SPAN.start, SPAN.end)
    assert (calm.value, calm.said, looked_at) == (0.0, "within the band", 10)


def test_page_and_table_say_the_same(boss: User) -> None:
    client = Client()
    client.force_login(make_user("officer"))
    page = client.get(reverse("reports:reputation"), {"weeks": "4"}).content.decode()
    assert "not known" in page
    text = client.get(reverse("reports:reputation-table"), {"weeks": "4"}).content.decode()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["what"] for row in rows][:2] == ["Praise, as people read it", "Criticism, as people read it"]
    assert {row["missing"] for row in rows[:3]} == {"no sample was read"}
    assert client.get(reverse("reports:reputation"), {"weeks": "x"}).status_code == 200
