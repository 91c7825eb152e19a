"""How often a platform lets itself be asked, and how much of that reading what people write may use.

Where a platform tells no number there is a careful one, and its refusals hold reading back besides. A feed has none: it
is one list, read at the usual pace. None of the numbers is confirmed with
real credentials beyond what the platforms' papers say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DAY = 86_400
SHARE = 0.3  # of a budget, for reading streams; publishing and answering come first, numbers last


@dataclass(frozen=True)
class Budget:
    """So many `requests` in so many `seconds`, counted in `what`.

    `costs`: what one poll of a stream counts on average, 1 where it is not named. `also`: what else than the stream it
    is of lives on it. `shared`: by all our channels there, not by each. `price`: US dollars for each item read, where
    reading is paid for.
    """

    requests: int
    seconds: int
    what: str
    shared: bool = False
    costs: Mapping[str, float] = field(default_factory=dict)
    price: float = 0.0
    also: frozenset[str] = frozenset()

    def allowed(self) -> float:
        """What all polls together may count in a second."""
        return self.requests * SHARE / self.seconds

    def most_words(self) -> str:
        span = "a day" if self.seconds == DAY else f"in {self.seconds // 60} minutes"
        return f"{SHARE:.0%} of {self.requests:,} {self.what} {span}"


SEARCH = frozenset({"search"})  # what watches ask for; up to three pages of it
# By platform and stream; "" is for all of a platform's streams together.
BUDGETS: Mapping[str, Mapping[str, Budget]] = {
    "x": {
        "mentions": Budget(300, 900, "reads of mentions", price=0.005),
        "comments": Budget(300, 900, "searches", price=0.005, also=SEARCH, costs={"search": 3}),
        "posts": Budget(900, 900, "reads of a timeline", price=0.001),
        "direct": Budget(15, 900, "reads of private messages", price=0.01),
    },
    # 4,800 a day for each person who was engaged with the Page; a town's Page has ten of them at least.
    "facebook": {"": Budget(48_000, DAY, "calls of a Page", costs={"direct": 2})},
    "instagram": {"": Budget(48_000, DAY, "calls of an account", costs={"direct": 2, "comments": 3})},
    "mastodon": {"": Budget(300, 300, "calls of a token")},
    # Writing is counted in points (5,000 an hour), reading by address of the caller.
    "bluesky": {"": Budget(3000, 300, "calls from one address", shared=True, costs={"direct": 3})},
    "youtube": {
        "": Budget(10_000, DAY, "units of the Google project", shared=True, costs={"posts": 3, "comments": 4}),
    },
    # LinkedIn tells no number until it is used up, and then not before midnight: what is published lives on it too.
    "linkedin": {"": Budget(5000, DAY, "calls of a page", costs={"posts": 3, "mentions": 2, "comments": 3})},
    # Of an app on trial; one that was looked at has more.
    "pinterest": {"": Budget(1000, DAY, "calls of the app")},
    # The blog's own server tells none; people read it as well.
    "wordpress": {"": Budget(300, 300, "calls of the blog's server")},
    # As seen on answers; Vimeo's papers name no number.
    "vimeo": {"": Budget(100, 900, "calls of a user", costs={"comments": 3})},
}


def stretch(platform: str, stream: str, polls: Mapping[str, float]) -> float:
    """How many times as long as usual a stream must wait, so that all polls stay within the platform's budget.

    `polls`: how often each stream would be polled in a second at the usual pace. At least 1.
    """
    longest = 1.0
    for group, budget in BUDGETS.get(platform, {}).items():
        if group in {"", stream}:
            mine = {name: rate for name, rate in polls.items() if group in {"", name} or name in budget.also}
            wanted = sum(rate * budget.costs.get(name, 1) for name, rate in mine.items())
            longest = max(longest, wanted / budget.allowed())
    return longest


def is_shared(platform: str) -> bool:
    """Whether all our channels on a platform live on one budget."""
    return any(budget.shared for budget in BUDGETS.get(platform, {}).values())
