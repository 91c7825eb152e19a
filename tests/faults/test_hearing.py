"""Three days of residents, with an outage, a burst, late lists, crashes and limits: nothing is lost or doubled."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count

from channels_app import platforms, vault
from channels_app.emulator.client import Emulator
from channels_app.models import Channel, Cursor
from channels_app.platforms.base import Incoming, TryLater, Uncertain
from engagement import filing, intake, rechecking
from engagement.models import Message
from tests.contract.conftest import secrets_for
from tests.emulated import emulated, emulator
from tests.factories import NOON, make_channel
from tests.factories_inbox import make_incoming
from tests.scripted import Scripted, scripted

__all__ = ["emulated", "emulator", "scripted"]
pytestmark = pytest.mark.django_db

SEEDS, FEWEST = 5, 776_535
SPREAD, BURST = 2_520, 600  # items over three days, and within ten minutes
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = NOON - 3 * DAY
OUTAGE = (START + 20 * HOUR, START + 26 * HOUR)
PACE = 15 * MINUTE


class Crash(Exception):
    """The reader dies, before or after it has written its items down."""


class Town:
    """What the residents write, and one reader of it."""

    def __init__(self, platform: Scripted, seed: int) -> None:
        self.platform, self.dice = platform, random.Random(seed)
        platform.page_size = 10
        channel = make_channel(created_at=START - DAY)
        facts = {"seen_to": START, "last_ok_at": START, "next_poll_at": START}
        self.cursor = Cursor.objects.create(channel=channel, stream="mentions", **facts)
        self.edits: list[tuple[datetime, str]] = []
        self.deletions: list[tuple[datetime, str]] = []
        self.write()

    def write(self) -> None:
        times = [START + timedelta(seconds=self.dice.randrange(3 * 86_400)) for _ in range(SPREAD)]
        times += [START + 40 * HOUR + timedelta(seconds=self.dice.randrange(600)) for _ in range(BURST)]
        authors = [f"resident-{n}" for n in range(400)]
        for at in times:
            item = make_incoming(at=at, author_id=self.dice.choice(authors))
            self.platform.items.append(item)
            chance = self.dice.random()
            if chance < 0.05:
                self.platform.shown[item.remote_id] = at + timedelta(seconds=self.dice.randrange(14 * 60))
            elif chance < 0.08:
                self.edits.append((at + HOUR, item.remote_id))
            elif chance < 0.10:
                self.deletions.append((at + 2 * HOUR, item.remote_id))

    def happen(self, now: datetime) -> None:
        """Edits and deletions that are due."""
        rows = {item.remote_id: place for place, item in enumerate(self.platform.items)}
        for at, remote_id in [one for one in self.edits if one[0] <= now]:
            item = self.platform.items[rows[remote_id]]
            self.platform.items[rows[remote_id]] = replace(item, text=f"{item.text} Please!", edited_at=at)
        self.edits = [one for one in self.edits if one[0] > now]
        self.platform.gone |= {remote_id for at, remote_id in self.deletions if at <= now}

    def poll(self, now: datetime, crash: Callable[[], None]) -> None:
        """One look, which may meet a limit half way or end in a crash; then the cursor must stay where it was."""
        self.platform.at, chance = now, self.dice.random()
        self.platform.faults = []
        Cursor.objects.filter(pk=self.cursor.pk, lease_until=None).update(next_poll_at=now)
        if chance < 0.02:
            crash()
        elif chance < 0.04:
            self.platform.faults = [None] * self.dice.randrange(3) + [Crash()]
        elif chance < 0.09:
            self.platform.faults = [None] * self.dice.randrange(4) + [TryLater("limit", wait=60, whole_channel=True)]
        elif chance < 0.11:
            self.platform.faults = [None] * self.dice.randrange(3) + [Uncertain("cut")]
        was, armed = self.seen_to(), len(self.platform.faults)
        try:
            self.read_on(now)
        except Crash:
            assert self.seen_to() == was
        if armed and not self.platform.faults:
            assert self.seen_to() == was, "the cursor moved though the walk was cut"

    def read_on(self, now: datetime) -> None:
        """A walk that is longer than one look goes on at the next tick, seconds later."""
        for _ in range(60):
            intake.poll(self.cursor.pk, now)
            self.cursor.refresh_from_db()
            if not self.cursor.resume or self.cursor.next_poll_at > now or self.cursor.lease_until:
                break

    def seen_to(self) -> datetime | None:
        self.cursor.refresh_from_db()
        return self.cursor.seen_to

    def live(self, crash: Callable[[], None]) -> None:
        now = START
        while now < NOON + HOUR:
            now += PACE
            self.happen(now)
            if not OUTAGE[0] < now < OUTAGE[1]:
                self.poll(now, crash)
        for hours in (24, 25):  # the first look of the next day goes back a week
            self.platform.faults = []
            Cursor.objects.filter(pk=self.cursor.pk).update(next_poll_at=NOON, lease_until=None)
            self.read_on(NOON + hours * HOUR)


@pytest.fixture
def crash(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The next reader dies after filing what it read and before its transaction ends."""
    really, armed = filing.file, [False]

    def file(channel: Channel, items: list[Incoming], now: datetime) -> filing.Filed:
        filed = really(channel, items, now)
        if armed[0]:
            armed[0] = False
            raise Crash
        return filed

    monkeypatch.setattr(filing, "file", file)
    return lambda: armed.__setitem__(0, True)


