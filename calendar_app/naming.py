"""Channels, topics, campaigns and objectives by the names a table calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

from accounts.refusals import Invalid
from calendar_app import wording
from calendar_app.extras import Recall
from calendar_app.models import Campaign
from channels_app.models import Channel
from policy.models import Objective, Topic

Named = TypeVar("Named")


@dataclass(frozen=True)
class Names(Generic[Named]):
    """Things by their names: exactly, else without regard to capitals."""

    what: str
    exact: Mapping[str, list[Named]]
    loose: Mapping[str, list[Named]]

    @classmethod
    def of(cls, what: str, pairs: Iterable[tuple[str, Named]]) -> Names[Named]:
        exact: dict[str, list[Named]] = {}
        loose: dict[str, list[Named]] = {}
        for name, thing in pairs:
            for among, said in ((exact, name), (loose, name.strip().casefold())):
                if thing not in among.setdefault(said, []):
                    among[said].append(thing)
        return cls(what, exact, loose)

    def find(self, said: str) -> Named:
        """The thing of this name. Invalid names the nearest where there is none."""
        found = self.exact.get(said) or self.loose.get(said.strip().casefold()) or []
        if len(found) == 1:
            return found[0]
        if found:
            raise Invalid(f"“{said[:60]}” could be more than one {self.what}.")
        near = get_close_matches(said, self.exact, n=1, cutoff=0.6)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        raise Invalid(f"There is no {self.what} called “{said[:60]}”.{hint}")


@dataclass(frozen=True)
class Known:
    """Everything a row can name. `writable` are the channels this person may write for, by key."""

    channels: Names[Channel]
    topics: Names[Topic]
    campaigns: Names[Campaign]
    objectives: Names[Objective]
    writable: Mapping[str, Channel]
    recall: Recall


def known(writable: Mapping[str, Channel], recall: Recall) -> Known:
    """Read once for a whole file; `recall` knows what rows name beside that."""
    return Known(
        channels=channel_names(Channel.objects.all()),
        topics=Names.of("topic", ((one.name, one) for one in Topic.objects.all())),
        campaigns=Names.of("campaign", ((one.name, one) for one in Campaign.objects.all())),
        objectives=Names.of("objective", ((one.sentence, one) for one in Objective.objects.all())),
        writable=writable,
        recall=recall,
    )


def labels(channels: Iterable[Channel]) -> dict[int, str]:
    """By row id, what a table calls each of all channels: its name with the platform, or its key where that is not
    one's own or could not be told from its neighbours.
    """
    rows = list(channels)
    names = channel_names(rows)
    found = {}
    for one in rows:
        place = wording.place(one)
        plain = place == place.strip() and not {";", "\n", "\r"} & set(place)
        found[one.pk] = place if plain and names.exact[place] == [one] else str(one.key)
    return found


def channel_names(channels: Iterable[Channel]) -> Names[Channel]:
    """Channels by their name, with and without the platform, their handle and their key."""
    called = []
    for one in channels:
        every = {one.name, wording.place(one), one.handle, str(one.key), str(one)}
        called += [(name, one) for name in every if name]
    return Names.of("channel", called)
