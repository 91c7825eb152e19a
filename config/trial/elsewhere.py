"""Where else Fernhill is, what it told there, and what people said under it."""

# ruff: noqa: E501  (a post is one line, as it goes out)
from __future__ import annotations

from typing import NamedTuple

from config.trial.posts import ALLOTMENTS, BINS, EVENTS, HISTORY, MEETINGS, POND, RESTORED, WINTER, YOUTH


class Place(NamedTuple):
    """One account: what staff call the channel, its handle, and what is typed into the form beside its key."""

    platform: str
    name: str
    handle: str
    followers: int = 0
    typed: tuple[tuple[str, str], ...] = ()
    opened: bool = True


class Said(NamedTuple):
    """Words of somebody under a post, so many hours after it, and what the town answered, if it has by now."""

    platform: str
    who: str
    hours: float
    text: str
    answer: str = ""


class Told(NamedTuple):
    """One post: where, how many days ago (or ahead), about what, and what was said under it."""

    on: tuple[str, ...]
    days: float
    kind: str
    topic: str
    benefit: str
    text: str
    title: str = ""
    picture: str = ""
    campaign: str = ""
    said: tuple[Said, ...] = ()


class Snap(NamedTuple):
    """A picture that somebody posted with the app on a phone, and what was said under it."""

    days: float
    text: str
    said: Said


BY_BUS = "Good question, Beth. A bus pass does: the Drill Hall is two minutes from the stop of bus 4."
BUSES = "Good point, Ron. Both stops move to Station Road for three weeks, and signs go up before then."
EELS = "They follow the fast water along its edge, and the stones slow it down just there."

PLACES = (
    Place("instagram", "Fernhill on Instagram", "fernhill.town", 1310),
    Place("youtube", "Fernhill Films", "fernhilltown", 212),
    Place("linkedin", "Fernhill on LinkedIn", "fernhill-town-council", 390),
    Place("bluesky", "Fernhill on Bluesky", "fernhill", 280, (("identifier", "fernhill"),)),
    Place("wordpress", "Fernhill News", "fernhill", 0, (("username", "fernhill"),)),
    Place("vimeo", "Fernhill Archive", "fernhilltown", 41),
    Place("pinterest", "Fernhill Allotments", "fernhilltown", 164, (("board", "Town news"),), opened=False),
    Place("rss", "County flood desk", "news", 0, (("feed", "https://news.fernhill.example/feed.atom"),)),
    Place("manual", "Fernhill on Nextdoor", "", 0, (("profile", "https://nextdoor.com/agency-detail/fernhill"),)),
)
TOLD = (
    Told(
        ("linkedin", "bluesky"),
        9.2,
        "people",
        YOUTH,
        "connect",
        "We are looking for a second youth worker for Friday nights at the Drill Hall: six hours a week, and the music is chosen by others. Apply by 12 December: https://fernhill.example/jobs",
        said=(
            Said("linkedin", "Beth Larkin", 5, "Is a driving licence needed for this, or would a bus pass do?", BY_BUS),
            Said(
                "bluesky",
                "Gwen Pritchard",
                3,
                "Shared with two people who would be very good at this.",
                "Thank you, Gwen! We hope they write.",
            ),
        ),
    ),
    Told(
        ("wordpress",),
        6.3,
        "news",
        MEETINGS,
        "say",
        "Of 214 answers about the High Street, 131 asked for benches and shade. Both are in the plan that goes to the vote on 12 December. The drawings hang in the library until then, and the planners are there on Tuesday from 4 to 7 pm.",
        title="What you told us about the High Street",
        said=(
            Said(
                "wordpress",
                "Ron Chivers",
                7,
                "Where do the buses stop while the benches go in? The drawing does not show it.",
                BUSES,
            ),
            Said("wordpress", "Maureen Tapley", 139, "Does the library have the drawing in large print?"),
        ),
    ),
    Told(
        ("youtube", "vimeo"),
        4.4,
        "news",
        POND,
        "learn",
        "The new weir at Mill Pond lets eels pass again. The path beside it opens on Saturday at 10 am.",
        title="The new weir at Mill Pond",
        picture="weir",
        campaign=RESTORED,
        said=(
            Said("youtube", "Jess Holloway", 6, "How do the eels know that the ramp is for them?", EELS),
            Said("youtube", "Samuel Adeyemi", 96, "How deep is the pool below it? My lad swims there."),
            Said("vimeo", "Fernhill History Society", 92, "May we show this at our evening in January?"),
        ),
    ),
    Told(
        ("bluesky", "linkedin"),
        1.3,
        "news",
        EVENTS,
        "learn",
        "Warm rooms are open: the library, the Drill Hall and St Anne's, weekdays from 9 am to 6 pm. Tea, sockets, somebody to talk to. No questions asked.",
        campaign=WINTER,
        said=(
            Said("bluesky", "Callum Fisk", 26, "Is there a step at St Anne's? My mum uses a frame."),
            Said("linkedin", "Nadia Rahimi", 20, "Are the rooms only for people who live in Fernhill?"),
        ),
    ),
    Told(
        ("manual",),
        0.02,
        "service",
        BINS,
        "done",
        "Green lids go out a day early next week: Tuesday streets on Monday, Wednesday streets on Tuesday.",
    ),
)
# Instagram fetches pictures from the desk, which does not run yet while the town is made.
SNAPS = (
    Snap(
        7.2,
        "The heron on her new reed bed, this morning at eight.",
        Said(
            "instagram",
            "kwalsh.fern",
            4,
            "What camera was that? Lovely light.",
            "Thank you! Joy had only her phone with her.",
        ),
    ),
    Snap(
        2.1,
        "The lanterns are up in Bridge Square. Which one is yours?",
        Said("instagram", "nadia.rahimi", 39, "Are dogs allowed on Friday, or is it too loud for them?"),
    ),
)
NEWS = (
    (3.6, "Flood desk: the Mill Brook is at 1.2 m and falling. No warnings are in force."),
    (0.7, "Flood desk: heavy rain is likely on Thursday. The barrier in Mill Road is being checked."),
)
LATER = (
    Told(
        ("instagram",),
        -0.12,
        "news",
        ALLOTMENTS,
        "learn",
        "Plot 88 in frost: the parsnips stay in, because the cold makes them sweet.",
        picture="plots",
    ),
    Told(
        ("manual", "linkedin"),
        -2.3,
        "event",
        HISTORY,
        "connect",
        "Edna Marsh, 94, tells how the flour was carried over the weir. The library, on Sunday at 3 pm; the lift works.",
    ),
)
