"""Measures that say more of what others tell: how deep talks go, how many followers are of use."""

from __future__ import annotations

from metrics.measures import from_places, from_threads, turns, useful
from metrics.measures.shape import Rule

PLACES = "lists of places from the platforms' own statistics, files of staff, partners and bots, and followers as read"
BESIDE = [
    Rule(
        "thread_depth",
        "Turns in a conversation",
        "",
        "the middle value over conversations in which a resident and a person of the town both spoke in this time; a "
        "turn is what one side says until the other speaks, so messages in a row are one, all residents of a "
        "conversation are one side, and receipts are none; what was said before or after this time is not counted",
        "messages",
        turns.DepthRow,
        from_threads.depths,
        turns.thread_depth,
        apart=True,
        fine=True,
        see=("continuation",),
    ),
    Rule(
        "useful_followers",
        "Local followers",
        "%",
        "followers known to be local ÷ followers whose place is known, both without the staff, partner organisations "
        "and bots that were stated to be among them; the unknown are said beside it",
        PLACES,
        useful.PlaceRow,
        from_places.places,
        useful.useful_followers,
        apart=True,
        see=("useful_count",),
    ),
    Rule(
        "useful_count",
        "Useful followers",
        "",
        "number of followers known to be local by lists of places that are no more than a fortnight old at the end of "
        "this time, without the staff, partner organisations and bots that were stated to be among them; without a "
        "list of this time there is no number",
        PLACES,
        useful.UsefulRow,
        from_places.useful,
        useful.useful_count,
        apart=True,
        see=("useful_followers",),
    ),
]
