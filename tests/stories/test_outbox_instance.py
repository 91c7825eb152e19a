"""A restored or copied database sends nothing until a person has looked; a clock that jumps sends nothing either."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from accounts import clock
from channels_app import outbox
from channels_app.models import Attempt, Delivery, Instance
from channels_app.platforms.base import Outgoing
from channels_app.publishing import guard, instance, rounds
from tests.factories import NOON, make_channel, make_delivery, make_user
from tests.stage import LATER, Stage, after, events, live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def file(settings: LazySettings, tmp_path: Path) -> Path:
    settings.PARLEY_INSTANCE_FILE = str(tmp_path / "kept" / "instance.json")
    return tmp_path / "kept" / "instance.json"


def known(file: Path) -> dict[str, object]:
    return json.loads(file.read_text())


def write(file: Path, **changes: object) -> None:
    file.write_text(json.dumps(known(file) | changes))


def test_the_first_publisher_takes_the_database_for_its_own(stage: Stage, file: Path):
    assert live(make_delivery(), NOON).state == "published"
    instance.check(NOON)
    row = Instance.objects.get()
    assert known(file) == {
        "epoch": str(row.epoch),
        "host": row.host,
        "highest_attempt": Attempt.objects.order_by("id").last().pk,
    }


def test_the_file_is_written_when_there_is_something_new_and_else_left_alone(stage: Stage, file: Path):
    instance.check(NOON)
    os.utime(file, (0, 0))
    instance.check(NOON)
    assert file.stat().st_mtime == 0
    live(make_delivery(), NOON)
    instance.check(NOON)
    assert known(file)["highest_attempt"] == Attempt.objects.order_by("id").last().pk


def test_what_a_killed_publisher_left_half_written_is_cleared_away(stage: Stage, file: Path):
    old, fresh = file.with_name(".instance-old"), file.with_name(".instance-fresh")
    instance.check(NOON)
    old.touch()
    fresh.touch()
    os.utime(old, (0, 0))
    live(make_delivery(), NOON)
    instance.check(NOON)
    assert (old.exists(), fresh.exists(), file.exists()) == (False, True, True)


def test_a_file_lost_before_anything_was_sent_is_made_again(stage: Stage, file: Path):
    instance.check(NOON)
    file.unlink()
    assert instance.check(NOON).publishing
    assert file.exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"highest_attempt": 10**9}, instance.RESTORED),
        ({"epoch": "another"}, instance.COPIED),
        ({"host": "another"}, instance.COPIED),
    ],
)
def test_a_database_that_does_not_fit_its_file_publishes_nothing(stage: Stage, file: Path, change, why: str):
    manager = make_user("manager")
    live(make_delivery(), NOON)
    instance.check(NOON)
    write(file, **change)
    due, tomorrow = make_delivery(), make_delivery(due_at=after(days=1))
    live(due, NOON)
    tomorrow.refresh_from_db()
    assert (due.state, due.why, tomorrow.state) == ("unknown", "restored", "scheduled")
    assert (outbox.publishing_state().on, outbox.publishing_state().why) == (False, why)
    assert len(stage.sent) == 1
    assert "1 posts are being looked for" in manager.notifications.get().words


@pytest.mark.parametrize("damage", ["missing", "not json", "{}"])
def test_a_file_that_is_gone_or_damaged_after_something_was_sent_is_a_copy(stage: Stage, file: Path, damage: str):
    live(make_delivery(), NOON)
    instance.check(NOON)
    file.unlink() if damage == "missing" else file.write_text(damage)
    assert not instance.check(NOON).publishing


def test_restored_ones_are_looked_for_and_found_without_sending(stage: Stage, file: Path):
    """Published after the backup was taken; the restored database believes them to be due."""
    live(make_delivery(), NOON)
    instance.check(NOON)
    write(file, highest_attempt=10**9)
    unsent = [make_delivery(text="One"), make_delivery("claimed", text="Two", owner="then")]
    for one in unsent:
        stage.publish(Outgoing("post", one.payload["text"]))
    live(unsent[0], NOON, after(seconds=1))
    states = set(Delivery.objects.values_list("state", "via"))
    assert states == {("published", "answer"), ("published", "reconcile")}
    assert len(stage.sent) == 1
    assert events(unsent[0]) == ["restored", "reconciled"]


def test_restored_ones_that_are_nowhere_wait_for_the_person_who_resumes(stage: Stage, file: Path):
    live(make_delivery(), NOON)
    instance.check(NOON)
    write(file, highest_attempt=10**9)
    unsent = live(make_delivery(late_minutes=None), NOON, after(seconds=100), after(seconds=210), after(seconds=271))
    assert (unsent.state, len(stage.sent)) == ("retry_wait", 1)
    epoch = Instance.objects.get().epoch
    outbox.resume_all(make_user("manager"), after(minutes=9))
    assert live(unsent, after(minutes=9)).state == "published"
    row = Instance.objects.get()
    assert row.epoch != epoch
    assert known(file)["epoch"] == str(row.epoch)


def test_a_restored_one_that_cannot_be_looked_for_is_asked_about(stage: Stage, file: Path):
    live(make_delivery(), NOON)
    instance.check(NOON)
    write(file, highest_attempt=10**9)
    stage.looks = [LATER] * 99
    unsent = live(make_delivery(), *(after(minutes=n) for n in range(18)))
    assert unsent.state == "needs_attention"


def test_what_is_made_after_it_was_found_out_is_not_asked_about(stage: Stage, file: Path):
    live(make_delivery(), NOON)
    write(file, highest_attempt=10**9)
    instance.check(NOON)
    assert live(make_delivery(), NOON).state == "scheduled"


def test_one_that_was_sent_early_since_the_backup_is_found_when_its_time_comes(stage: Stage, file: Path):
    """In the restored database it waits for tomorrow; in truth somebody pressed "publish now"."""
    live(make_delivery(), NOON)
    instance.check(NOON)
    write(file, highest_attempt=10**9)
    early, unsent = make_delivery(due_at=after(days=1)), make_delivery(due_at=after(days=1))
    instance.check(NOON)
    stage.publish(Outgoing("post", early.payload["text"]))
    outbox.resume_all(make_user("manager"), after(minutes=9))
    live(early, after(hours=23))
    assert {live(one).state for one in (early, unsent)} == {"scheduled"}
    live(early, *(after(days=1, seconds=seconds) for seconds in (0, 1, 240, 301, 302)))
    unsent.refresh_from_db()
    assert (early.state, early.via, early.sends) == ("published", "reconcile", 0)
    assert (unsent.state, unsent.via, unsent.sends) == ("published", "answer", 1)


def test_a_copy_asks_about_what_becomes_due_while_it_stands_still(stage: Stage, file: Path):
    """Its original goes on sending until somebody resumes the copy."""
    live(make_delivery(), NOON)
    instance.check(NOON)
    write(file, host="another")
    later = make_delivery(due_at=after(minutes=5))
    instance.check(NOON)
    stage.publish(Outgoing("post", later.payload["text"]), after(minutes=5))
    live(later, after(minutes=5), after(minutes=6))
    assert (later.state, later.via, len(stage.sent)) == ("published", "reconcile", 1)


@pytest.mark.parametrize("state", ["missed", "blocked"])
def test_what_a_person_sends_from_a_restored_list_is_looked_for_first(stage: Stage, file: Path, state: str):
    live(make_delivery(), NOON)
    instance.check(NOON)
    write(file, highest_attempt=10**9)
    left = make_delivery(state, why="late", taken_up=True)
    instance.check(NOON)
    stage.publish(Outgoing("post", left.payload["text"]))
    manager = make_user("manager")
    outbox.resume_all(manager, after(minutes=1))
    left.refresh_from_db()
    outbox.decide(left, "send", manager, after(minutes=2), "It was missed.")
    live(left, after(minutes=2), after(minutes=3))
    assert (left.state, left.via, len(stage.sent)) == ("published", "reconcile", 1)


def test_a_database_out_of_a_backup_is_not_taken_over_even_where_nothing_is_known(stage: Stage, file: Path):
    """Taken before the first post went out, brought back on a new machine."""
    due = make_delivery()
    Instance.objects.create(pk=1, host=instance.AWAY, publishing=False)
    live(due, NOON)
    assert (due.state, stage.sent, outbox.publishing_state().why) == ("unknown", [], instance.RESTORED)


def test_a_machine_without_a_name_is_any(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(instance, "MACHINE_ID", tmp_path / "none")
    assert instance.host() == "any"
    (tmp_path / "none").write_text("\n")
    assert instance.host() == "any"


class Clocks:
    """The database's clock and ours, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database, self.own = NOON, 0.0
        monkeypatch.setattr(clock, "now", lambda: self.database)
        monkeypatch.setattr(guard, "ticks", lambda: self.own)

    def pass_by(self, database: float, own: float) -> datetime:
        self.database += timedelta(seconds=database)
        self.own += own
        return self.database


