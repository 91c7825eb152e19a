"""What a watch may not name: a resident, or any personal account that is not on the list of public voices."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Q

from accounts.models import User
from accounts.refusals import Refusal
from channels_app.models import Channel
from engagement.models import Person, PublicVoice
from engagement.rules.matching import handle
from engagement.wordmatch import WORD, folded

PROFILE = re.compile(r"^(?:https?://|www\.)\S+$|^[\w.\-]+\.[a-z]{2,}/\S+$", re.I)
MAIL = re.compile(r"^\S+@\S+\.\S+$")
HOLE = "Add the account of an organisation, a group or a public role to the list of public voices first, and say why."


class NotAPerson(Refusal):
    """A watch is on topics, not on people."""

    status = 422
    rule = "listening"


def refuse_people(names: Iterable[str], worker: User | None = None) -> None:
    """Raises NotAPerson for the first name that is a resident or a personal account. A worker is named by consent."""
    for name in names:
        _refuse(name, worker)


def _refuse(name: str, worker: User | None) -> None:
    if PROFILE.match(name):
        raise NotAPerson(f"“{name}” is the address of a page, not a name.", next_step="Write what people would write.")
    bare = handle(name)
    if is_public(bare):
        return
    if is_resident(name):
        raise NotAPerson(
            f"“{name}” is a resident who has written to the town. Parley does not watch residents.",
            next_step="Watch the topic or the place instead.",
        )
    if (name.startswith("@") or MAIL.match(name)) and not (worker and _is_theirs(name, worker)):
        raise NotAPerson(f"“{name}” is a personal account that is on no list of public voices.", next_step=HOLE)


def is_public(bare: str) -> bool:
    """One of the town's own accounts, or on the list of public voices; with or without its server."""
    ours = {handle(one) for one in Channel.objects.exclude(handle="").values_list("handle", flat=True)}
    voices = set(PublicVoice.objects.filter(ended_at=None).values_list("handle", flat=True))
    known = ours | voices
    return bare in known or ("@" not in bare and bare in {one.partition("@")[0] for one in known})


def is_resident(name: str) -> bool:
    """Whether it is the handle of somebody who has written here, or the full name of one (two words or more)."""
    bare = handle(name)
    named = Q(handle__iexact=bare) | Q(handle__iexact=f"@{bare}")
    if "@" not in bare:
        named |= Q(handle__istartswith=f"@{bare}@") | Q(handle__istartswith=f"{bare}@")
    if " " not in name.strip() and Person.objects.filter(named).exclude(handle="").exists():
        return True
    words = WORD.findall(folded(name))
    if len(words) < 2 or name.startswith(("@", "#")):
        return False
    close = Person.objects.filter(name__icontains=name.split()[0]).values_list("name", flat=True)
    return any(WORD.findall(folded(one)) == words for one in close[:500]) and not _public_name(words)


def _public_name(words: list[str]) -> bool:
    names = PublicVoice.objects.filter(ended_at=None).values_list("name", flat=True)
    return any(WORD.findall(folded(one)) == words for one in names)


def _is_theirs(name: str, worker: User) -> bool:
    """Whether it holds a part of the worker's own name: "Officer Baker", "@tombaker"."""
    parts = [one for one in WORD.findall(folded(worker.name)) if len(one) > 2]
    said = "".join(WORD.findall(folded(name)))
    return any(one in said for one in parts)
