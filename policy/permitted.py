"""Permitted, needs sign-off, not permitted: by kind of content and role, narrowed by topic and channel.

A role's rights are the ceiling: the matrix only narrows what a role may send on its own word. Of a person's roles the
one that may most counts; of the rows that meet, the strictest. Without a row the default here holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.access import ACTS, CONTRIBUTOR, OFFICER, PUBLISHER, require, roles_of
from accounts.models import Scope, User
from accounts.refusals import Invalid
from policy.models import Permission, Topic

WRITERS = (CONTRIBUTOR, OFFICER, PUBLISHER)
ROLE_NAMES = {CONTRIBUTOR: "contributors", OFFICER: "officers", PUBLISHER: "publishers"}
POSTS = {
    "post:news": "News",
    "post:question": "Question",
    "post:behind": "Behind the scenes",
    "post:service": "Service change",
    "post:event": "Event",
    "post:quote": "Quote",
    "post:keep": "Useful to keep",
    "post:people": "People behind the service",
    "post:fix": "Fix",
    "post:correction": "Correction",
}
ANSWERS = {
    "reply:1": "Answer, tier 1: a published fact",
    "reply:2": "Answer, tier 2: everyday",
    "reply:3": "Answer, tier 3: law, money, safety, staff",
    "direct": "Private message",
}
TAKING = {"delete": "Taking a post down"}
UNSIGNED = frozenset(TAKING)  # must be quick: permitted or not, never waiting for a signature
KINDS = POSTS | ANSWERS | TAKING
STRICT = {"yes": 0, "sign": 1, "no": 2}
WORDS = {"yes": "Permitted", "sign": "Needs sign-off", "no": "Not permitted"}
# Which act sends it on one's own word, and which one lets a person put it forward at all.
ACT_OF = {"post": ("schedule_post", "write_post"), "reply": ("answer", "answer"), "direct": ("answer", "answer")}
TAKES = ("delete_post", "delete_post")
SIGNED = frozenset({"post:correction", "reply:3"})


@dataclass(frozen=True)
class Verdict:
    """What holds for a person, about which kind, and where it was narrowed ("" for everywhere)."""

    value: str
    kind: str
    where: str = ""

    def words(self, author: User) -> str:
        about = f"{KINDS[self.kind]}{f' ({self.where})' if self.where else ''}"
        if self.value == "no":
            return f"{about} is not permitted for {author.name}'s role."
        return f"{about} needs sign-off: {author.name}'s role does not send it alone."


def ceiling(kind: str, role: str) -> str:
    """The most a role's rights allow."""
    alone, forward = ACT_OF.get(kind.partition(":")[0], TAKES)
    return "yes" if role in ACTS[alone] else "sign" if role in ACTS[forward] else "no"


def default(kind: str, role: str) -> str:
    """What holds where the town has decided nothing."""
    most = ceiling(kind, role)
    return "sign" if kind in SIGNED and most == "yes" else most


def of(
    kinds: Sequence[str], user: User, scope: Scope, now: datetime, topic: Topic | int | None = None
) -> Verdict | None:
    """What this person may do with something that is of all these kinds; None for a person who writes nothing here."""
    roles = [role for role in WRITERS if role in roles_of(user, now, scope)]
    if not roles:
        return None
    narrow = Q(topic=None) | Q(topic=topic) if topic else Q(topic=None)
    rows = list(
        Permission.objects.filter(narrow, Q(scope=None) | Q(scope=scope), kind__in=kinds, role__in=roles)
        .select_related("topic", "scope")
        .order_by("pk")
    )
    return min((_of_role(kinds, role, rows) for role in roles), key=lambda found: STRICT[found.value])


def kinds_of(kind: str, post_kind: str, tier: int, private: bool) -> list[str]:
    """The rows of the matrix that speak of it."""
    if kind == "post":
        return [f"post:{post_kind or 'news'}"]
    if kind == "reply":
        return [f"reply:{tier}", *(["direct"] if private else [])]
    return [kind] if kind in KINDS else []


def table() -> dict[tuple[str, str], str]:
    """The general rows: what holds for each kind and role everywhere."""
    found = {(kind, role): default(kind, role) for kind in KINDS for role in WRITERS}
    for row in Permission.objects.filter(topic=None, scope=None):
        if (row.kind, row.role) in found:
            found[row.kind, row.role] = _stricter(row.verdict, ceiling(row.kind, row.role))
    return found


@transaction.atomic
def decide(
    kind: str,
    role: str,
    verdict: str,
    *,
    by: User,
    now: datetime,
    topic: Topic | None = None,
    scope: Scope | None = None,
) -> Permission:
    """Write one row; Invalid for more than the role's rights allow, and for a narrowing that widens."""
    require(by, "write_policy", now)
    if kind not in KINDS or role not in WRITERS or verdict not in STRICT:
        raise Invalid("Choose a kind of content, a role and one of the three answers.")
    most = ceiling(kind, role)
    if STRICT[verdict] < STRICT[most]:
        raise Invalid(
            f"The rights of {ROLE_NAMES[role]} do not include “{WORDS[verdict].lower()}” for {KINDS[kind]}.",
            next_step="Give the person another role instead.",
            rule="permitted",
        )
    if verdict == "sign" and kind in UNSIGNED:
        raise Invalid("Taking something down cannot wait for a signature.", rule="permitted")
    row, new = Permission.objects.select_for_update().get_or_create(
        kind=kind, role=role, topic=topic, scope=scope, defaults={"verdict": verdict, "by": by, "at": now}
    )
    was = default(kind, role) if new else row.verdict
    if was != verdict:
        Permission.objects.filter(pk=row.pk).update(verdict=verdict, by=by, at=now)
        audit.record("decided", row, by=by, now=now, was=WORDS[was], became=WORDS[verdict], where=where(topic, scope))
    row.refresh_from_db()
    return row


def forget(row: Permission, *, by: User, now: datetime) -> None:
    """Take a narrowing row away again."""
    require(by, "write_policy", now)
    audit.record("forgot", row, by=by, now=now, was=WORDS[row.verdict], where=where(row.topic, row.scope))
    row.delete()


def where(topic: Topic | None, scope: Scope | None) -> str:
    return ", ".join(str(one) for one in (topic, scope) if one is not None)


def _of_role(kinds: Sequence[str], role: str, rows: Iterable[Permission]) -> Verdict:
    found = Verdict("yes", kinds[0])
    for kind in kinds:
        mine = [row for row in rows if row.kind == kind and row.role == role]
        general = next((row.verdict for row in mine if row.topic is None and row.scope is None), default(kind, role))
        for one in (
            Verdict(_stricter(general, ceiling(kind, role)), kind),
            *(Verdict(row.verdict, kind, where(row.topic, row.scope)) for row in mine if row.topic or row.scope),
        ):
            if STRICT[one.value] > STRICT[found.value]:
                found = one
    return found


def _stricter(one: str, other: str) -> str:
    return max(one, other, key=STRICT.__getitem__)
