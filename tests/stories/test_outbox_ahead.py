"""What takes long is prepared before its moment, and is everybody's to change until then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.refusals import IllegalMove
from channels_app import connecting, outbox
from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Account, Outgoing, TryLater
from channels_app.publishing import ahead, rounds
from channels_app.publishing.publisher import at
from tests.factories import NOON, make_approval, make_channel, make_delivery, make_payload, make_user
from tests.stage import CONTENT, LATER, SILENCE, Stage, after, live

pytestmark = pytest.mark.django_db
DUE, BEGINS = after(minutes=10), after(minutes=8, seconds=20)
FILM = [f"part:{n}" for n in range(20)]  # five seconds each


@pytest.fixture
def film(stage: Stage) -> Stage:
    stage.step_names = FILM
    return stage


def planned(due_at: datetime = DUE, **more: Any) -> Delivery:
    """A post that somebody has just scheduled."""
    channel = more.pop("channel", None) or make_channel()
    payload = make_payload("The film of the weir.")
    approval = make_approval(payload, channel)
    return outbox.create(channel, "post", "post", payload, approval, None, due_at, NOON, **more)


def meanwhile(stage: Stage, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """While the first step is under way, somebody does this."""
    usual = stage.prepare

    def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
        if step == FILM[0] and FILM[0] not in stage.uploaded:
            act()
        return usual(account, outgoing, step)

    monkeypatch.setattr(stage, "prepare", prepare)


def test_a_film_is_there_when_its_moment_comes_and_goes_out_at_once(film: Stage) -> None:
    delivery = planned()
    assert delivery.next_action_at == BEGINS
    live(delivery, BEGINS - timedelta(seconds=1))
    assert film.uploaded == []
    live(delivery, BEGINS)
    assert (delivery.state, film.uploaded, film.sent) == ("scheduled", FILM, [])
    assert (delivery.next_action_at, outbox.words_for(delivery, BEGINS).label) == (DUE, "Scheduled")
    live(delivery, DUE - timedelta(seconds=1))
    assert film.sent == []
    live(delivery, DUE)
    assert (delivery.state, delivery.late, film.uploaded) == ("published", False, FILM)
    assert list(film.sent[0].prepared) == FILM


@pytest.mark.parametrize(
    ("steps", "name", "due_at", "begins"),
    [
        (FILM[:2], "stage", DUE, DUE),  # some seconds are no reason to begin before
        (FILM, "wordpress", DUE, DUE),  # what is brought there is public
        (FILM, "stage", NOON, NOON),
        (FILM, "stage", after(seconds=30), NOON),
    ],
)
def test_when_it_begins(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, steps: list[str], name: str, due_at: datetime, begins: datetime
) -> None:
    stage.step_names = steps
    monkeypatch.setattr(Stage, "NAME", name)
    assert planned(due_at).next_action_at == begins


def test_who_takes_it_back_while_a_step_is_under_way_has_won(film: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery, boss = planned(), make_user("publisher")
    meanwhile(film, monkeypatch, lambda: outbox.cancel(fresh(delivery), boss, BEGINS, delivery.version))
    live(delivery, BEGINS, DUE)
    assert (delivery.state, delivery.prepared, film.sent) == ("cancelled", {}, [])


def test_who_moves_it_while_a_step_is_under_way_has_won(film: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery, boss, later = planned(), make_user("publisher"), DUE + timedelta(hours=1)
    act = lambda: outbox.reschedule(fresh(delivery), later, boss, BEGINS, delivery.version)  # noqa: E731
    meanwhile(film, monkeypatch, act)
    live(delivery, BEGINS, DUE)
    assert (delivery.state, delivery.prepared, film.sent) == ("scheduled", {}, [])
    assert delivery.next_action_at == later - timedelta(seconds=100)
    assert live(delivery, delivery.next_action_at, later).state == "published"


def fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_related("channel").get(pk=delivery.pk)


def test_what_goes_wrong_ahead_of_time_is_tried_again_or_left_for_its_moment(film: Stage) -> None:
    film.uploads = [None, LATER, SILENCE]
    delivery = planned()
    live(delivery, BEGINS)
    assert (delivery.state, list(delivery.prepared)) == ("scheduled", FILM[:1])
    assert delivery.next_action_at == BEGINS + timedelta(minutes=1)
    live(delivery, BEGINS + timedelta(minutes=1))
    assert (delivery.state, delivery.next_action_at) == ("scheduled", DUE)
    film.uploads = [CONTENT]
    live(delivery, DUE)
    assert (delivery.state, delivery.why_words, film.sent) == ("failed", CONTENT.words, [])


def test_what_was_prepared_and_is_of_no_use_is_prepared_anew_before_its_moment(film: Stage) -> None:
    film.uploads = [None, TryLater("It has expired.", code="busy", wait=5, anew=True, at_work=True)]
    delivery = live(planned(), BEGINS)
    assert (delivery.prepared, delivery.next_action_at) == ({}, BEGINS + timedelta(seconds=5))
    assert live(delivery, BEGINS + timedelta(seconds=5), DUE).state == "published"


def withdraw(delivery: Delivery) -> None:
    type(delivery.approval).objects.filter(pk=delivery.approval_id).update(withdrawn_at=NOON)


@pytest.mark.parametrize(
    "stop",
    [
        withdraw,
        lambda delivery: connecting.pause(delivery.channel, "Court", by=make_user("administrator"), now=NOON),
        lambda delivery: outbox.stop_all(make_user("administrator"), NOON, "Fire"),
        lambda delivery: Channel.objects.update(next_send_at=after(hours=1), next_send_why="limit"),
        lambda delivery: Delivery.objects.update(ask_first=True),
    ],
)
def test_nothing_is_brought_anywhere_that_may_not_go_out(film: Stage, stop: Callable[[Delivery], object]) -> None:
    delivery = planned()
    stop(delivery)
    live(delivery, BEGINS, BEGINS + timedelta(seconds=10))
    assert (delivery.state, film.uploaded) == ("scheduled", [])


def test_no_post_of_its_channel_waits_for_it(film: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = make_channel()
    planned(channel=channel)
    film.step_names = []
    other = make_delivery(channel=channel, due_at=BEGINS, text="Flood.")
    seen: list[str] = []
    meanwhile(film, monkeypatch, lambda: seen.append(fresh(other).state))
    monkeypatch.setattr(film, "steps", lambda account, outgoing: FILM if "film" in outgoing.text else [])
    live(other, BEGINS)
    assert seen == ["published"]


def test_a_step_is_one_workers_until_its_lease_ends(film: Stage) -> None:
    planned()
    me = rounds.publisher(at(BEGINS))
    kept = ahead._kept(me, BEGINS)
    assert kept is not None
    assert ahead._kept(me, BEGINS + timedelta(seconds=89)) is None
    assert ahead._kept(me, BEGINS + timedelta(seconds=90)) is not None
    ahead._save(kept, BEGINS, FILM[0])
    assert not kept.attempts.exists()


def test_what_looks_like_it_may_be_sent_early_never_is(film: Stage) -> None:
    delivery = make_delivery("retry_wait", due_at=DUE, next_action_at=NOON)
    assert live(delivery, NOON, DUE - timedelta(seconds=1)).state == "retry_wait"
    assert live(delivery, DUE).state == "published"
    with pytest.raises(IllegalMove):
        outbox.cancel(delivery, make_user("publisher"), DUE, delivery.version)
