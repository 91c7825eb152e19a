"""What the checks need to know of the town at one moment, read once for however many words are checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.models import Town
from policy import guides, modes, pack_rules, profile, situations, voice
from policy.checks import Context
from policy.checks.house import House

DAY_FIRST = {"en-us": False, "en-gb": True, "en-ie": True, "en-au": True, "en-nz": True}  # Canada writes both
QUESTION = f"""
SELECT {voice.STAMP_AND_NAMES},
       (SELECT coalesce(json_object_agg(guide, key), '{{}}') FROM (
          SELECT DISTINCT ON (guide) guide, key FROM policy_guideversion WHERE state = 'approved'
           ORDER BY guide, number DESC) AS held),
       (SELECT coalesce(json_agg(json_build_array(mode, scope_id, starts_at, ends_at)), '[]') FROM policy_modespan
         WHERE NOT exercise AND starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)),
       (SELECT json_build_array(contact, complaints, emergency_number) FROM policy_policychoices LIMIT 1)
"""  # noqa: S608 - our own words


class Span(NamedTuple):
    """A mode that runs, as much of it as the checks look at."""

    mode: str
    scope_id: int | None
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Setting:
    """The town's houses, sentences, clauses (by rule, with their addresses), its election and its modes.

    `town` is the part of every context that comes from the town itself: its day, its law, how it writes.
    """

    posts: House
    replies: House
    private: House
    town: Context = field(default_factory=Context)
    disclosures: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    politicians: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    window: tuple[date, date] | None = None
    spans: tuple[Span, ...] = ()

    def mode(self, scope_id: int | None) -> str:
        """The strictest mode that runs over this scope or over everything."""
        on = {span.mode for span in self.spans if span.scope_id in {None, scope_id}}
        return next((mode for mode in modes.STRICTEST_FIRST if mode in on), modes.NORMAL)

    def runs(self, mode: str, scope_id: int | None) -> bool:
        """Whether this mode runs over this scope or over everything, be there a stricter one or not."""
        return any(span.mode == mode and span.scope_id in {None, scope_id} for span in self.spans)

    def situation(self, chosen: str, scope_id: int | None) -> str:
        """The situation that holds for words with this choice on this scope."""
        return situations.settle(chosen, self.mode(scope_id))

    def context(self, kind: str) -> Context:
        """The part of the context that is the same for every word of this kind: post or reply."""
        return replace(
            self.town,
            reply=kind == profile.REPLY,
            house=self.replies if kind == profile.REPLY else self.posts,
            clauses=self.clauses,
            politicians=self.politicians,
            parties=self.parties,
            window=self.window,
        )


def at(now: datetime, town: Town | None = None) -> Setting:
    """The setting at this moment, in one question beside the town."""
    town = town or Town.here()
    zone = ZoneInfo(town.zone)
    *known, names, held, running, contacts = _asked(now)
    stamp: voice.Stamp = (known[0], known[1], known[2])
    spans = tuple(Span(mode, scope, _moment(start), _moment(end)) for mode, scope, start, end in running)
    people, parties = _names(names)
    refs = guides.by_rule({guide: UUID(key) for guide, key in held.items()})
    return Setting(
        posts=voice.house_at(stamp, profile.POST),
        replies=voice.house_at(stamp, profile.REPLY),
        private=voice.house_at(stamp, profile.PRIVATE),
        town=_of_town(town, now.astimezone(zone).date(), contacts or ()),
        disclosures=voice.at(stamp).profile.disclosures,
        clauses={rule: one.label for rule, one in refs.items()},
        links={rule: one.url for rule, one in refs.items()},
        politicians=people,
        parties=parties,
        window=_window(spans, zone),
        spans=spans,
    )


def _asked(now: datetime) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, {"now": now})
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _moment(said: str | None) -> Any:
    """A moment as JSON holds it."""
    return datetime.fromisoformat(said) if said else None


def _of_town(town: Town, today: date, told: Iterable[str]) -> Context:
    """The town's own facts: the day its law of access binds posts, how it writes, its published contacts."""
    law = pack_rules.accessible_by(town.pack, town.population, today)
    bound = law.data if law else {}
    return Context(
        today=today,
        zone=town.zone,
        access_due=bound.get("on") if bound.get("posts") else None,
        live_days=bound.get("live_days", 0),
        reading="us" if town.locale == "en-us" else "uk",
        day_first=DAY_FIRST.get(town.locale),
        town=town.name,
        own_contacts=frozenset(one.strip() for words in told for one in re.split(r"[,;]|\s(?:or|and)\s", words)) - {""},
    )


def _names(rows: Iterable[voice.Name]) -> tuple[frozenset[str], frozenset[str]]:
    """Names of people who stand or sit, and of parties and ballot measures, in every spelling."""
    people: set[str] = set()
    parties: set[str] = set()
    for kind, name, also in rows:
        spelled = {name, *(one.strip() for one in also.split(",") if one.strip())}
        (people if kind in {"politician", "candidate"} else parties).update(spelled)
    return frozenset(people), frozenset(parties)


def _window(spans: tuple[Span, ...], zone: ZoneInfo) -> tuple[date, date] | None:
    """First and last day of the election that runs; one without an end goes on."""
    running = next((span for span in spans if span.mode == "election"), None)
    if running is None:
        return None
    last = running.ends_at.astimezone(zone).date() if running.ends_at else date.max
    return running.starts_at.astimezone(zone).date(), last
