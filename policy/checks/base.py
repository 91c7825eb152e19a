"""What a check is given and what it says. Everything here is plain data, so that a check needs no database.

A fact that is None has not been asked for: the rules that need it say nothing rather than guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from policy.checks.house import House, Level, Situation, shipped

__all__ = [
    "Act",
    "Context",
    "Draft",
    "Finding",
    "Fix",
    "Hit",
    "House",
    "Image",
    "Level",
    "ProfileItem",
    "Receipt",
    "Situation",
    "Video",
]

Act = Literal["", "private", "promise", "approval", "cool_off", "answer_once"]
Captions = Literal["none", "auto", "reviewed", "open"]


@dataclass(frozen=True)
class Image:
    """A picture of the draft as the checks see it; `bytes` is the size of the file that would be sent.

    `decorative` frees it of alt text. `has_text` and `text` tell of words in the picture, `theirs` that it is passed on
    from somebody else. `contrast`, `flashes`, `ai`, `edited` and `staged` are what the author declared, `disclosure`
    is the sentence that says so. `quote` are the words of a quote card, said by `quote_of`, found at `quote_source`.
    """

    alt: str
    name: str = ""
    bytes: int = 0
    mime: str = ""
    decorative: bool = False
    has_text: bool | None = None
    text: str = ""
    theirs: bool = False
    contrast: bool | None = None
    flashes: bool | None = None
    ai: bool | None = None
    edited: bool | None = None
    staged: bool | None = None
    disclosure: str = ""
    quote: str = ""
    quote_of: str = ""
    quote_source: str = ""


@dataclass(frozen=True)
class Video:
    """A film, a sound or a live broadcast, and what its author declared about it.

    `described`: there is audio description, or all that is seen is spoken too. `transcript` is where its words can be
    read. `plan` says how a live broadcast is captioned; `kept_since` is the day its recording went on offer. `bytes`,
    `seconds` and `mime` are those of the file that would be sent, where there is one.
    """

    name: str = ""
    kind: Literal["video", "audio", "live"] = "video"
    captions: Captions | None = None
    described: bool | None = None
    transcript: str | None = None
    plan: str | None = None
    kept_since: date | None = None
    flashes: bool | None = None
    theirs: bool = False
    bytes: int = 0
    seconds: float = 0
    mime: str = ""


@dataclass(frozen=True)
class Draft:
    """The words that would go out on one channel, with their link, pictures and films in order.

    `language` is the tag these words are marked with: None where nobody asked, empty where nobody chose one.
    `paid` and `partner` tell of content somebody paid for; `disclosed` that the platform's own label is set. `title` is
    None where nobody asked for one; `left_out` says that the post's video does not go out here.
    """

    text: str
    link: str = ""
    pictures: tuple[Image, ...] = ()
    videos: tuple[Video, ...] = ()
    language: str | None = None
    paid: bool | None = None
    partner: str = ""
    disclosed: bool = False
    title: str | None = None
    left_out: bool = False


@dataclass(frozen=True)
class Receipt:
    """What was sent to a network and what was read back from it; None where the network tells nothing about it."""

    text: str = ""
    text_back: str | None = None
    alts: tuple[str, ...] = ()
    alts_back: tuple[str, ...] | None = None
    captions: bool = False
    captions_back: bool | None = None
    workaround: str = ""


@dataclass(frozen=True)
class ProfileItem:
    """A thing that stands on a profile for a long time (bio, pinned post, cover), and when it was last looked at."""

    name: str
    checked_on: date | None = None


@dataclass(frozen=True)
class Context:
    """Where the draft would go. `used` and `limit` are counted by the platform's own rule; 0 limit means none.

    `own_contacts` are the town's published numbers and addresses, `same_words_at` tells in words when these words
    already go out on this channel, `reply` is true for an answer to a person, `public` false where only that person
    reads it. `signed` is true when somebody else signs these words before they go.

    `clauses` names the clause of the town's policy for a rule. `network` is the platform's key. `today` and `zone` are
    the town's day and zone. `border` says that people in another zone read this channel, `day_first` whether the town
    writes 3/5 for the third of May. `town` is what the town is called.

    `their_words` is what is being answered, `person` how that person is called, `earlier` the replies that others in
    the thread had already, `sign_off` what is put under the words by itself, `signs` how the channel itself
    wants them signed, whatever the network's manner is.

    `facts` are the figures, days and quotes that have a source; `topic` is the topic's name; `promised` are the days
    that a recorded promise stands for. `politicians` and `parties` are the names of an election, `window` its first and
    last day. `children` and `homes` are names and streets that are nobody's business; `people_behind` marks a post
    about somebody who works for the town.

    `access_due` is the day from which the accessibility law binds, `live_days` how long a live broadcast's recording
    may wait for its captions, `reading` the school grade (us) or age (uk) to write for.

    `films` says that a video goes out here as a file: of so many bytes, between so many seconds, of these kinds, with
    captions or without. `must` names what a post here cannot be without one of, `together` whether pictures and a video
    go out at once, `title` how long a title may be (0: there is none).
    """

    place: str = ""
    used: int = 0
    limit: int = 0
    pictures: int = 0
    picture_bytes: int = 0
    alt: int = 0
    mimes: frozenset[str] = frozenset()
    own_contacts: frozenset[str] = frozenset()
    same_words_at: str = ""
    reply: bool = False
    public: bool = True
    signed: bool = False
    situation: Situation = "everyday"
    clauses: Mapping[str, str] = field(default_factory=dict)
    house: House = field(default_factory=shipped)
    network: str = ""
    today: date | None = None
    zone: str = ""
    border: bool = False
    day_first: bool | None = None
    town: str = ""
    their_words: str = ""
    person: str = ""
    earlier: tuple[str, ...] = ()
    sign_off: str = ""
    signs: Literal["", "initials", "first_name", "never"] = ""
    facts: frozenset[str] | None = None
    topic: str = ""
    promised: frozenset[date] = frozenset()
    politicians: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    window: tuple[date, date] | None = None
    children: frozenset[str] = frozenset()
    homes: frozenset[str] = frozenset()
    people_behind: bool = False
    access_due: date | None = None
    live_days: int = 0
    reading: Literal["", "us", "uk"] = ""
    receipt: Receipt | None = None
    profile: tuple[ProfileItem, ...] | None = None
    films: bool = False
    film_bytes: int = 0
    film_seconds: tuple[float, float] | None = None
    film_mimes: frozenset[str] = frozenset()
    film_captions: bool | None = None
    must: frozenset[str] = frozenset()
    together: bool | None = None
    title: int = 0


@dataclass(frozen=True)
class Fix:
    """One click: what the button says and what stands in the place of its span afterwards.

    Its span is the finding's where it has none of its own.
    """

    words: str
    replacement: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Finding:
    """One thing a check found: the rule, how much it matters, what it is, why, and the clause it rests on.

    Only `must` stops a message. `span` is the place in the draft's text, None where it is not about a place in it.
    `source` is where the rule comes from, `example` shows it in words. `act` is what a person does about it beside
    writing differently; `due` is the day a promise names.
    """

    rule: str
    level: Level
    words: str
    why: str
    clause: str
    span: tuple[int, int] | None = None
    fix: Fix | None = None
    quote: str = ""
    source: str = ""
    example: str = ""
    act: Act = ""
    due: date | None = None


@dataclass(frozen=True)
class Hit:
    """What a rule says by itself; the rest of the finding stands in the catalogue.

    `level` is given where this very hit has one of its own, whatever the town chose for the rule.
    """

    rule: str
    words: str
    span: tuple[int, int] | None = None
    fix: Fix | None = None
    quote: str = ""
    level: Level | None = None
    why: str = ""
    act: Act = ""
    due: date | None = None
