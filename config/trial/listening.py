"""What Fernhill listens for, and the rules of its inbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Scope, Town, User
from channels_app.models import Channel
from channels_app.platforms.base import Incoming
from config.trial.desk_life import Desk
from engagement.listening import acting, forgetting, hearing, searching, voices, watching
from engagement.models import Label, Person, PublicVoice, Rule, Watch, WatchDay
from engagement.rules import keeping, trying
from engagement.rules.matching import handle
from policy.models import Topic

DAY = timedelta(days=1)
BINS = {"words": ["bin", "bins", "green lid*", "recycling", "wheelie*"], "without": ["bingo"]}
DANGER = {"words": ["gas", "wire*", "flood*", "smoke", "trapped", "wall has come down"], "priority": 30}
WATCHES: tuple[dict[str, Any], ...] = (
    {
        "kind": "topic",
        "name": "Bins and lids",
        "names": ["bin", "bins", "green lid*", "recycling"],
        "without": ["bingo"],
        "topic": "Bins and recycling",
        "purpose": "To hear of missed rounds on the morning they happen.",
        "basis": "service",
    },
    {
        "kind": "location",
        "name": "Mill Road and the bridge",
        "names": ["Mill Road", "Mill Bridge", "Mill Rd"],
        "topic": "Roads and pavements",
        "purpose": "To see trouble on the diversion before it is reported.",
        "basis": "service",
    },
    {
        "kind": "organisation",
        "name": "The council itself",
        "names": ["Fernhill Council", "Fernhill Town Council", "the council", "Toon Council"],
        "purpose": "To answer people who talk about us without naming our account.",
        "basis": "reputation",
    },
)
GROUPS = {
    "Fernhill Cycle Group": "A registered charity with a public account",
    "Friends of Mill Pond": "A volunteer group listed by the town",
}
FOUND = (
    ("Kit", "Bins and lids", "Does anybody else's green lid stay full? They never come up Hill Lane on a Friday."),
    ("Jo", "Mill Road and the bridge", "Twenty minutes in the car on Mill Road again. Is the diversion still on?"),
    ("Bea", "The council itself", "Say what you like about the council, the new benches by the pond are lovely."),
)
HELD = "The depot wants to see this with the round of the day"


def begin(staff: dict[str, User], now: datetime) -> None:
    """The watches and the first rules, a few weeks before today."""
    topics = {topic.name: topic for topic in Topic.objects.all()}
    for said in WATCHES:
        facts = {"without": [], "slips": True, "search": True, "worker": None, "ends_at": now + 180 * DAY} | said
        watching.make(facts | {"topic": topics.get(said.get("topic", ""))}, by=staff["dev"], now=now)
    label = Label.objects.filter(name="Bins").first()
    depot = Scope.objects.filter(kind="department", name="Streets and bins").first()
    for name, said in (
        ("Bins go to the depot", BINS | {"labels": [label] if label else [], "department": depot}),
        ("Danger first", DANGER | {"notify": [staff["amara"]]}),
    ):
        rule = keeping.make(name, said, by=staff["dev"], now=now)
        trying.run(rule, by=staff["dev"], now=now)
        keeping.switch_on(rule, by=staff["dev"], now=now)


def catch_up(desk: Desk, begun: datetime, now: datetime) -> None:
    """The rules tried on last month, one that waits for its dry run; the days listened to, and what is done with it."""
    dev, tom, zone = desk.staff["dev"], desk.staff["tom"], Town.here().tz
    for rule in Rule.objects.filter(state="on"):
        trying.run(rule, by=dev, now=now)
    night = {"words": [], "hours": "outside", "languages": ["cy", "pl"], "assignee": tom}
    keeping.make("Other languages outside hours", night, by=dev, now=now)
    first, last = begun.astimezone(zone).date(), now.astimezone(zone).date()
    WatchDay.objects.bulk_create(
        (
            WatchDay(watch=watch, channel=channel, day=first + DAY * n, heard=0)
            for watch in Watch.objects.all()
            for channel in Channel.objects.filter(state="ok")
            for n in range((last - first).days + 1)
        ),
        ignore_conflicts=True,
    )
    _find(now)
    _name_the_groups(dev, now)
    for number, hit in enumerate(Watch.objects.get(name="Bins and lids").hits.filter(state="new")[:3]):
        if number:
            acting.set_aside(hit, by=tom, now=now)
        else:
            acting.hold(hit, HELD, by=tom, now=now)
    forgetting.forget(now)
    _ask_tom(desk.staff, now)


def _find(now: datetime) -> None:
    """What the searches of last night found: people who talk of the town without naming its account."""
    channel = next((one for one in searching.searchers() if one.platform == "mastodon"), None)
    if channel is None:
        return
    for number, (name, watch, text) in enumerate(FOUND):
        at = now - timedelta(hours=3 * number + 2)
        author = f"elsewhere-{number}"
        item = Incoming(
            kind="mention",
            remote_id=f"found-{number}",
            thread_key=f"found-{number}",
            parent_id="",
            root_id="",
            author_id=author,
            author_handle=f"@{author}@social.fernhill.example",
            author_name=name,
            text=text,
            at=at,
            url=f"https://social.fernhill.example/@{author}/{number}",
            language="en",
        )
        hearing.take(Watch.objects.get(name=watch), channel, [item], now)


def _name_the_groups(by: User, now: datetime) -> None:
    for name, why in GROUPS.items():
        known = {handle(one.handle) for one in Person.objects.filter(name=name).exclude(handle="")}
        for bare in sorted(known):
            voices.add(PublicVoice(name=name, kind="group", handle=bare, why=why), by=by, now=now)


def _ask_tom(staff: dict[str, User], now: datetime) -> None:
    """A watch for the safety of somebody at the desk, who has not said yes or no yet."""
    said = {"kind": "worker", "name": "Abuse of Tom Birch", "names": ["Tom Birch", "@tombirch"], "basis": "consent"}
    more = {"without": [], "slips": True, "search": False, "topic": None, "worker": staff["tom"]}
    purpose = {"purpose": "To stand by Tom when people threaten him.", "ends_at": now + 60 * DAY}
    watching.make(said | more | purpose, by=staff["dev"], now=now)
