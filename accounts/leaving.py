"""When somebody leaves: everything here ends at once, and what is left to do elsewhere becomes a list to tick off.

Layers above say what of theirs is handed on and what they know of outside (`also`); all of it happens in one
transaction, so that nobody is ever half gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import audit, people
from accounts.models import Departure, DepartureTask, Identity, NativeRole, Town, User
from accounts.notifications import tell_role
from accounts.refusals import Invalid, LostRace

LEAVER_TIME, DRILL_TIME = timedelta(days=1), timedelta(days=7)
QUARTER = timedelta(days=92)
STILL = {
    "administrator": "Remove {name} as administrator of {handle} on {network}.",
    "editor": "Take {name} out of the people who can post as {handle} on {network}.",
    "owner": "Move the ownership of {handle} on {network} from {name} to somebody who stays.",
    "password": "Change the password of {handle} on {network}: {name} knows it.",
    "recovery": "Replace the recovery address or phone of {handle} on {network}: it is {name}'s.",
}
ALWAYS = (
    "Collect the town's phone, computer and keys from {name}, or end their access to them.",
    "Take {name} out of the town's mailing lists, chats and shared folders for social media.",
)


@dataclass
class Part:
    """What a layer above has to say: `done` in sentences, and what is left `to_do` elsewhere."""

    done: list[str] = field(default_factory=list)
    to_do: list[str] = field(default_factory=list)


Hook = Callable[[User, User, datetime, bool], Part]
_hooks: list[Hook] = []


def also(hook: Hook) -> None:
    """Have a layer above asked, with (who leaves, by whom, now, whether it is real); called once at start."""
    _hooks.append(hook)


def leave(user: User, *, by: User, now: datetime) -> Departure:
    """Switch the person off for good: rights, sessions, invitations; hand on their work; list what is left."""
    with transaction.atomic():
        people.disable(user, by=by, now=now)
        parts = [hook(user, by, now, True) for hook in _hooks]
        done = ["Their sign-in is closed, and every session and right has ended.", *_flat(part.done for part in parts)]
        return _list(user, "leaver", done, parts, by=by, now=now, within=LEAVER_TIME)


def rehearse(user: User, *, by: User, now: datetime) -> Departure:
    """The same list for somebody who stays: would everybody know how to do it? Nothing is switched off."""
    if not user.is_active:
        raise Invalid(f"{user.name} is switched off already.", next_step="Choose somebody who works here.")
    with transaction.atomic():
        parts = [hook(user, by, now, False) for hook in _hooks]
        return _list(user, "drill", _flat(part.done for part in parts), parts, by=by, now=now, within=DRILL_TIME)


def tick(task: DepartureTask, evidence: str, *, by: User, now: datetime) -> None:
    """Done, by a named person, with what proves it. The last one finishes the list; a native role ends with it."""
    evidence = " ".join(evidence.split())[:1000]
    if len(evidence) < 3:
        raise Invalid("Say what proves it.", next_step="A sentence, or where the screenshot is kept.")
    with transaction.atomic():
        departure = Departure.objects.select_for_update().get(pk=task.departure_id)
        done = {"done_at": now, "done_by": by, "evidence": evidence}
        if not DepartureTask.objects.open().filter(pk=task.pk).update(**done):
            raise LostRace("A colleague has ticked this off already.")
        if task.native_role_id and departure.kind == "leaver":
            NativeRole.objects.held().filter(pk=task.native_role_id).update(ended_at=now)
        audit.record("ticked_off", departure, by=by, now=now, what=task.words, evidence=evidence)
        if not departure.tasks.open().exists():
            Departure.objects.filter(pk=departure.pk).update(finished_at=now)
            audit.record("finished_departure", departure, by=by, now=now)


def note_native_role(user: User, network: str, handle: str, kind: str, *, by: User, now: datetime) -> NativeRole:
    """Write down that somebody can reach an account of the town on a network itself."""
    network, handle = " ".join(network.split())[:60], " ".join(handle.split())[:120]
    if not network or not handle:
        raise Invalid("Name the network and the account there.")
    if kind not in dict(NativeRole.KINDS):
        raise Invalid("Choose what they can do there.")
    try:
        with transaction.atomic():
            role = NativeRole.objects.create(
                user=user, network=network, handle=handle, kind=kind, noted_by=by, noted_at=now
            )
            audit.record("noted_native_role", user, by=by, now=now, network=network, handle=handle, what=kind)
    except IntegrityError as error:
        raise Invalid("That is noted already.") from error
    return role


def end_native_role(role: NativeRole, *, by: User, now: datetime) -> None:
    with transaction.atomic():
        if not NativeRole.objects.held().filter(pk=role.pk).update(ended_at=now):
            raise LostRace("This was ended already.")
        what = {"network": role.network, "handle": role.handle, "what": role.kind}
        audit.record("ended_native_role", role.user, by=by, now=now, **what)


def nag(now: datetime) -> int:
    """Remind administrators of what is overdue, once a day a list; and of the drill, once a quarter."""
    told = 0
    late = Departure.objects.filter(tasks__in=DepartureTask.objects.overdue(now)).distinct()
    for departure in late.select_related("user"):
        left = departure.tasks.open().count()
        things = "1 thing is" if left == 1 else f"{left} things are"
        words = f"{departure.user.name}: {things} still to be done, and overdue."
        url, once = reverse("accounts:departure", args=[departure.key]), f"leaver:{departure.key}:{now:%Y-%m-%d}"
        told += len(tell_role("keep_departures", None, "leaver.overdue", words, url, now=now, once=once))
    return told + _nag_of_drill(now)


def drill_is_due(now: datetime) -> datetime | None:
    """Since when a drill is due: a quarter after the last departure or rehearsal, or after the first person joined."""
    last = Departure.objects.order_by("-at").values_list("at", flat=True).first()
    first = User.objects.exclude(joined_at=None).order_by("joined_at").values_list("joined_at", flat=True).first()
    since = last or first
    return since + QUARTER if since and since + QUARTER <= now else None


def _nag_of_drill(now: datetime) -> int:
    due = drill_is_due(now)
    if due is None:
        return 0
    words = "It is three months since anybody rehearsed what happens when somebody leaves. It takes ten minutes."
    url = reverse("accounts:departures")
    once = f"drill:{due:%Y-%m-%d}"
    return len(tell_role("keep_departures", None, "leaver.drill", words, url, now=now, once=once))


def _list(
    user: User, kind: str, done: list[str], parts: Sequence[Part], *, by: User, now: datetime, within: timedelta
) -> Departure:
    departure = Departure.objects.create(user=user, kind=kind, done_here=done, by=by, at=now)
    roles = list(NativeRole.objects.held().filter(user=user))
    tasks: list[tuple[NativeRole | None, str]] = [(role, _words(role, user)) for role in roles]
    others = [
        *_flat(part.to_do for part in parts),
        *_identity(user),
        *(words.format(name=user.name) for words in ALWAYS),
    ]
    tasks += [(None, words) for words in others]
    DepartureTask.objects.bulk_create(
        DepartureTask(departure=departure, native_role=role, words=words[:300], due_at=now + within)
        for role, words in tasks
    )
    audit.record("began_departure", departure, by=by, now=now, tasks=len(tasks), done=done)
    return departure


def _words(role: NativeRole, user: User) -> str:
    return STILL[role.kind].format(name=user.name, handle=role.handle, network=role.network)


def _identity(user: User) -> list[str]:
    if not Identity.objects.filter(user=user).exists():
        return []
    return [f"Close the account of {user.name} at the sign-in of {Town.here().name}."]


def _flat(parts: Iterable[Sequence[str]]) -> list[str]:
    return [words for part in parts for words in part]
