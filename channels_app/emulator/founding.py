"""Settling a town: its own accounts, whose tokens follow from the seed, and its residents."""

import hashlib
import random

from .words import Words
from .world import DAY, HOSTS, World

YEAR = 365 * DAY


def settle(world: World, words: Words, seed: int, now: float) -> None:
    """Make the accounts of a town. The tokens are the same for the same seed, and worth nothing outside."""
    dice = random.Random(seed)  # noqa: S311
    pages = []
    for one in words.data["ours"]:
        row = world.create_account(**one, now=now - 4 * YEAR, following=dice.randrange(40, 220), counted_at=now)
        kind = "page" if row["platform"] == "facebook" else "user"
        world.create_token(row["id"], row["platform"], now, kind=kind, token=known(seed, row["platform"]))
        if row["platform"] == "x":
            world.create_token(row["id"], "x", now, kind="refresh", token=known(seed, "x-refresh"))
        pages += [row["id"]] if row["platform"] == "facebook" else []
    manager = world.create_account(
        "facebook", "webteam", now, name="Fernhill web team", kind="manager", extra={"pages": pages}
    )
    world.create_token(manager["id"], "facebook", now, kind="user", token=known(seed, "facebook-manager"))
    everywhere = [(person, *one) for person in words.people for one in person.handles.items()]
    for person, platform, handle in sorted(everywhere, key=lambda one: one[1] == "instagram"):
        name, _, host = handle.partition("@")
        world.create_account(
                platform, name, now - dice.uniform(0.5, 9) * YEAR, name=person.name, kind="resident",
                followers=int(dice.lognormvariate(5, 1)), following=int(dice.lognormvariate(5, 0.8)), counted_at=now,
                extra={"person": person.name, "unnamed": person.unnamed}, host=host or HOSTS[platform],
            )  # fmt: skip


def known(seed: int, name: str) -> str:
    """The token of one of the town's accounts."""
    return f"practice-{name}-{hashlib.sha256(f'{seed}/{name}'.encode()).hexdigest()[:24]}"