def missing(town: Town) -> set[str]:
    """What was there when somebody could have read it, and is not on file."""
    early = {remote_id for at, remote_id in town.deletions if OUTAGE[0] - 2 * HOUR < at < OUTAGE[1] + HOUR}
    wanted = {item.remote_id for item in town.platform.items} - early
    return wanted - set(Message.objects.values_list("remote_id", flat=True))


@pytest.mark.parametrize("number", range(SEEDS))
def test_three_days_of_a_town_lose_and_double_nothing(
    scripted: Scripted, seed: int, number: int, crash: Callable[[], None]
) -> None:
    hear(Town(scripted, seed + number), scripted, crash)


def test_a_walk_cut_before_midnight_does_not_take_the_place_of_the_next_days_sweep(
    scripted: Scripted, crash: Callable[[], None]
) -> None:
    hear(Town(scripted, 34381), scripted, crash)


def hear(town: Town, scripted: Scripted, crash: Callable[[], None]) -> None:
    town.live(crash)
    assert not missing(town)
    assert Message.objects.count() == Message.objects.values("remote_id").distinct().count()
    now_says = {item.remote_id: item.text for item in scripted.items if item.remote_id not in scripted.gone}
    on_file = dict(Message.objects.values_list("remote_id", "text"))
    assert {key: on_file[key] for key in now_says} == now_says
    check_versions(scripted)
    taken_back = Message.objects.filter(remote_id__in=scripted.gone)
    for message in taken_back.exclude(recheck_at=None):
        assert rechecking.look_again(message.pk, NOON + 8 * DAY) is False
    assert not taken_back.filter(gone_at=None, conversation__state="open").exists()


def check_versions(platform: Scripted) -> None:
    """What was read before it was edited has both wordings, everything else has one."""
    edited = {item.remote_id: item.edited_at for item in platform.items if item.edited_at}
    both = 0
    for message in Message.objects.annotate(kept=Count("versions")):
        at = edited.get(message.remote_id)
        read_before = at is not None and message.ingested_at < at
        assert message.kept == 1 + read_before, message.remote_id
        both += read_before
    assert both > 50


def test_the_town_can_see_a_loss(
    scripted: Scripted, crash: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that goes on from the newest it has seen, without looking back, misses what is shown late. How much is
    chance; of all towns tried, this one loses least.
    """
    monkeypatch.setattr(intake, "_back_to", lambda cursor, now, reach: cursor.seen_to)
    town = Town(scripted, FEWEST)
    town.platform.page_size = 3  # a page is filed whole: a long one would look back by itself
    town.live(crash)
    assert len(missing(town)) >= 10


ITEMS = 240


@pytest.mark.parametrize("name", [name for name in sorted(platforms.REGISTRY) if "mentions" in platforms.get(name).CAN])
def test_every_adapter_hears_three_days_over_http(name: str, emulator: Emulator, seed: int) -> None:
    dice = random.Random(seed)
    emulator.reset()
    start = datetime.now(UTC).replace(microsecond=0) - 4 * DAY
    emulator.set_clock(start - DAY, speed=0)
    channel, account = connected(name, emulator, start)
    cursor = Cursor.objects.create(
        channel=channel, stream="mentions", seen_to=start, next_poll_at=start, last_ok_at=start
    )
    times = sorted([start + timedelta(seconds=dice.randrange(3 * 86_400)) for _ in range(ITEMS - 120)])
    times = sorted([*times, *(start + 40 * HOUR + timedelta(seconds=n) for n in range(120))])
    said: list[str] = []
    now = start
    while now < start + 3 * DAY + 2 * HOUR:
        now += HOUR
        for at in [at for at in times if now - HOUR <= at < now]:
            emulator.set_clock(at, speed=0)
            said.append(str(emulator.say(name, f"@fernhill question {len(said)}", to=account)["id"]))
        emulator.set_clock(now, speed=0)
        if start + 20 * HOUR < now < start + 26 * HOUR:
            continue
        trouble(name, emulator, dice)
        Cursor.objects.filter(pk=cursor.pk).update(next_poll_at=now, lease_until=None)
        intake.poll(cursor.pk, now)
        emulator.clear_faults()
    for later in (DAY, DAY + HOUR):
        Cursor.objects.filter(pk=cursor.pk).update(next_poll_at=now, lease_until=None)
        intake.poll(cursor.pk, now + later)
    assert set(said) - set(Message.objects.values_list("remote_id", flat=True)) == set()
    assert Message.objects.filter(ours=False).count() == ITEMS


def connected(name: str, emulator: Emulator, start: datetime) -> tuple[Channel, str]:
    made = emulator.create_account(name, "fernhill", name="Town of Fernhill")
    channel = make_channel(name, remote_id=made["id"], handle="@fernhill", created_at=start - DAY)
    for field, secret in secrets_for(name, made["token"]).items():
        vault.store(channel, field, secret)
    return channel, str(made["id"])


def trouble(name: str, emulator: Emulator, dice: random.Random) -> None:
    """A limit, a lost line, half an answer, or a list that runs a few minutes behind."""
    kind = dice.choice(["", "", "", "rate_limited", "drop_before", "truncated", "html", "lag"])
    if kind == "lag":
        emulator.fault("lag", platform=name, seconds=600)
    elif kind:
        emulator.fault(kind, platform=name, times=1, method="GET")
