"""Plans as tables: what is written is read as it was, whatever the words; how people write days and times."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from accounts import tables
from accounts.refusals import Invalid
from accounts.walltime import Twice, from_wall
from calendar_app import carrying, dating, exporting, extras, naming, reading, sheets
from calendar_app.carrying import Consent, More, Poll, Quote
from calendar_app.declaring import Declared, Paid
from calendar_app.models import Campaign
from calendar_app.models.posts import BENEFITS, CALLS, KINDS
from calendar_app.naming import Known, Names
from calendar_app.releasing import Moment
from calendar_app.sheets import Entry, Reading
from calendar_app.words import Alt, Sourced, Words
from channels_app.models import Channel
from policy.models import Objective, Topic
from policy.situations import SITUATIONS
from tests.factories import NOON

LONDON = Reading("Europe/London", "dmy")
AT = "2026-11-01T10:00:00+00:00"
CHANNELS = [
    Channel(pk=n, name=name, platform=platform, handle=f"@town{n}")
    for n, (name, platform) in enumerate(
        [("Town", "mastodon"), ("Town", "x"), ("Odd; name", "facebook"), ("=Town", "facebook"), ("Town", "mastodon")], 1
    )
]
TOPICS = [Topic(pk=n, name=name) for n, name in enumerate(["Roads", "roads", "=Bins", "'Parks"], 1)]
CAMPAIGNS = [Campaign(pk=1, name="+Winter")]
OBJECTIVES = [Objective(pk=1, sentence="More people know, -1 by May."), Objective(pk=2, sentence="Fewer calls")]
LABELS = naming.labels(CHANNELS)
PICTURES = [f"{n:08d}-0000-4000-8000-000000000000" for n in range(3)]
NAMED = {PICTURES[0]: "youth | café.png", PICTURES[1]: "[a]\\n", "ada": "Ada | Pond"}
PEOPLE = {name: key for key, name in NAMED.items()}


class Everything:
    """Knows every picture, and believes every check: what is remembered is told elsewhere."""

    def picture(self, said: str) -> tuple[str, str]:
        key = extras.KEY.fullmatch(said)
        assert key, said
        return key[1], said

    def fact(self, words: str, source: str, checker: str, at: str) -> Sourced:
        return Sourced(words, source, PEOPLE.get(checker, checker), at)

    def consent(self, people: str, safe: bool, by: str) -> Consent:
        name, at = extras.fields(by, 2)
        return Consent(people, safe, PEOPLE.get(name, name), at)


KNOWN = Known(
    channels=naming.channel_names(CHANNELS),
    topics=Names.of("topic", ((one.name, one) for one in TOPICS)),
    campaigns=Names.of("campaign", ((one.name, one) for one in CAMPAIGNS)),
    objectives=Names.of("objective", ((one.sentence, one) for one in OBJECTIVES)),
    writable={str(one.key): one for one in CHANNELS},
    recall=Everything(),
)
RISKY = some.sampled_from(["=1+1", "+44", "-x", "@home", "\tq", "'=1", "''-", "\n=2", '"', ",", ";", "é£€", "’tis"])
TEXT = some.builds("".join, some.lists(RISKY | some.text(some.characters(exclude_categories=["Cs", "Cc"])), max_size=5))
FULL = TEXT.filter(str.strip)
TIMES = some.none() | some.datetimes(datetime(2026, 12, 1), datetime(2028, 10, 1)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
LINES = some.builds("\n".join, some.lists(FULL.map(str.strip) | some.sampled_from(["---", "\\---", "\\"]), min_size=1))
MORE = some.builds(
    More,
    some.lists(LINES.map(str.strip).filter(bool), max_size=3).map(tuple),
    some.none() | some.builds(Poll, some.lists(FULL, max_size=4).map(tuple), some.sampled_from([60, 1440, 99_999])),
)
CARRIED = some.fixed_dictionaries(
    {
        "pictures": some.lists(
            some.builds(
                Alt,
                some.sampled_from(PICTURES),
                LINES | TEXT,
                some.builds(
                    Declared,
                    has_text=some.booleans(),
                    text=TEXT,
                    ai=some.booleans(),
                    contrast=some.sampled_from(["", "no"]),
                ),
            ),
            unique_by=lambda one: one.media,
        ).map(tuple),
        "facts": some.lists(
            some.builds(Sourced, FULL, FULL) | some.builds(Sourced, FULL, FULL, some.just("ada"), some.just(AT)),
            max_size=3,
        ).map(tuple),
        "quote": some.builds(Quote, LINES | TEXT, TEXT, TEXT, some.sampled_from(["", PICTURES[2]])),
        "consent": some.just(Consent())
        | some.builds(Consent, FULL, some.booleans(), some.sampled_from(["ada", ""]), some.just(AT)).map(
            lambda one: one if one.by else Consent(one.people, one.safe)
        ),
    }
)
ENTRIES = some.builds(
    lambda text, own, channels, wall, fold, more, carried, beside: (
        text,
        own if channels else "",
        channels,
        wall,
        fold,
        more | carried,
        beside if all(carrying.fitting(beside, one) == beside for one in channels) and channels else More(),
    ),
    FULL,
    some.just("") | FULL,
    some.lists(some.sampled_from(CHANNELS), max_size=4, unique_by=lambda one: one.pk),
    TIMES,
    some.sampled_from([0, 1]),
    some.fixed_dictionaries(
        {
            "kind": some.sampled_from([key for key, _ in KINDS]),
            "topic": some.none() | some.sampled_from(TOPICS),
            "campaign": some.none() | some.sampled_from(CAMPAIGNS),
            "benefit": some.sampled_from(["", *(key for key, _ in BENEFITS)]),
            "call": some.sampled_from(["", *(key for key, _ in CALLS)]),
            "situation": some.sampled_from([key for key, _ in SITUATIONS]),
            "language": some.sampled_from(["", "en", "cy"]),
            "paid": some.builds(Paid, some.booleans(), some.sampled_from(["", "=Rotary"])),
            "link": some.sampled_from(["", "https://fernhill.example/bins?a=1,2"]),
        }
    ),
    CARRIED,
    MORE,
)
NUMBER = count(1)


def moment(wall: datetime, fold: int) -> Moment | None:
    try:
        return Moment(wall, LONDON.zone, from_wall(wall, LONDON.zone, fold))
    except Invalid:
        return None


def made(drawn: Any) -> tuple[Entry, list[Channel], str]:
    text, own, channels, wall, fold, more, beside = drawn
    aim = OBJECTIVES[0] if fold else None
    keys = {str(one.key): own for one in channels}
    told = dict.fromkeys(keys, beside) if beside != More() else {}
    words = Words(text=text, own=keys, objective=aim, unplanned=not aim, more=told, **more)
    return Entry(f"p{next(NUMBER)}", words, moment(wall, fold) if wall and channels else None), channels, own


@settings(max_examples=60, deadline=None)
@given(some.lists(ENTRIES, min_size=1, max_size=6))
def test_a_plan_is_read_as_it_was_written(drawn):
    entries = [made(one) for one in drawn]
    rows = []
    for one, channels, own in entries:
        more = next(iter(one.words.more.values()), More())
        told = [LABELS[each.pk] for each in channels]
        rows.append([*sheets.cells(one.ref, one.words, one.at, told, own, more, NAMED).values(), "", "", ""])
    text = exporting.as_csv(rows)
    assert reading.encoding_of(text.encode()) == "utf-8-sig"
    table = reading.table(text.removeprefix("\ufeff"), reading.separator_of(text))
    columns = {name: place for place, name in enumerate(sheets.COLUMNS)}
    read = [sheets.entry(reading.by_meaning(cells, columns), KNOWN, LONDON, NOON) for _, cells in table.rows]
    assert read == [one for one, _, _ in entries]


@settings(max_examples=200, deadline=None)
@given(some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"])) | TEXT)
def test_no_cell_begins_like_a_formula_and_every_cell_comes_back(text):
    assert not tables.cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert tables.restored(tables.cell(text)) == text


@pytest.mark.parametrize(
    ("said", "order", "day", "clock"),
    [
        ("31/12/2027", "dmy", date(2027, 12, 31), None),
        ("12/31/2027", "mdy", date(2027, 12, 31), None),
        ("4/3/2027", "dmy", date(2027, 3, 4), None),
        ("4/3/2027", "mdy", date(2027, 4, 3), None),
        ("2027-03-05 10:00", "mdy", date(2027, 3, 5), time(10)),
        ("Fri 5 March 2027, 9am", "dmy", date(2027, 3, 5), time(9)),
        ("March 5, 2027", "mdy", date(2027, 3, 5), None),
        ("5.3.27", "dmy", date(2027, 3, 5), None),
    ],
)
def test_days_as_people_write_them(said, order, day, clock):
    assert dating.day_of(said, order) == (day, clock)


@pytest.mark.parametrize("said", ["31/02/2027", "tomorrow", "13/13/2027", "2027", "5 Foo 2027"])
def test_what_is_no_day_is_refused(said):
    with pytest.raises(Invalid):
        dating.day_of(said, "dmy")


@pytest.mark.parametrize(
    ("said", "hour", "minute"),
    [("14:05", 14, 5), ("14.05", 14, 5), ("2:05 pm", 14, 5), ("9am", 9, 0), ("12am", 0, 0), ("12 pm", 12, 0)],
)
def test_times_as_people_write_them(said, hour, minute):
    assert dating.time_of(said) == time(hour, minute)


@pytest.mark.parametrize("said", ["24:00", "7", "13pm", "noon", "10:61", "10:00Z"])
def test_what_is_no_time_is_refused(said):
    with pytest.raises(Invalid):
        dating.time_of(said)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"a,b\n\0\0", "not a text file"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_a_bad_file_gets_one_clear_sentence(data, why):
    with pytest.raises(Invalid, match=why):
        reading.refuse_what_is_no_text(data)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Text\n", "no rows"),
        ('a,b\n"x', "never ends"),
        ('a,b\n"x"y,1', "closing quote"),
        ("a\n" + "x\n" * 10_001, "more than 10,000"),
        (",".join("x" * 61) + "\n1", "more than 60 columns"),
    ],
)
def test_a_table_that_is_none_gets_one_clear_sentence(text, why):
    with pytest.raises(Invalid, match=why):
        reading.table(text, ",")


def test_encodings_and_separators_are_told_or_asked():
    words = "Text;Link\ncafé;x"
    assert reading.encoding_of(words.encode()) == "utf-8-sig"
    assert reading.encoding_of(words.encode("utf-8-sig")) == "utf-8-sig"
    assert reading.encoding_of(words.encode("utf-16")) == "utf-16"
    assert reading.encoding_of(words.encode("cp1252")) == "", "only a person knows"
    assert reading.text_of(words.encode("cp1252"), "cp1252") == words
    with pytest.raises(Invalid, match="Line 2 cannot be read as UTF-8"):
        reading.text_of(words.encode("cp1252"), "utf-8-sig")
    for separator in (",", ";", "\t", "|"):
        assert reading.separator_of('"a,;|",b\n'.replace(",b", f"{separator}b")) == separator
    assert reading.table("sep=;\na;b\n1;2", reading.separator_of("sep=;\na;b")).heads == ("a", "b")


def test_a_row_says_everything_that_is_wrong_with_it():
    row = {"date": "2026-11-01", "time": "10:00", "channels": "Twon", "text": "", "topic": "Raods", "kind": "song"}
    with pytest.raises(sheets.Wrong) as wrong:
        sheets.entry(row, KNOWN, LONDON, NOON)
    told = " ".join(wrong.value.problems)
    for words in (
        "no channel called “Twon”",
        "Did you mean “Roads”?",
        "is over",
        "It has no text",
        "“song” is none of",
    ):
        assert words in told


def test_a_name_that_could_be_two_is_asked_about_and_a_time_that_comes_twice_too():
    row = {"date": "2027-10-31", "time": "01:30", "channels": "Town", "text": "x"}
    with pytest.raises(sheets.Wrong) as wrong:
        sheets.entry(row, KNOWN, LONDON, NOON)
    assert "“Town” could be more than one channel." in wrong.value.words
    assert "Write first or second under “Which of the two”" in wrong.value.words
    both = [
        sheets.entry({**row, "channels": "Town (X)", "which": which}, KNOWN, LONDON, NOON).at
        for which in ("first", "second")
    ]
    assert both[1].due_at - both[0].due_at == timedelta(hours=1)
    assert [sheets.which_of_two(one) for one in both] == ["first", "second"]
    assert both[0].due_at.tzinfo is UTC
    with pytest.raises(Twice):
        from_wall(both[0].wall, LONDON.zone)


@settings(max_examples=200, deadline=None)
@given(some.lists(TEXT | some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=4))
def test_fields_of_one_line_come_back(told):
    written = extras.line(told)
    assert "\n" not in written
    assert extras.fields(written, 4) == told + [""] * (4 - len(told))


def test_cells_as_people_write_them():
    row = {
        "channels": "@town1",
        "text": "x",
        "parts": "First\r\n---\r\n\r\nSecond\nline\n",
        "poll": "Yes\nNo\n",
        "facts": "5 km|The survey\nOn Monday | The pool | Ada | never",
    }
    words = sheets.entry(row, KNOWN, LONDON, NOON).words
    (more,) = words.more.values()
    assert more == More(("First", "Second\nline"), Poll(("Yes", "No")))
    assert [(one.words, one.source) for one in words.facts] == [("5 km", "The survey"), ("On Monday", "The pool")]


def test_extra_cells_say_what_is_wrong_with_them():
    row = {"channels": "Town (X); Odd", "text": "x", "parts": "a\n---\nb", "facts": "5 km", "poll_minutes": "a day"}
    row |= {"pictures": f"{PICTURES[0]} | Alt | nonsense", "quote_card": "that one"}
    with pytest.raises(sheets.Wrong) as wrong:
        sheets.entry({**row, "channels": "Odd"}, KNOWN, LONDON, NOON)
    for words in (
        "needs its words | where it comes from",
        "no number of minutes",
        "not what Parley wrote",
        "by the key",
    ):
        assert words in wrong.value.words
    poll = {"channels": "=Town", "text": "x", "poll": "Yes\nNo"}
    with pytest.raises(sheets.Wrong, match="has no polls"):
        sheets.entry(poll, KNOWN, LONDON, NOON)
