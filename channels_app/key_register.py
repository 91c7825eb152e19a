"""The key register: for each channel who owns it, who administers it on the network, and how it is got back.

Nothing here is a key: passwords are in nobody's list, tokens are sealed. It is what a town needs on the day somebody is
gone. Who administers an account on its network is kept with the people (`accounts.leaving`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import NativeRole, User
from channels_app import granted, health, platforms
from channels_app.models import Channel, Papers

LEAST = 2
ADMINISTERS = ("administrator", "owner")
EVIDENCE_GOOD = timedelta(days=365)
HEADS = (
    "Channel",
    "Account",
    "Owner",
    "Administrators there",
    "Recovery route",
    "Second factor",
    "Seen on",
    "Rights of the keys",
    "Access",
    "To settle",
)


@dataclass(frozen=True)
class Line:
    """One channel. `problems` in sentences; with any of them the line is red."""

    channel: Channel
    papers: Papers
    roles: list[NativeRole]
    scopes: str
    access: str
    problems: list[str]

    @property
    def administrators(self) -> list[User]:
        return administrators(self.roles)


def lines(channels: Sequence[Channel], now: datetime) -> list[Line]:
    """The register of these channels, what is to be settled first."""
    papers = {one.channel_id: one for one in Papers.objects.filter(channel__in=channels).select_related("owner")}
    roles = list(NativeRole.objects.held().select_related("user"))
    found = [line_of(one, papers.get(one.pk) or Papers(channel=one), roles, now) for one in channels]
    return sorted(found, key=lambda line: not line.problems)


def line_of(channel: Channel, papers: Papers, roles: Iterable[NativeRole], now: datetime) -> Line:
    mine = [one for one in roles if is_about(one, channel)]
    found = problems(papers, mine, now.date())
    if channel.platform in platforms.KEYLESS:
        return Line(channel, papers, mine, "", "None needed", found)
    access = health.of(channel, now).expiry or "No end known"
    return Line(channel, papers, mine, granted.words(channel)[0], access, found)


def is_about(role: NativeRole, channel: Channel) -> bool:
    """Whether a role on a network is one at this account: by the network's name and the account's. Pure."""
    names = {_plain(channel.handle), _plain(channel.name)} - {""}
    return _plain(role.network) == _plain(channel.get_platform_display()) and _plain(role.handle) in names


def _plain(name: str) -> str:
    return name.strip().lstrip("@").casefold()


def administrators(roles: Iterable[NativeRole]) -> list[User]:
    """The people of these who administer the account and still work here, each once. Pure."""
    people = {one.user.pk: one.user for one in roles if one.kind in ADMINISTERS and one.user.is_active}
    return list(people.values())


def problems(papers: Papers, roles: Sequence[NativeRole], today: date) -> list[str]:
    """What is to be settled before somebody is locked out. Pure."""
    count = len(administrators(roles))
    found = []
    if not papers.owner or not papers.owner.is_active:
        found.append("Nobody answers for it.")
    if count < LEAST:
        found.append("No administrator on the network is noted." if not count else "Only one administrator there.")
    if not papers.recovery.strip():
        found.append("No way to get it back is written down.")
    if not papers.second_factor.strip() or papers.second_factor_on is None:
        found.append("Nothing shows that it asks for a second factor.")
    elif today - papers.second_factor_on > EVIDENCE_GOOD:
        found.append("The second factor was last seen over a year ago.")
    if any(one.kind == "password" for one in roles):
        found.append("A password is shared; let each person in by name.")
    return found


def row(line: Line) -> list[object]:
    """The line as cells of a table, under HEADS."""
    papers = line.papers
    return [
        line.channel,
        line.channel.handle,
        papers.owner or "",
        ", ".join(user.name for user in line.administrators),
        papers.recovery,
        papers.second_factor,
        papers.second_factor_on or "",
        line.scopes,
        line.access,
        " ".join(line.problems),
    ]
