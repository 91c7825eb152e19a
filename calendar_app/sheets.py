"""A plan as a table: one row for each post and moment, in words a person reads, and back into a post's words.

The columns are the same both ways, so a plan that was exported is imported as it was. What a post carries beside its
words is told in `calendar_app.extras`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from accounts.refusals import Invalid
from accounts.walltime import Twice, from_wall
from calendar_app import carrying, extras, releasing, wording
from calendar_app.carrying import More
from calendar_app.dating import Order, day_of, time_of
from calendar_app.declaring import Paid
from calendar_app.forms import lines
from calendar_app.models.posts import BENEFITS, CALLS, KINDS
from calendar_app.naming import Known, Names
from calendar_app.releasing import Moment
from calendar_app.words import Words
from channels_app.models import Channel
from policy.situations import EVERYDAY, SITUATIONS

Named = TypeVar("Named")
NO_MORE = More()
NO_NAMES: Mapping[str, str] = {}
COLUMNS = {
    "post": "Post",
    "date": "Date",
    "time": "Time",
    "which": "Which of the two",
    "channels": "Channels",
    "text": "Text",
    "own": "Own wording",
    "link": "Link",
    "kind": "Kind of post",
    "topic": "Topic",
    "campaign": "Campaign",
    "objective": "Objective",
    "unplanned": "Unplanned",
    "benefit": "What readers get",
    "call": "What readers are asked to do",
    "situation": "Situation",
    "language": "Language",
    "paid": "Paid for",
    "partner": "With whom",
    **extras.COLUMNS,
}
OF_A_ROW = {"post", "date", "time", "which", "channels", "own", *extras.OF_A_CHANNEL}
ALSO_CALLED = {
    "date": ("day", "publish date", "date and time", "scheduled", "when"),
    "time": ("hour", "publish time"),
    "channels": ("channel", "network", "networks", "platform", "account", "accounts"),
    "text": ("message", "post text", "content", "copy", "caption", "words"),
    "link": ("url", "web address"),
    "kind": ("type", "kind", "post type"),
    "topic": ("theme", "category"),
    "objective": ("goal", "aim"),
    "benefit": ("benefit", "reader benefit"),
    "pictures": ("picture", "image", "images", "media"),
}
YES = {"yes", "y", "true", "1", "x"}
NO = {"", "no", "n", "false", "0"}
FIRST, SECOND = "first", "second"
JOIN = "; "


@dataclass(frozen=True)
class Reading:
    """How dates are read: their order, the zone, and the time of a row that names a day alone."""

    zone: str
    order: Order
    time: str = ""


@dataclass(frozen=True)
class Entry:
    """One row: the words of its post with the wording of its channels, and when. `ref` ties rows to one post."""

    ref: str
    words: Words
    at: Moment | None


class Wrong(Invalid):
    """A row that cannot be taken, with every reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def cells(
    ref: str,
    words: Words,
    at: Moment | None,
    channels: Iterable[str],
    own: str,
    more: More = NO_MORE,
    names: Mapping[str, str] = NO_NAMES,
) -> dict[str, str]:
    """A row as it is written: `channels` are labels, `own` their own wording, `more` what they get beside it.

    `names` are those of the pictures and people that the words name by key.
    """
    return {
        "post": ref,
        "date": f"{at.wall:%Y-%m-%d}" if at else "",
        "time": f"{at.wall:%H:%M}" if at else "",
        "which": which_of_two(at) if at else "",
        "channels": JOIN.join(channels),
        "text": words.text,
        "own": own,
        "link": words.link,
        "kind": dict(KINDS)[words.kind],
        "topic": words.topic.name if words.topic else "",
        "campaign": words.campaign.name if words.campaign else "",
        "objective": words.objective.sentence if words.objective else "",
        "unplanned": "yes" if words.unplanned else "",
        "benefit": dict(BENEFITS).get(words.benefit, ""),
        "call": dict(CALLS).get(words.call, ""),
        "situation": "" if words.situation == EVERYDAY else dict(SITUATIONS)[words.situation],
        "language": words.language,
        "paid": "yes" if words.paid.paid else "",
        "partner": words.paid.partner,
        **extras.cells(words, more, names),
    }


def which_of_two(at: Moment) -> str:
    """Which of the two is meant, for a time that comes twice that day."""
    try:
        from_wall(at.wall, at.zone)
    except Twice as twice:
        return SECOND if at.due_at == twice.second else FIRST
    except Invalid:
        return ""
    return ""


