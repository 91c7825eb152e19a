"""Which files of figures there are: their columns, what a row must say, and how its number is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

ROUTES: Mapping[str, str] = {
    "phone": "Phone",
    "email": "E-mail",
    "counter": "At the counter",
    "form": "Web form",
    "letter": "Letter",
}
BY_ROUTE = "value:"  # before the route, in the meaning of a column that holds the numbers of one route
ROUTE_WORDS: Mapping[str, str] = {
    **{words.casefold(): key for key, words in ROUTES.items()},
    **{key: key for key in ROUTES},
    **dict.fromkeys(("call", "calls", "telephone", "phone call", "phone calls"), "phone"),
    **dict.fromkeys(("mail", "mails", "emails", "e-mails"), "email"),
    **dict.fromkeys(("face to face", "face-to-face", "in person", "visit", "visits", "desk"), "counter"),
    **dict.fromkeys(("web", "online", "online form", "web forms"), "form"),
    **dict.fromkeys(("letters", "post"), "letter"),
}


STAFF, PARTNERS, BOTS = "staff", "partner organisations", "known bots"
# Who is taken out of the useful followers, by the words that files use for them.
WHO_WORDS: Mapping[str, str] = {
    **dict.fromkeys((STAFF, "employees", "team", "colleagues", "members of staff"), STAFF),
    **dict.fromkeys((PARTNERS, "partners", "partner", "organisations", "partner organisation"), PARTNERS),
    **dict.fromkeys((BOTS, "bots", "bot", "known bot", "automated accounts"), BOTS),
}


@dataclass(frozen=True)
class Kind:
    """One kind of file. `needs` are the columns without which a row says nothing; `weekly`: its days are weeks;
    `whole`: counted in whole numbers.
    """

    key: str
    name: str
    about: str
    unit: str
    columns: Mapping[str, str]
    needs: frozenset[str]
    weekly: bool = True
    whole: bool = True
    also_called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def meanings(self) -> Mapping[str, str]:
        """What a column can mean: those of every row, and for contacts also the numbers of one route each."""
        words = {f"{BY_ROUTE}{key}": f"{self.columns['value']}: {one}" for key, one in ROUTES.items()}
        return self.columns if "route" not in self.columns else {**self.columns, **words}

    def lacking(self, said: Collection[str]) -> list[str]:
        """Which columns must still be named. Numbers of a route each need neither a route nor a number beside them."""
        spread = {"route", "value"} if by_route(said) else set()
        return [words for name, words in self.columns.items() if name in self.needs - spread and name not in said]


def by_route(said: Iterable[str]) -> list[str]:
    """The meanings among these that are the numbers of one route each."""
    return [one for one in said if one.startswith(BY_ROUTE)]


WEEK = ("week from", "week beginning", "week commencing", "date", "day", "monday", "week of")
NUMBER = ("count", "calls", "contacts", "total", "amount", "value")
_ALL = [
    Kind(
        "contacts",
        "Calls and e-mails",
        "How many people got in touch about a topic in a week, by phone, e-mail or at the counter.",
        "contacts",
        {"on": "Week", "topic": "Topic", "route": "How they got in touch", "value": "How many"},
        frozenset({"on", "topic", "route", "value"}),
        also_called={"on": WEEK, "topic": ("subject", "theme", "category"), "route": ("route", "channel", "type"),
                     "value": NUMBER},
    ),
    Kind(
        "hours",
        "Staff hours",
        "Hours the team worked on social media in a week. Of the team, never of a person.",
        "hours",
        {"on": "Week", "label": "What for", "value": "Hours"},
        frozenset({"on", "value"}),
        whole=False,
        also_called={"on": WEEK, "label": ("activity", "task", "for"), "value": ("staff hours", "time", *NUMBER)},
    ),
    Kind(
        "spend",
        "Spend",
        "Money that went out in a week, in the town's own currency: tools, pictures, and adverts that are not in "
        "the paid register, which counts by itself.",
        "spent",
        {"on": "Week", "label": "What for", "topic": "Topic", "value": "Amount"},
        frozenset({"on", "label", "value"}),
        whole=False,
        also_called={"on": WEEK, "label": ("purpose", "item", "for"), "value": ("cost", "spend", *NUMBER)},
    ),
    Kind(
        "counts",
        "Visits, sign-ups and other counts",
        "What people did in a week, by a name of your own: what a campaign is to change is measured by it.",
        "counted",
        {"on": "Week", "label": "What is counted", "value": "How many"},
        frozenset({"on", "label", "value"}),
        whole=False,
        also_called={"on": WEEK, "label": ("counted", "name", "what", "measure"), "value": NUMBER},
    ),
    Kind(
        "invoices",
        "Invoices for paid promotion",
        "What suppliers ask for, by the reference of the paid register (AD-1). They are held against it and counted "
        "nowhere else.",
        "invoiced",
        {"on": "Day", "label": "Reference", "value": "Amount"},
        frozenset({"on", "label", "value"}),
        weekly=False,
        whole=False,
        also_called={"on": WEEK, "label": ("ref", "order", "number", "advert"), "value": ("sum", *NUMBER)},
    ),
    Kind(
        "places",
        "Where followers are",
        "Followers of a channel by the place they give, as the platform's own statistics list them.",
        "followers",
        {"on": "Day", "channel": "Channel", "label": "Place", "local": "Local", "value": "Followers"},
        frozenset({"on", "channel", "label", "value"}),
        weekly=False,
        also_called={"on": WEEK, "channel": ("account", "page"), "label": ("city", "town", "location"),
                     "local": ("is local", "resident"), "value": ("fans", *NUMBER)},
    ),
    Kind(
        "excluded",
        "Staff, partners and bots among followers",
        "How many followers of a channel work for the town, are organisations it works with, or are known to be bots, "
        "and whether they are counted as local. They are taken out of the local followers.",
        "followers",
        {"on": "Day", "channel": "Channel", "label": "Who they are", "local": "Local", "value": "Followers"},
        frozenset({"on", "channel", "label", "value"}),
        weekly=False,
        also_called={"on": WEEK, "channel": ("account", "page"), "label": ("who", "group", "kind"),
                     "local": ("is local", "resident"), "value": ("fans", *NUMBER)},
    ),
    Kind(
        "followers",
        "Followers of other channels",
        "Followers of channels that tell Parley no numbers.",
        "followers",
        {"on": "Day", "channel": "Channel", "value": "Followers"},
        frozenset({"on", "channel", "value"}),
        weekly=False,
        also_called={"on": WEEK, "channel": ("account", "page"), "value": ("fans", "subscribers", *NUMBER)},
    ),
]  # fmt: skip
KINDS: Mapping[str, Kind] = {one.key: one for one in _ALL}


def guessed(kind: Kind, heads: tuple[str, ...]) -> dict[str, int]:
    """What the columns of a file probably mean, by their heads: meaning and place. Pure."""
    known = {alias: name for name, aliases in kind.also_called.items() for alias in aliases}
    known |= {words.casefold(): name for name, words in kind.columns.items()} | {name: name for name in kind.columns}
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        meaning = known.get(head.strip().casefold(), "")
        if meaning:
            found.setdefault(meaning, place)
    if "route" in kind.columns and not {"route", "value"} & set(found):
        routes = {place: ROUTE_WORDS.get(head.strip().casefold()) for place, head in enumerate(heads)}
        found |= {f"{BY_ROUTE}{route}": place for place, route in routes.items() if route}
    return found
