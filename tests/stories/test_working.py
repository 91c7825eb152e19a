"""Is it working? What is read of the machinery, how alarms begin and end, and who may read which number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts import audit, clock
from accounts.models import AuditSeal, Notification
from channels_app import outbox, tallies
from channels_app.models import Alarm, Attempt, Channel, Cursor, Delivery, Heartbeat, Instance, Tally
from channels_app.publishing.landing import note
from config.vitals import alarms, facts, rounds, rules, twins
from config.vitals.rules import Alert
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_inbox import make_own, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WRONG = Alert("broker", "", "warn", "The broker does not answer.")
WORSE = Alert("broker", "", "page", "The broker does not answer at all.")
TOKEN = "a-token-for-monitors"


@pytest.fixture(autouse=True)
def town():
    return make_town()


def sign_in(role: str, **facts: object) -> Client:
    client = Client()
    client.force_login(make_user(role, **facts))
    return client


def test_only_what_waits_for_nothing_counts_as_stuck() -> None:
    late = {"due_at": NOON, "next_action_at": NOON}
    stuck = make_delivery(**late)
    make_delivery(due_at=NOON + HOUR)
    make_delivery(channel=make_channel(state="paused"), **late)
    make_delivery(channel=make_channel(next_send_at=NOON + HOUR, next_send_why="limit"), **late)
    make_delivery(follows=make_delivery("unknown"), **late)
    assert list(outbox.overdue(NOON + 2 * MINUTE)) == [stuck]
    v = facts.read(NOON + 6 * MINUTE)
    assert (v.overdue, v.overdue_for) == (1, 360)
    Instance.objects.create(pk=1, publishing=False)
    assert not outbox.overdue(NOON + 2 * MINUTE).exists()


def test_ages_and_counts_are_read_as_they_are() -> None:
    channel = make_channel(expires_at=NOON + timedelta(days=3))
    Cursor.objects.create(channel=channel, stream="mentions", next_poll_at=NOON, last_ok_at=NOON - HOUR)
    Cursor.objects.create(channel=channel, stream="posts", next_poll_at=NOON, last_ok_at=NOON - MINUTE)
    Heartbeat.objects.create(role="beat", at=NOON - MINUTE)
    make_delivery("unknown", intent_at=NOON - 10 * MINUTE)
    lost = make_channel(state="needs_reconnect")
    make_delivery("blocked", why="channel", channel=lost, due_at=NOON + HOUR)
    v = facts.read(NOON)
    assert (v.unread, v.beats) == ({channel: 3600}, {"beat": 60})
    assert (v.unknown_for, v.states) == (600, {"unknown": 1, "blocked": 1})
    assert (v.held, v.expiring) == ({lost: (1, 3600)}, {channel: 3 * 86400})


def test_something_of_ours_that_nothing_explains_with_the_words_of_something_that_does() -> None:
    channel = make_channel()
    sent = make_delivery("published", channel=channel, text="The pool is open.", remote_id="one")
    first = make_own(channel, "The pool is open.", kind="post", remote_id="one", at=NOON)
    receive(channel, first)
    assert twins.lately(NOON + HOUR) == []
    receive(channel, make_own(channel, "Something else by hand.", kind="post", remote_id="two", at=NOON + MINUTE))
    assert twins.lately(NOON + HOUR) == []
    twin = receive(channel, make_own(channel, "The pool is open.", kind="post", remote_id="three", at=NOON + MINUTE))
    assert twins.lately(NOON + HOUR) == twin
    assert twins.lately(NOON + timedelta(days=3)) == []
    alert = next(rules.twice(facts.read(NOON + HOUR)))
    assert (alert.level, alert.channel) == ("page", channel)
    assert sent.remote_id == "one"


def test_one_press_takes_the_second_one_down_again(scripted: Scripted) -> None:
    scripted.CAN = scripted.CAN | {"delete"}
    channel, now = make_channel(), clock.now()
    make_delivery("published", channel=channel, text="The pool is open.", remote_id="one")
    for number, remote_id in enumerate(["one", "two"]):
        at = now - HOUR + number * MINUTE
        receive(channel, make_own(channel, "The pool is open.", kind="post", remote_id=remote_id, at=at), now=now)
    rounds.look(now)
    alarm = Alarm.objects.get(kind="twice")
    way = f"/working/{alarm.pk}/take-down/"
    assert way in sign_in("publisher").get("/working/").content.decode()
    assert way not in sign_in("officer").get("/working/").content.decode()
    assert sign_in("officer").post(way).status_code == 403
    for _ in range(2):
        shown = sign_in("publisher").post(way, follow=True).content.decode()
    assert "is being taken down" in shown
    delivery = Delivery.objects.get(kind="delete")
    assert (delivery.payload["target"], twins.page(delivery)) == ("two", "/working/")
    outbox.step(clock.now())
    rounds.look(clock.now())
    assert [one.target for one in scripted.sent] == ["two"]
    assert not Alarm.objects.open().filter(kind="twice").exists()
    assert sign_in("publisher").post(way).status_code == 409


def test_an_alarm_begins_gets_worse_and_ends_and_each_turn_is_told_once() -> None:
    boss = make_user("administrator")
    for at, found in [(0, [WRONG]), (1, [WRONG]), (2, [WORSE]), (3, [WORSE]), (4, []), (5, [])]:
        assert alarms.keep(found, NOON + at * MINUTE)
    alarm = Alarm.objects.get()
    assert (alarm.since, alarm.level, alarm.ended_at) == (NOON, "page", NOON + 4 * MINUTE)
    assert list(boss.notifications.order_by("at").values_list("words", flat=True)) == [WRONG.words, WORSE.words]


def test_what_comes_back_at_once_had_not_ended_and_is_not_told_again() -> None:
    make_user("administrator")
    for at, found in [(0, [WRONG]), (1, []), (9, [WRONG]), (10, []), (30, [WRONG])]:
        alarms.keep(found, NOON + at * MINUTE)
    assert list(Alarm.objects.order_by("since").values_list("since", flat=True)) == [NOON, NOON + 30 * MINUTE]
    assert Notification.objects.count() == 2


def test_what_is_wrong_with_a_channel_is_the_matter_of_those_who_see_it() -> None:
    pool, library = make_channel(), make_channel()
    officer = make_user("officer", scope=library.scope)
    alarms.keep([Alert("unread", str(pool.key), "page", "The pool was not read.", channel=pool), WRONG], NOON)
    assert [alarm.kind for alarm in Alarm.objects.visible_to(officer, clock.now())] == ["broker"]
    shown = sign_in("officer", scope=library.scope).get("/working/").content.decode()
    assert "The pool was not read." not in shown
    assert WRONG.words in shown


def test_what_must_be_acted_on_is_over_every_page_of_those_it_concerns() -> None:
    pool, library = make_channel(), make_channel()
    twin = Alert("twice", "9", "page", "Possibly out twice.", f"/channels/{pool.key}/", pool)
    alarms.keep([twin, WRONG, Alert("chain", "audit", "page", "The chain does not fit.")], clock.now())

    def bands(**where: object) -> list[str]:
        return [band.words for band in sign_in("officer", **where).get("/notifications/").context["bands"]()]

    assert bands() == ["Possibly out twice.", "The chain does not fit."]
    assert bands(scope=library.scope) == ["The chain does not fit."]
    unread = [Alert("unread", str(n), "page", f"Channel {n} was not read.") for n in range(10)]
    alarms.keep([twin, WRONG, *unread], clock.now())
    assert len(bands()) == 3
    assert bands()[-1] == "9 more alarms like these."


def test_a_silence_is_told_by_those_who_watch_and_not_twice() -> None:
    make_user("administrator")
    alarms.keep([Alert("silent", "poller", "page", "Reading has been silent.")], NOON)
    assert (Alarm.objects.count(), Notification.objects.count()) == (1, 0)


def test_attempts_are_counted_once_and_only_when_settled() -> None:
    delivery = make_delivery("published", due_at=NOON)
    note(delivery, "intent", NOON)
    note(delivery, "published", NOON + 4 * timedelta(seconds=1))
    note(delivery, "published", NOON + 10 * MINUTE)
    assert rounds.count(NOON + 5 * MINUTE) == 2
    assert rounds.count(NOON + 5 * MINUTE) == 0
    assert rounds.count(NOON + 20 * MINUTE) == 1
    found = tallies.read(["attempts", "lateness"])
    assert found["attempts"] == {"mastodon:intent": 1, "mastodon:published": 2}
    assert found["lateness"] == {"5": 1, "900": 1}
    assert tallies.get("attempts_counted") == Attempt.objects.order_by("-pk").first().pk


def test_a_seal_that_does_not_fit_is_found_on_patrol_and_stays_known() -> None:
    for number in range(3):
        audit.record("act", None, by=None, now=NOON, subject=f"Number {number}")
    audit.seal()
    tallies.put("chain_broken", 1, "audit")
    for _ in range(2):
        rounds.walk_chains()
    assert facts.read(NOON).broken == []
    forged = audit.record("act", None, by=None, now=NOON, subject="Number 3")
    last = AuditSeal.objects.get(seq=3)
    AuditSeal.objects.create(entry=forged, seq=4, prev=last.hash, hash=last.hash)
    for _ in range(3):
        rounds.walk_chains()
        assert facts.read(NOON).broken == ["audit"]


@pytest.mark.parametrize(
    "role", ["contributor", "officer", "publisher", "approver", "manager", "records_officer", "administrator"]
)
def test_everybody_at_the_desk_may_ask_whether_it_works_and_administrators_see_the_numbers(role: str) -> None:
    shown = sign_in(role).get("/working/").content.decode()
    assert "Is it working?" in shown
    assert ("Seals of the audit trail" in shown) == (role == "administrator")


def test_the_page_says_what_is_wrong_and_what_was() -> None:
    now = clock.now()
    Alarm.objects.create(kind="backup", level="warn", words="The last good backup is 3 h old.", since=now - HOUR)
    Alarm.objects.create(
        kind="clock", level="page", words="The clocks parted.", since=now - HOUR, ended_at=now - MINUTE
    )
    page = sign_in("officer").get("/working/").content.decode()
    assert page.index("The last good backup is 3 h old.") < page.index("Over again") < page.index("The clocks parted.")
    Alarm.objects.all().delete()
    assert "Yes. Everything that is watched is as it should be." in sign_in("officer").get("/working/").content.decode()


@pytest.mark.parametrize("path", ["/health/deep", "/health/metrics"])
@pytest.mark.parametrize(
    ("known", "given"), [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, "Bearer wrong"), (TOKEN, "Bearer ë")]
)
def test_without_the_token_there_is_nothing_to_see(
    client: Client, settings: object, path: str, known: str, given: str
) -> None:
    settings.HEALTH_TOKEN = known  # type: ignore[attr-defined]
    answer = client.get(path, headers={"Authorization": given} if given else {})
    assert (answer.status_code, answer.content) == (404, b"not found\n")


@pytest.fixture
def monitor(settings: object) -> Client:
    settings.HEALTH_TOKEN = TOKEN  # type: ignore[attr-defined]
    return Client(headers={"Authorization": f"Bearer {TOKEN}"})


def test_a_monitor_reads_whether_somebody_must_act(monitor: Client) -> None:
    assert (monitor.get("/health/deep").status_code, monitor.get("/health/deep").json()["ok"]) == (200, True)
    Heartbeat.objects.create(role="publisher", at=clock.now() - HOUR)
    answer = monitor.get("/health/deep")
    assert answer.status_code == 503
    assert [(one["kind"], one["subject"]) for one in answer.json()["alerts"]] == [("silent", "publisher")]


def test_a_monitor_reads_the_metrics(monitor: Client) -> None:
    channel = make_channel(name="Fernhill Pool")
    make_delivery(channel=channel)
    Heartbeat.objects.create(role="publisher", at=clock.now() - MINUTE)
    tallies.add_all({("attempts", "mastodon:published"): 7, ("lateness", "5"): 7, ("lateness_ms", ""): 21_500})
    families = {
        one.name: one for one in text_string_to_metric_families(monitor.get("/health/metrics").content.decode())
    }
    assert families["parley_deliveries"].samples[0].labels == {"state": "scheduled"}
    assert families["parley_attempts"].samples[0].value == 7
    assert 60 <= families["parley_heartbeat_age_seconds"].samples[0].value < 70
    sums = [one for one in families["parley_publish_lateness_seconds"].samples if one.name.endswith("_sum")]
    assert sums[0].value == 21.5


def test_one_look_reads_the_same_number_of_times_whatever_there_is(django_assert_max_num_queries) -> None:
    for _ in range(12):
        make_delivery(channel=make_channel(expires_at=NOON), due_at=NOON)
    with django_assert_max_num_queries(20):
        facts.read(NOON)
    assert Channel.objects.count() == 12


def test_a_look_by_the_worker_keeps_alarms_and_counts() -> None:
    make_delivery(due_at=NOON)
    rounds.look(NOON + 6 * MINUTE)
    assert Alarm.objects.open().get(kind="overdue").level == "page"
    assert Tally.objects.filter(name="chain_walked").count() == 2
