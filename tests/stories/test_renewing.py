"""Keys that end are renewed by one worker at a time, and a publisher that meets old ones goes on with new ones."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import connections

from accounts import clock
from accounts.models import Notification
from channels_app import connecting, platforms, renewing, trying, vault
from channels_app.models import Channel, Credential, Delivery, Instance
from channels_app.platforms.base import Account, Outgoing, Profile, Receipt, Refused, Renewed, Secret, TryLater
from engagement import intake, rechecking
from engagement.listening import searching
from engagement.models import WatchSearch
from tests.factories import NOON, make_channel, make_delivery, make_user
from tests.factories_inbox import make_conversation
from tests.factories_listening import make_watch
from tests.scripted import Scripted
from tests.stage import TOKEN, Stage, events, live

OLD = Refused("The token is not accepted any more.", cause="token", code="token")
LIFE = timedelta(hours=2)


@dataclass
class Rotating(Stage):
    """A platform on which each renewal gives a new pair and takes the old one away."""

    now: datetime = NOON
    pairs: itertools.count[int] = field(default_factory=lambda: itertools.count(2))
    token: str = "token-1"
    refresh: str = "refresh-1"
    renewals: int = 0
    faults: list[Exception] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def renew(self, account: Account) -> Renewed:
        with self.lock:
            if self.faults and isinstance(self.faults[0], TryLater):
                raise self.faults.pop(0)
            if account.secrets["refresh_token"].reveal() != self.refresh:
                raise Refused("This refresh token was used before.", cause="token", code="token")
            self.renewals += 1
            n = next(self.pairs)
            self.token, self.refresh = f"token-{n}", f"refresh-{n}"
            if self.faults:
                raise self.faults.pop(0)
        return Renewed({"access_token": Secret(self.token), "refresh_token": Secret(self.refresh)}, self.now + LIFE)

    def check(self, account: Account) -> None:
        if account.secrets["access_token"].reveal() != self.token:
            raise OLD

    def send(self, account: Account, outgoing: Outgoing) -> Receipt:
        self.check(account)
        return super().send(account, outgoing)

    def profile(self, account: Account) -> Profile:
        self.check(account)
        return Profile(self.account_id, "@us", "Us", expires_at=self.now + LIFE)

    account_id: str = "7"
    STREAMS: tuple[str, ...] = ()


@pytest.fixture
def rotating(monkeypatch: pytest.MonkeyPatch) -> Rotating:
    platform = Rotating()
    monkeypatch.setattr(platforms, "get", lambda name: platform)
    return platform


def connected(**facts: object) -> Channel:
    channel = make_channel(remote_id="7", expires_at=NOON + LIFE, renew_at=NOON + LIFE * 3 / 4, **facts)
    vault.store(channel, "access_token", Secret("token-1"))
    vault.store(channel, "refresh_token", Secret("refresh-1"))
    return channel


def keys(channel: Channel) -> Mapping[str, str]:
    return {name: one.reveal() for name, one in vault.secrets_of(channel).items()}


def in_threads(count: int, act: Callable[[threading.Barrier], None], each: Callable[[], None]) -> list[Exception]:
    """Run `act` in so many threads at once; `each` happens whenever all of them have met."""
    problems: list[Exception] = []
    barrier = threading.Barrier(count, action=each, timeout=60)

    def run() -> None:
        try:
            act(barrier)
        except Exception as problem:  # noqa: BLE001  it is what the test tells
            problems.append(problem)
            barrier.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


def test_eight_workers_renew_one_rotating_key_a_hundred_times_once_each(
    transactional_db: str, rotating: Rotating, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(renewing, "PAUSE", 0.02)
    channel = connected()
    rounds: list[Account] = []

    def note() -> None:
        assert rotating.renewals == len(rounds)
        rounds.append(connecting.account_of(channel))

    def work(together: threading.Barrier) -> None:
        for n in range(100):
            together.wait()
            renewing.renew(channel, clock.now(), rounds[n])

    assert in_threads(8, work, note) == []
    assert (rotating.renewals, len(rounds)) == (100, 100)
    assert keys(channel) == {"access_token": rotating.token, "refresh_token": rotating.refresh}
    channel.refresh_from_db()
    assert channel.state == "ok"
    assert not Credential.objects.exclude(refresh_until=None).exists()


@pytest.mark.django_db
def test_a_publisher_that_meets_old_keys_renews_once_and_goes_on(rotating: Rotating):
    channel = connected()
    rotating.token = "ended"
    first, second = make_delivery(channel=channel), make_delivery(channel=channel)
    live(first, NOON, NOON + timedelta(seconds=2))
    second.refresh_from_db()
    assert (first.state, second.state, rotating.renewals) == ("published", "published", 1)
    assert events(first) == ["intent", "proven_rejected", "intent", "published"]
    channel.refresh_from_db()
    assert (channel.state, channel.renewed_at, channel.expires_at) == ("ok", NOON, NOON + LIFE)


@pytest.mark.django_db
def test_new_keys_that_are_refused_too_are_not_renewed_again_and_again(rotating: Rotating):
    channel, delivery = connected(), None
    rotating.check = lambda account: (_ for _ in ()).throw(OLD)  # type: ignore[method-assign]
    delivery = live(make_delivery(channel=channel), *[NOON + timedelta(seconds=n) for n in (0, 2, 4)])
    channel.refresh_from_db()
    assert (delivery.state, channel.state, rotating.renewals) == ("blocked", "needs_reconnect", 1)


@pytest.mark.django_db
def test_keys_are_renewed_when_three_quarters_of_their_time_are_over(rotating: Rotating):
    channel = connected()
    assert renewing.renew_due(NOON + timedelta(minutes=89)) == 0
    rotating.now = NOON + timedelta(minutes=90)
    assert renewing.renew_due(rotating.now) == 1
    channel.refresh_from_db()
    assert (channel.expires_at, channel.renew_at) == (rotating.now + LIFE, rotating.now + LIFE * 3 / 4)
    assert renewing.renew_due(rotating.now) == 0


@pytest.mark.django_db
def test_a_platform_that_asks_for_patience_is_asked_again_and_nothing_is_lost(rotating: Rotating):
    channel, later = connected(), NOON + timedelta(minutes=90)
    rotating.faults = [TryLater("Busy.", wait=5)]
    assert renewing.renew_due(later) == 0
    assert Channel.objects.get(pk=channel.pk).state == "ok"
    assert renewing.renew_due(later + timedelta(seconds=30)) == 1


@pytest.mark.django_db
def test_whoever_stops_in_between_leaves_the_lease_and_a_person_is_told_why(rotating: Rotating):
    channel, later, boss = connected(), NOON + timedelta(minutes=90), make_user("administrator")
    rotating.faults = [RuntimeError("killed")]
    with pytest.raises(RuntimeError):
        renewing.renew_due(later)
    held = Credential.objects.get(channel=channel, field="access_token")
    assert held.refresh_until == later + renewing.LEASE
    assert keys(channel)["access_token"] == "token-1"
    renewing.renew_due(later + renewing.LEASE)
    channel.refresh_from_db()
    assert channel.state == "needs_reconnect"
    assert "Parley stopped while it renewed the keys" in channel.why
    assert "Parley stopped while" in Notification.objects.get(user=boss).words


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "lost"), [("cut", True), ("garbled", True), ("HTTP 502", True), ("429", False)])
def test_new_keys_whose_answer_was_lost_are_told_as_what_they_are(rotating: Rotating, code: str, lost: bool):
    channel, later = connected(), NOON + timedelta(minutes=90)
    rotating.faults = [TryLater("No answer came.", code=code), TryLater("Busy.", code="429")]
    assert renewing.renew_due(later) == renewing.renew_due(later) == 0
    rotating.refresh = "refresh-2"
    renewing.renew_due(later)
    channel.refresh_from_db()
    assert ("Parley stopped while it renewed the keys" in channel.why) is lost
    assert channel.state == ("needs_reconnect" if lost else "ok")
    assert not Credential.objects.exclude(refresh_until=None).exists()


@pytest.mark.django_db
def test_keys_that_cannot_be_renewed_are_used_to_their_end_and_people_are_told_once(rotating: Rotating):
    channel, boss = connected(), make_user("administrator")
    rotating.refresh = "taken back"
    assert renewing.renew_due(NOON + timedelta(minutes=90)) == renewing.renew_due(NOON + timedelta(minutes=91)) == 0
    channel.refresh_from_db()
    assert (channel.state, channel.renew_at, channel.expires_at) == ("ok", None, NOON + LIFE)
    assert not renewing.goes_on(channel, NOON + timedelta(minutes=95))
    assert "could not be renewed. This refresh token was used before" in Notification.objects.get(user=boss).words
    first, second = make_delivery(channel=channel), make_delivery(channel=channel, due_at=NOON + LIFE)
    assert live(first, NOON + timedelta(minutes=10)).state == "published"
    rotating.token = "ended"
    assert live(second, NOON + LIFE + timedelta(minutes=1)).state == "blocked"
    channel.refresh_from_db()
    assert channel.state == "needs_reconnect"


@pytest.mark.django_db
def test_others_wait_for_whoever_renews_and_give_up_in_words(rotating: Rotating, monkeypatch: pytest.MonkeyPatch):
    channel = connected()
    monkeypatch.setattr(renewing, "PATIENCE", 0.1)
    Credential.objects.filter(channel=channel, field="access_token").update(refresh_until=NOON + timedelta(seconds=40))
    with pytest.raises(TryLater, match="are being renewed"):
        renewing.renew(channel, NOON, connecting.account_of(channel))
    assert rotating.renewals == 0


@pytest.mark.django_db
def test_keys_a_person_enters_meanwhile_stay(rotating: Rotating, monkeypatch: pytest.MonkeyPatch):
    channel, real = connected(), rotating.renew

    def renew(account: Account) -> Renewed:
        vault.store(channel, "access_token", Secret("entered"))
        return real(account)

    monkeypatch.setattr(rotating, "renew", renew, raising=False)
    renewing.renew(channel, NOON, connecting.account_of(channel))
    assert keys(channel)["access_token"] == "entered"


@pytest.mark.django_db
def test_a_copy_of_the_system_renews_nothing(rotating: Rotating):
    channel = connected()
    Instance.objects.update_or_create(pk=1, defaults={"restored": True})
    assert renewing.renew_due(NOON + timedelta(minutes=90)) == 0
    assert (rotating.renewals, Channel.objects.get(pk=channel.pk).state) == (0, "ok")


@pytest.mark.django_db
def test_a_trial_call_says_when_the_keys_are_renewed_next(rotating: Rotating):
    channel = connected()
    rotating.token = "ended"
    Channel.objects.update(test_due_at=NOON, renew_at=None)
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert (rotating.renewals, channel.state) == (1, "ok")
    trying.try_due(NOON + timedelta(seconds=20))
    channel.refresh_from_db()
    assert (channel.test_due_at, channel.renew_at) == (None, NOON + timedelta(minutes=90, seconds=5))


@pytest.mark.django_db
def test_a_reader_that_meets_old_keys_reads_on_with_new_ones(scripted: Scripted, monkeypatch: pytest.MonkeyPatch):
    channel, rotating = connected(), Rotating()
    monkeypatch.setattr(Scripted, "renew", staticmethod(rotating.renew), raising=False)
    scripted.faults = [OLD]
    intake.ensure_cursors(NOON)
    cursor = channel.cursors.get(stream="mentions")
    assert intake.poll(cursor.pk, NOON) is None
    channel.refresh_from_db()
    assert (channel.state, rotating.renewals) == ("ok", 1)
    cursor.refresh_from_db()
    assert intake.poll(cursor.pk, cursor.next_poll_at) is not None


@pytest.mark.django_db
def test_a_platform_that_renews_nothing_loses_its_connection_as_before(stage: Stage):
    channel = make_channel()
    vault.store(channel, "access_token", Secret("x"))
    stage.answers = [OLD]
    assert live(make_delivery(channel=channel), NOON).state == "blocked"
    assert Delivery.objects.get().channel.state == "needs_reconnect"


@pytest.mark.django_db
def test_a_refusal_of_keys_that_were_replaced_meanwhile_costs_no_connection(scripted: Scripted):
    channel = make_channel()
    vault.store(channel, "access_token", Secret("old"))
    real = scripted.fetch

    def fetch(account: Account, *which: str) -> object:
        vault.store(channel, "access_token", Secret("new"))
        return real(account, *which)

    scripted.fetch = fetch  # type: ignore[method-assign, assignment]
    scripted.faults = [OLD]
    intake.ensure_cursors(NOON)
    cursor = channel.cursors.get(stream="mentions")
    assert intake.poll(cursor.pk, NOON) is None
    channel.refresh_from_db()
    cursor.refresh_from_db()
    assert (channel.state, cursor.next_poll_at < NOON + timedelta(minutes=2)) == ("ok", True)
    assert intake.poll(cursor.pk, cursor.next_poll_at) is not None


@pytest.mark.django_db
def test_a_post_refused_with_keys_that_were_replaced_meanwhile_goes_out_with_the_new_ones(stage: Stage):
    channel = make_channel()
    vault.store(channel, "access_token", Secret("old"))

    def replaced(outgoing: Outgoing) -> Receipt:
        vault.store(channel, "access_token", Secret("new"))
        raise TOKEN

    stage.answers = [replaced]
    assert live(make_delivery(channel=channel), NOON, NOON + timedelta(seconds=5)).state == "published"
    channel.refresh_from_db()
    assert channel.state == "ok"


def _reads(channel: Channel) -> None:
    intake.ensure_cursors(NOON)
    assert intake.poll(channel.cursors.get(stream="mentions").pk, NOON) is None


def _looks_again(channel: Channel) -> None:
    message = make_conversation(channel=channel, at=NOON).messages.get()
    assert rechecking.look_again(message.pk, NOON + timedelta(hours=2)) is None


def _searches(channel: Channel) -> None:
    row = WatchSearch.objects.create(watch=make_watch("Fernhill"), channel=channel, next_at=NOON)
    assert searching.search(row.pk, NOON) is None


@pytest.mark.django_db
@pytest.mark.parametrize("hears", [_reads, _looks_again, _searches])
def test_keys_that_do_not_open_are_said_to_be_lost_by_whoever_meets_them(
    scripted: Scripted, hears: Callable[[Channel], None]
):
    channel = make_channel()
    channel.credentials.create(field="access_token", sealed="k9.garbled")
    hears(channel)
    channel.refresh_from_db()
    assert (channel.state, channel.why) == ("needs_reconnect", "The key 'k9' is not on the key ring.")
