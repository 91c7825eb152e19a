"""Rows `inbox`, `growth` and `thread`: the queue in each of its filters and sizes, and one long conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import cast
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from accounts import clock
from config.bench import conversations, town
from config.bench.asking import Asked, ask, often, sign_in
from config.bench.figures import Figure, p95
from config.bench.ground import Ground, meet, settle
from config.bench.town import Desk
from engagement import queue
from engagement.models import Conversation

SMALL, LARGE = 10_000, 1_000_000
SIZES = (SMALL, 100_000, LARGE)
MESSAGES = 300
TIMES = 40
FEW = 5
ROUNDS = 4
TABLES = ("engagement_person", "engagement_conversation", "engagement_conversation_labels")
MORE = ("engagement_message", "engagement_messageversion", "engagement_clockevent", "accounts_auditentry")


@dataclass(frozen=True)
class Inbox:
    """One seeded inbox and who looks at it."""

    name: str
    many: int
    desk: Desk
    clients: dict[str, Client]


def inbox(ground: Ground) -> list[Figure]:
    """The queue at a million, in the filter that takes longest; and how much longer than at ten thousand."""
    small, large = _seeded(ground, SMALL), _seeded(ground, LARGE)
    worst, most = _worst(large)
    who, path = worst
    asked = _asked(large, worst, TIMES)
    first = _asked(large, ("everywhere", reverse("inbox:queue")), TIMES)
    grown = _grown(small, large, worst)
    size = f"{large.many:,} conversations, {conversations.OPEN:,} open"
    return [
        _time(size, first, "as it opens"),
        _time(size, asked, f"slowest of {len(list(paths(large.desk)))} filters: {who}, {path}"),
        Figure("inbox", size, most, "queries", 12, None, "most of all filters"),
        Figure(
            "inbox", f"{large.many:,} against {small.many:,}", grown, "times", 1.3, None, "slowest filter, middle time"
        ),
    ]


def growth(ground: Ground) -> list[Figure]:
    """The middle time of the queue over its tabs, at growing sizes, asked in turns so that all meet the same hour."""
    there = [_seeded(ground, size) for size in SIZES]
    times: dict[str, list[float]] = {one.name: [] for one in there}
    for _ in range(ROUNDS):
        for one in there:
            times[one.name] += [asked.middle for asked in _each(one, FEW)]
    first = median(times[there[0].name])
    return [
        Figure(
            "growth",
            f"{one.many:,} conversations",
            median(times[one.name]),
            "ms",
            1.3 * first,
            first,
            "middle of all tabs, beside that of the smallest",
        )
        for one in there
    ]


def thread(ground: Ground) -> list[Figure]:
    """One long conversation, as a page and as the panes that replace each other in it."""
    now = clock.now()
    name = ground.database()
    desk = town.found(20, now)
    conversations.seed(desk, ground.sized(20_000), now, 2_000)
    conversations.seed_messages(3)
    long = Conversation.objects.filter(state="open", channel=desk.channels[0], private=False).latest("id")
    conversations.seed_thread(long.pk, desk, MESSAGES, now)
    settle(*TABLES, *MORE)
    client = sign_in(desk.everywhere)
    path = reverse("inbox:conversation", args=[long.key])
    whole, part = often(client, path, TIMES), often(client, path, TIMES, HX_Request="true")
    ground.drop(name)
    size = f"{MESSAGES} messages"
    return [
        Figure(
            "thread",
            size,
            p95(whole.times),
            "ms p95",
            60,
            median(whole.bare),
            f"the whole page with the queue; {whole.told}",
        ),
        Figure(
            "thread", size, p95(part.times), "ms p95", 60, median(part.bare), "the thread alone, as clicking opens it"
        ),
        Figure("thread", size, len(whole.statements), "queries", 12, None, "the whole page"),
        Figure("thread", size, len(part.statements), "queries", 12, None, "the thread alone"),
    ]


def paths(desk: Desk) -> Iterator[str]:
    """Every tab, sorted in each way, with no filter, one busy and one quiet channel, one common and one rare label; and
    as it opens with every other filter, several at once, and words that are common, rare and nobody's.
    """
    filters: list[dict[str, str]] = [{}]
    filters += [{"channel": str(desk.channels[place].key)} for place in (0, -1)]
    filters += [{"label": desk.labels[place].name} for place in (0, -1)]
    for tab in queue.TABS:
        for sort in queue.SORTS:
            for chosen in filters:
                yield f"{reverse('inbox:queue')}?{urlencode({'tab': tab, 'sort': sort, **chosen})}"

        for chosen in others(desk):
            yield f"{reverse('inbox:queue')}?{urlencode({'tab': tab, **chosen})}"


def others(desk: Desk) -> list[dict[str, str]]:
    """What else the queue is narrowed by."""
    found = [{"language": code} for code in ("en", "cy")]
    found += [{"priority": name} for name in ("normal", "urgent")]
    found += [{"department": "Parks"}, {"holder": str(desk.people[1].key)}, {"snoozed": "1"}]
    found += [{"q": words} for words in ("council", "in 7f", "xyzzyx")]
    together = {"language": "en", "priority": "high", "channel": str(desk.channels[0].key)}
    return [*found, together, together | {"label": desk.labels[0].name, "q": "bins"}]


def _seeded(ground: Ground, many: int) -> Inbox:
    now, many = clock.now(), max(1000, ground.sized(many))
    if ("inbox", many) in ground.kept:
        return cast(Inbox, ground.kept["inbox", many])
    ground.tell(f"making {many:,} conversations")
    name = ground.database()
    desk = town.found(20, now)
    conversations.seed(desk, many, now)
    conversations.seed_words()
    settle(*TABLES, "engagement_message")
    there = Inbox(name, many, desk, {one: sign_in(getattr(desk, one)) for one in ("everywhere", "somewhere")})
    ground.kept["inbox", many] = there
    return there


def _each(there: Inbox, times: int) -> Iterator[Asked]:
    meet(there.name)
    for who in there.clients:
        for tab in queue.TABS:
            yield _asked(there, (who, f"{reverse('inbox:queue')}?tab={tab}"), times)


def _worst(there: Inbox) -> tuple[tuple[str, str], int]:
    """Who sees the slowest page and which, by a few requests each; and the most queries of any."""
    found: list[tuple[float, tuple[str, str]]] = []
    most = 0
    meet(there.name)
    for who in there.clients:
        for path in paths(there.desk):
            asked = _asked(there, (who, path), FEW)
            most = max(most, len(asked.statements))
            found.append((asked.middle, (who, path)))
    return max(found)[1], most


def _asked(there: Inbox, what: tuple[str, str], times: int) -> Asked:
    meet(there.name)
    return often(there.clients[what[0]], what[1], times)


def _grown(small: Inbox, large: Inbox, what: tuple[str, str]) -> float:
    """How many times longer the same filter takes in the large inbox, asked in turns so that both meet the same hour."""
    times: dict[str, list[float]] = {small.name: [], large.name: []}
    who, path = what
    at = list(paths(large.desk)).index(path)
    for _ in range(ROUNDS):
        for there in (small, large):
            meet(there.name)
            same = list(paths(there.desk))[at]
            ask(there.clients[who], same)
            times[there.name] += [ask(there.clients[who], same) for _ in range(TIMES // ROUNDS)]
    return median(times[large.name]) / median(times[small.name])


def _time(size: str, asked: Asked, why: str) -> Figure:
    return Figure("inbox", size, p95(asked.times), "ms p95", 60, median(asked.bare), f"{why}; {asked.told}")
