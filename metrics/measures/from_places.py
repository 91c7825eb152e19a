"""The rows of where followers are: lists of places, and how many of them are staff, partner organisations or bots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Town
from metrics.measures.from_followers import FRESH, followers
from metrics.measures.reach import FollowerRow
from metrics.measures.shape import Span
from metrics.measures.useful import PlaceRow, UsefulRow
from metrics.models import OutsideFigure
from metrics.outside import held
from metrics.weekly import Week

LISTED = timedelta(days=366)  # a list of places counts for so long; its day is said
UNPLACED = "no list says where"


@dataclass(frozen=True)
class Known:
    """What was brought in and read for a time: lists of places, staff, partners and bots as stated, and followers."""

    listed: Sequence[OutsideFigure]
    stated: Sequence[OutsideFigure]
    told: Sequence[FollowerRow]
    zone: ZoneInfo

    def within(self, span: Span) -> Known:
        """The part of it that counts for a shorter time."""
        since = min(span.start, span.until - FRESH)
        told = [one for one in self.told if since <= one.at < span.until]
        first, last = _days(span, self.zone)
        listed, stated = ([one for one in some if first <= one.on <= last] for some in (self.listed, self.stated))
        return Known(listed, stated, told, self.zone)


def _days(span: Span, zone: ZoneInfo) -> tuple[date, date]:
    """From which day on lists count, and the last one."""
    last = span.until.astimezone(zone).date()
    return last - LISTED, last


def _known(over: Span) -> Known:
    zone = Town.here().tz
    last = over.until.astimezone(zone).date()
    first = min(over.start.astimezone(zone).date(), last) - LISTED
    listed, stated = (held.current(kind, first, last, over.now) for kind in ("places", "excluded"))
    return Known(listed, stated, followers(over), zone)


def places(span: Span) -> list[PlaceRow]:
    """For each channel its newest list of places, how many followers nobody knows the place of, and who of them was
    stated to be staff, partner or bot.
    """
    return _places(_known(span).within(span))


def _places(known: Known) -> list[PlaceRow]:
    rows = [_row(one, one.label, "", known.zone) for one in _newest(known.listed, by_label=False)]
    stated = [_row(one, "", one.label, known.zone) for one in _newest(known.stated, by_label=True)]
    return rows + _unplaced(rows, known.told) + stated


def _newest(figures: Iterable[OutsideFigure], *, by_label: bool) -> list[OutsideFigure]:
    """Of each channel those of its newest day; with `by_label` of each label."""
    told = [(one, (one.channel_id, one.label if by_label else "")) for one in figures if one.channel_id]
    latest: dict[tuple[int | None, str], date] = {}
    for one, key in told:
        latest[key] = max(one.on, latest.get(key, one.on))
    return [one for one, key in told if one.on == latest[key]]


def _row(one: OutsideFigure, place: str, who: str, zone: ZoneInfo) -> PlaceRow:
    key = str(one.channel.key) if one.channel else ""
    return PlaceRow(
        ref=key,
        channel=str(one.channel),
        channel_key=key,
        at=datetime.combine(one.on, time(12), zone),
        place=place,
        local=one.local,
        followers=int(one.value),
        source=one.file.source,
        who=who,
    )


def _unplaced(rows: Iterable[PlaceRow], told: Iterable[FollowerRow]) -> list[PlaceRow]:
    counted: Counter[str] = Counter()
    for one in rows:
        counted[one.where] += one.followers
    newest = {one.where: one for one in sorted(told, key=lambda one: one.at) if one.followers is not None}
    return [
        PlaceRow(
            ref=key,
            channel=one.channel,
            channel_key=key,
            at=one.at,
            place="",
            local=None,
            followers=max((one.followers or 0) - counted[key], 0),
            source=UNPLACED,
        )
        for key, one in newest.items()
    ]


def useful(span: Span) -> list[UsefulRow]:
    """The same, where a list counts for a fortnight only, as a number of followers does; an older one is named by its
    day and counts for nothing.
    """
    return _useful(_known(span).within(span), span)


def each(over: Sequence[Week], now: datetime) -> list[list[UsefulRow]]:
    """The same of each of these weeks or months, fetched once."""
    spans = [Span(week.start, week.end, now) for week in over]
    whole = _known(Span(min(spans[0].start, spans[0].until - FRESH), over[-1].end, now))
    return [_useful(whole.within(span), span) for span in spans]


def _useful(known: Known, span: Span) -> list[UsefulRow]:
    rows = _places(known)
    since = min(span.start, span.until - FRESH)
    old = {one.where: one for one in rows if one.local is not None and not one.who and one.at < since}
    found = [
        UsefulRow(
            ref=one.ref,
            channel=one.channel,
            channel_key=one.channel_key,
            at=one.at,
            place=one.place,
            local=one.local,
            followers=one.followers,
            source=one.source,
            who=one.who,
        )
        for one in rows
        if one.where not in old
    ]
    gone = {str(one.channel.key) for one in known.listed if one.channel and one.channel.state == "archived"}
    return found + [_stale(one) for key, one in old.items() if key not in gone]


def _stale(one: PlaceRow) -> UsefulRow:
    missing = f"no list of places since {one.at.day} {one.at:%B %Y}"
    return UsefulRow(one.ref, one.channel, one.at, "", None, None, one.source, "", missing, channel_key=one.channel_key)