@pytest.mark.parametrize("jump", [3600, -3600, 31])
def test_a_clock_that_jumps_stops_publishing_before_anything_is_claimed(stage: Stage, monkeypatch, jump: float):
    clocks, watch = Clocks(monkeypatch), guard.Guard()
    early = make_delivery(due_at=after(minutes=30), late_minutes=None)
    rounds.once(clock.now, guard=watch)
    clocks.pass_by(jump, 0)
    rounds.once(clock.now, guard=watch)
    rounds.once(clock.now, guard=watch)
    early.refresh_from_db()
    assert (early.state, stage.sent) == ("scheduled", [])
    assert outbox.publishing_state().why == f"Clock check failed: the database's clock jumped by {jump:+.0f} s."


def test_small_steps_and_long_pauses_are_no_jump(stage: Stage, monkeypatch):
    clocks, watch = Clocks(monkeypatch), guard.Guard()
    for database, own in ((0, 0), (30, 1), (86_400, 86_390), (1, 1)):
        clocks.pass_by(database, own)
        watch.now()
    assert outbox.publishing_state().on


def test_open_questions_start_again_after_a_jump(stage: Stage, monkeypatch):
    clocks, watch = Clocks(monkeypatch), guard.Guard()
    watch.now()
    question = make_delivery("unknown", absent_once_at=NOON, next_action_at=after(days=1))
    now = clocks.pass_by(7200, 0)
    watch.now()
    question.refresh_from_db()
    assert (question.absent_once_at, question.settle_from) == (None, now + timedelta(seconds=90))