@dataclass
class Reader:
    """Reads one row and gathers what is wrong with it."""

    row: Mapping[str, str]
    known: Known
    problems: list[str] = field(default_factory=list)

    def said(self, name: str) -> str:
        return self.row.get(name, "").strip()

    def one(self, name: str, among: Names[Named]) -> Named | None:
        """The thing a cell names; None for an empty one or an unknown."""
        if not self.said(name):
            return None
        try:
            return among.find(self.row[name])
        except Invalid as why:
            self.problems.append(why.words)
            return None

    def choice(self, name: str, choices: Iterable[tuple[str, str]], empty: str) -> str:
        """One of fixed choices, by its words or its key."""
        offered = list(choices)
        named = {words.casefold(): key for key, words in offered} | {key: key for key, _ in offered}
        said = self.said(name).casefold()
        if said and said not in named:
            every = ", ".join(words for _, words in offered)
            self.problems.append(f"{COLUMNS[name]}: “{self.said(name)[:60]}” is none of {every}.")
        return named.get(said, empty)

    def yes(self, name: str) -> bool:
        said = self.said(name).casefold()
        if said not in YES | NO:
            self.problems.append(f"{COLUMNS[name]}: “{said[:60]}” is neither yes nor no.")
        return said in YES

    def link(self) -> str:
        said = self.said("link")
        if said:
            try:
                URLValidator(["http", "https"])(said)
            except ValidationError:
                self.problems.append(f"“{said[:60]}” is not a web address.")
            if len(said) > 500:
                self.problems.append("The link is longer than 500 characters.")
        return said

    def channels(self) -> list[Channel]:
        found: list[Channel] = []
        for name in self.row.get("channels", "").replace("\n", ";").split(";"):
            channel = None
            try:
                channel = self.known.channels.find(name.strip()) if name.strip() else None
            except Invalid as why:
                self.problems.append(why.words)
            if channel and str(channel.key) not in self.known.writable:
                self.problems.append(f"You do not write for {wording.place(channel)}, or it is not connected.")
            elif channel and channel in found:
                self.problems.append(f"{wording.place(channel)} is named twice.")
            elif channel:
                found.append(channel)
        return found


def entry(row: Mapping[str, str], names: Known, reading: Reading, now: datetime) -> Entry:
    """What a row says. Wrong with every reason why it cannot be taken."""
    reader = Reader(row, names)
    text, own = lines(row.get("text", "")), lines(row.get("own", ""))
    channels = reader.channels()
    at = _moment(reader, reading, now)
    beside = extras.Extras(row, names.recall, reader.problems)
    more = beside.more()
    words = Words(
        text=text,
        link=reader.link(),
        kind=reader.choice("kind", KINDS, "news"),
        topic=reader.one("topic", names.topics),
        campaign=reader.one("campaign", names.campaigns),
        objective=reader.one("objective", names.objectives),
        unplanned=reader.yes("unplanned"),
        benefit=reader.choice("benefit", BENEFITS, ""),
        call=reader.choice("call", CALLS, ""),
        situation=reader.choice("situation", SITUATIONS, EVERYDAY),
        language=reader.said("language"),
        paid=Paid(reader.yes("paid"), reader.said("partner")[:120]),
        own={str(one.key): own if own.strip() else "" for one in channels},
        pictures=beside.pictures(),
        facts=beside.facts(),
        more={str(one.key): more for one in channels} if more != NO_MORE else {},
        quote=beside.quote(),
        consent=beside.consent(reader.yes("consent_safe")),
    )
    _whole(reader, words, own, at)
    _carried(reader, channels, more)
    if reader.problems:
        raise Wrong(list(dict.fromkeys(reader.problems)))
    return Entry(reader.said("post")[:120], words, at)


def _whole(reader: Reader, words: Words, own: str, at: Moment | None) -> None:
    if not words.text.strip() and not own.strip():
        reader.problems.append("It has no text.")
    if max(len(words.text), len(own)) > 100_000:
        reader.problems.append("The text is longer than any platform takes.")
    if len(words.language) > 12:
        reader.problems.append("Language is a short code such as en or cy.")
    if words.unplanned and words.objective:
        reader.problems.append("It names an objective and says that it is unplanned.")
    if (at or own.strip()) and not words.own and not reader.problems:
        reader.problems.append("It has a day or a wording of its own, and no channel for it.")


def _carried(reader: Reader, channels: Iterable[Channel], more: More) -> None:
    """What a channel cannot carry is said, instead of being lost on the way."""
    if more != NO_MORE and not channels and not reader.problems:
        reader.problems.append("It has further parts, a poll or a title, and no channel for them.")
    for one in channels if more != NO_MORE else ():
        fits = carrying.fitting(more, one)
        if fits.parts != more.parts:
            most = carrying.can(one).parts
            reader.problems.append(f"{wording.place(one)} takes {most or 'no'} further part{'s' * (most != 1)}.")
        if more.poll and not fits.poll:
            reader.problems.append(f"{wording.place(one)} has no polls.")
        if more.title and not fits.title:
            reader.problems.append(f"{wording.place(one)} has no titles.")


def _moment(reader: Reader, reading: Reading, now: datetime) -> Moment | None:
    """When the row goes out; None for one without a day."""
    if not reader.said("date"):
        if reader.said("time"):
            reader.problems.append("It has a time and no day.")
        return None
    which: Any = {"": None, FIRST: 0, "1": 0, SECOND: 1, "2": 1}
    fold = reader.said("which").casefold()
    try:
        day, clock = day_of(reader.said("date"), reading.order)
        if reader.said("time"):
            clock = time_of(reader.said("time"))
        elif clock is None:
            clock = time_of(reading.time) if reading.time else None
        if clock is None:
            raise Invalid("It has a day and no time.")
        if fold not in which:
            raise Invalid("Which of the two: write first or second.")
        return releasing.moment(datetime.combine(day, clock), reading.zone, which[fold], now)
    except Twice as twice:
        reader.problems.append(f"{twice.words} Write first or second under “{COLUMNS['which']}”.")
    except Invalid as why:
        reader.problems.append(f"{why.words} {why.next_step}".strip())
    return None
