"""What Fernhill has promised of late and what became of it, its streets, and an issue that came up this morning."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from accounts.models import User
from accounts.refusals import Refusal
from channels_app.emulator.client import Emulator
from config.trial.desk_life import Desk
from engagement import closings, gathering, issues, naming, promising, sorting, triaging
from engagement.models import Conversation, Heat, Issue, Message, Promise

STREETS: tuple[tuple[str, list[str]], ...] = (
    ("Mill Road", ["Miln Road", "by the mill"]),
    ("High Street", ["the High St", "Highstreet"]),
    ("Riverside", ["River side", "by the river"]),
    ("Weir Street", ["Wier Street"]),
    ("Station Road", []),
    ("Orchard Close", ["the Orchard"]),
    ("Mill Pond", ["the pond", "Millpond"]),
    ("St Anne's", ["Saint Annes", "St Ann's"]),
)
# What, how many days ago it was promised, for how many days after that, how it ended and how many days after the day.
PAST = (
    ("The drain outside the school is cleared", 27, 5, "kept", -1),
    ("The bench by the pond is mended", 25, 7, "kept", 0),
    ("The bus stop on Station Road has its light back", 22, 4, "kept", 3),
    ("The loose kerb in Weir Street is set", 20, 6, "kept", -2),
    ("The wrong dates in the bin leaflet are put right", 17, 3, "kept", 0),
    ("The gate of the allotments closes again", 15, 5, "broken", 2),
    ("The puddle at the crossing is drained", 12, 6, "kept", -1),
    ("The leisure centre's form keeps what was typed", 9, 4, "kept", 0),
    ("The swing in Riverside park is back", 5, 3, "kept", -1),
)
NOW = (
    ("The lamp at the school gate is mended", 6, 4, ""),  # overdue
    ("The grit bin in Orchard Close is filled", 2, 4, "The lorry is in the workshop until Thursday"),
    ("The team writes back about the cycle rack", 1, 3, ""),
    ("The noticeboard on High Street has the new plan", 1, 12, ""),
)
CLOSING = "It is done. Thank you for telling us."
BROKEN = "The hinge cannot be had any more; a new gate is in next year's budget"
REPORTS = (
    "No water in Mill Road since eight, is it just us?",
    "Burst pipe in Mill Rd, the road is flooded by the bakery",
    "Miln Road: no water at all. When will it be back?",
    "#MillRoad is flooded, the pavement is under water",
    "There is no water in Mill Road, I cannot open the cafe",
)
NEIGHBOURS = ("bakery_row", "jo_at_27", "miller_dad", "n_ash", "cafe_corner")
STATUS = "The water company is digging by the bakery; water is back by about two."


def promise_much(desk: Desk, emulator: Emulator, since: datetime, now: datetime) -> None:
    """Streets, promises made since then, kinds of conversations, and the issue of the morning."""
    amara, tom, dev = (desk.staff[name] for name in ("amara", "tom", "dev"))
    naming.read_in([(name, list(others)) for name, others in STREETS], by=dev, now=since)
    used: set[int] = set()
    for what, ago, days, how, after in PAST:
        row = _promise(used, what, ago, days, tom if days % 2 else amara, since, now)
        if row is not None:
            _end(row, how, row.due_on + timedelta(days=after), amara, now)
    for what, ago, days, moved in NOW:
        row = _promise(used, what, ago, days, tom, since, now)
        if row is not None and moved:
            later = row.due_on + timedelta(days=5)
            promising.re_date(row, later, moved, by=dev, now=now - timedelta(hours=4))
    desk.send(now + timedelta(seconds=3))
    _sort(amara, now)
    _issue(desk, emulator, now)
    _pile_on(now)


def _promise(
    used: set[int], what: str, ago: int, days: int, owner: User, since: datetime, now: datetime
) -> Promise | None:
    """Promised so many days ago, for so many days after that, to somebody who had written by then."""
    made = now - timedelta(days=ago)
    rows = Conversation.objects.filter(private=False, clock="answered", opened_at__lte=made).exclude(pk__in=used)
    home = rows.select_related("channel__scope").order_by("-opened_at").first()
    if home is None or made < since:
        return None
    used.add(home.pk)
    due_on: date = promising.today_of(made) + timedelta(days=days)
    return promising.promise(home, what=what, owner=owner, due_on=due_on, public=True, by=owner, now=made)


def _end(row: Promise, how: str, day: date, by: User, now: datetime) -> None:
    """Ended on that day, and those who asked were told then."""
    then = now - timedelta(days=(promising.today_of(now) - day).days)
    promising.end(row, how, by=by, now=then, reason=BROKEN if how == "broken" else "", closing=CLOSING)
    with suppress(Refusal):
        closings.send(row.reports.all(), by=by, now=now)


def _sort(by: User, now: datetime) -> None:
    """The kind of some conversations is confirmed, and a resident who helped is marked."""
    for home in Conversation.objects.filter(private=False).select_related("channel__scope").order_by("-last_at")[:40]:
        found = sorting.suggested(home.excerpt)
        if found and home.pk % 3:
            triaging.confirm(home, found.kind, by=by, now=now)
    kind = Message.objects.filter(ours=False, visibility="public", conversation__private=False, text__icontains="thank")
    for message in kind.select_related("conversation__channel__scope").order_by("-at")[:3]:
        triaging.mark(message, "supports", by=by, now=now)


def _issue(desk: Desk, emulator: Emulator, now: datetime) -> None:
    """Five people report the same street this morning; the desk says how it stands."""
    for n, words in enumerate(REPORTS):
        emulator.say("mastodon" if n % 2 else "x", words, by=NEIGHBOURS[n])
    desk.read(now)
    gathering.gather(now + timedelta(seconds=1))
    for issue in Issue.objects.filter(state="open", place__name="Mill Road"):
        issues.say(issue, STATUS, by=desk.staff["amara"], now=now + timedelta(seconds=2))


def _pile_on(now: datetime) -> None:
    """Last week it was hot under one post for an hour."""
    home = Conversation.objects.exclude(root_id="").order_by("-last_at").first()
    if home is not None:
        since = now - timedelta(days=6, hours=3)
        Heat.objects.create(
            channel=home.channel,
            root_id=home.root_id,
            state="settled",
            posture="answer_once",
            comments=3,
            people=3,
            top_comments=34,
            since=since,
            looked_at=since + timedelta(hours=1),
            cool_since=since + timedelta(minutes=30),
            settled_at=since + timedelta(hours=1),
        )