@pytest.mark.parametrize("told_by", ["guard", "person"])
def test_what_a_wrong_clock_noted_holds_nothing_up_once_it_is_right(stage: Stage, monkeypatch, told_by: str):
    """A lease, a next look and the pauses of two channels, all noted while the clock was a day ahead."""
    clocks, watch = Clocks(monkeypatch), guard.Guard()
    watch.now()
    ahead = after(days=1)
    leased = make_delivery("claimed", lease_until=ahead)
    crashed, refused = make_delivery(next_action_at=ahead), make_delivery("retry_wait", next_action_at=ahead)
    asked, later = make_delivery("unknown", next_action_at=ahead), make_delivery(due_at=after(days=2))
    paced = make_channel(next_send_at=ahead, next_send_why="pacing")
    limited = make_channel(next_send_at=ahead, next_send_why="limit")
    outbox.stop_all(None, NOON, "Clock check failed.")
    if told_by == "guard":
        clocks.pass_by(-3600, 0)
        watch.now()
    now = clocks.database
    outbox.resume_all(make_user("manager"), now)
    rows = [leased, crashed, refused, asked, later, paced, limited]
    for one in rows:
        one.refresh_from_db()
    assert leased.lease_until == now + timedelta(seconds=90)
    assert {one.next_action_at for one in (crashed, refused)} == {max(now, NOON)}
    assert asked.next_action_at == now
    assert later.next_action_at == after(days=2)
    assert (paced.next_send_at, limited.next_send_at) == (now + timedelta(seconds=20), ahead)


def test_nothing_is_called_missed_while_publishing_is_stopped(stage: Stage):
    delivery = make_delivery()
    outbox.stop_all(None, NOON, "Clock check failed.")
    assert live(delivery, after(days=1)).state == "scheduled"
