"""Who works for Fernhill, what the town wants to reach, and what its posts are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Worker:
    """One member of staff: the local part of the address, the name and the roles; over everything, or over the one
    channel on the platform `channel`.
    """

    address: str
    name: str
    roles: tuple[str, ...]
    does: str
    channel: str = ""


TOWN = {"name": "Fernhill", "zone": "Europe/London", "locale": "en-gb", "population": 18_430, "pack": "england"}
DOMAIN = "fernhill.example"

STAFF = (
    Worker("amara", "Amara Osei", ("publisher", "officer"), "plans, publishes and answers"),
    Worker("tom", "Tom Birch", ("officer",), "drafts posts and answers residents"),
    Worker("ruth", "Ruth Calder", ("approver",), "signs off tricky answers, often on a phone"),
    Worker("dev", "Dev Patel", ("manager",), "reads how the week went"),
    Worker("inge", "Inge Larsson", ("administrator",), "installs it, connects channels, invites people"),
    Worker("marcus", "Marcus Webb", ("records_officer",), "keeps the records"),
    Worker("lena", "Lena Novak", ("contributor",), "sends ideas from the parks team"),
    Worker("noor", "Noor Haddad", ("officer",), "back from leave; a training has run out"),
    Worker("pia", "Pia Holm", ("officer",), "answers on Mastodon alone", channel="mastodon"),
)
LAPSED = "noor"
DEPARTMENTS = ("Streets and bins", "Parks", "Planning", "Customer service")

TOPICS = (
    ("Bins and recycling", False, "every household"),
    ("Roads and pavements", False, "people who walk, cycle and drive"),
    ("Council meetings", False, "people who want a say"),
    ("Events in town", False, "families and visitors"),
    ("Money and council tax", False, "households with a bill"),
    ("Mill Pond wildlife", True, "walkers and schools"),
    ("Allotments", True, "the 214 plot holders and the waiting list"),
    ("Cycle network", True, "people who cycle or would like to"),
    ("Local history", True, "the history society and new residents"),
    ("Youth club", True, "young people from 11 to 18 and their parents"),
)

CAMPAIGNS = (("Winter ready", "slate"), ("Mill Pond restored", "teal"), ("Have your say: High Street", "plum"))


@dataclass(frozen=True)
class Aim:
    """One objective; the baseline is dated at the start of the trial's history."""

    sentence: str
    family: str
    measure: str
    baseline: float
    target: float
    why: str
    source: str


AIMS = (
    Aim(
        "Answer nine in ten residents within a day",
        "service",
        "answered_in_time",
        62,
        90,
        "People who get an answer in a day do not have to phone as well.",
        "hand count of September's comments by customer service",
    ),
    Aim(
        "Make at least a third of what we send out conversation",
        "engage",
        "conversation_share",
        18,
        33,
        "A feed that only announces is one people stop reading.",
        "count of all posts and answers in September",
    ),
    Aim(
        "Reach 9,000 followers so that flood warnings get to more homes",
        "engage",
        "total_followers",
        7600,
        9000,
        "In the February flood most people first heard from a neighbour.",
        "profile pages of Facebook, X and Mastodon on 1 September",
    ),
)


def target_day(today: date) -> date:
    """Objectives run to the end of the quarter after next, so that the trial always has some way to go."""
    return today + timedelta(weeks=16)


NOTES = (
    "Checked with the depot: crew three missed the end of the road because of the scaffolding lorry.",
    "Same person phoned yesterday. Customer service has the case; please do not promise a date.",
    "Parks will look at it on Thursday's round.",
    "I know this spot. It floods when the leaves block the grating; ask Streets for the next sweep.",
    "Councillor Ames asked about this too, so let us be quick.",
)
