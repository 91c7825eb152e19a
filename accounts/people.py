"""Who works here, with which rights: giving and ending them, and switching a person off."""

from __future__ import annotations

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse

from accounts import audit, mailing, notifications, sessions
from accounts.access import ADMIN
from accounts.models import Grant, Invitation, Scope, User
from accounts.models.grants import ROLES
from accounts.refusals import Invalid, LostRace, Refusal


def give(
    user: User,
    role: str,
    *,
    by: User | None,
    now: datetime,
    scope: Scope | None = None,
    ends_at: datetime | None = None,
    origin: str = "",
) -> Grant:
    """Give a role from now on, over one scope or everything, for good or until `ends_at`.

    `origin` says where it comes from, when no person gave it.
    """
    if role not in dict(ROLES):
        raise Invalid(f"{role[:40]!r} is not a role.")
    if ends_at is not None and ends_at <= now:
        raise Invalid("The end of a right must be in the future.")
    same = Grant.objects.filter(user=user, role=role, scope=scope)
    if same.filter(Q(ends_at=None) | Q(ends_at__gt=now)).exists():
        raise Invalid(f"{user.name} has this right already.", next_step="End it first to give it for another time.")
    try:
        with transaction.atomic():
            grant = Grant.objects.create(
                user=user, role=role, scope=scope, starts_at=now, ends_at=ends_at, by=by, origin=origin
            )
            audit.record("granted", user, by=by, now=now, **_plain(grant))  # type: ignore[arg-type]
    except IntegrityError as error:
        raise LostRace("A colleague gave this right at the same moment.") from error
    return grant


def end(grant: Grant, *, by: User | None, now: datetime) -> None:
    """End a right at once; the last administrator cannot lose theirs."""
    with transaction.atomic():
        _keep_an_administrator(now, without=Q(pk=grant.pk))
        if not Grant.objects.filter(pk=grant.pk).current(now).update(ends_at=now):
            raise LostRace("This right has ended already.")
        audit.record("ended_grant", grant.user, by=by, now=now, **_plain(grant))  # type: ignore[arg-type]


def disable(user: User, *, by: User, now: datetime) -> None:
    """Switch a person off: no sign-in, every session, right and open invitation (for them or by them) ended."""
    if user == by:
        raise Refusal("You cannot switch yourself off.", next_step="Ask another administrator.")
    with transaction.atomic():
        _keep_an_administrator(now, without=Q(user=user))
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            raise LostRace(f"{user.name} is switched off already.")
        ended = [_plain(grant) for grant in current_grants(user, now)]
        Grant.objects.filter(user=user).current(now).update(ends_at=now)
        Grant.objects.filter(user=user, starts_at__gt=now).update(ends_at=F("starts_at"))
        for_or_by = Q(email=user.email) | Q(by=user)
        invitations = Invitation.objects.filter(for_or_by, used_at=None, expires_at__gt=now).update(expires_at=now)
        ended_sessions = sessions.end_all(user)
        audit.record("disabled", user, by=by, now=now, sessions=ended_sessions, grants=ended, invitations=invitations)
    user.is_active = False


def enable(user: User, *, by: User, now: datetime) -> None:
    """Let a person sign in again; rights are given anew."""
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            raise LostRace(f"{user.name} can sign in already.")
        audit.record("enabled", user, by=by, now=now)
    user.is_active = True


def reset_link(user: User, *, by: User, now: datetime) -> str:
    """The path to a new password for somebody no mail can reach; noted, and told to the person."""
    if mailing.is_on():
        raise Refusal("Mail works, so the person can ask for the link on the sign-in page.")
    if not user.is_active:
        raise Refusal(f"{user.name} is switched off.", next_step="Switch the person on first.")
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    audit.record("made_reset_link", user, by=by, now=now)
    notifications.tell(user, "reset_link", f"{by.name} made a link with which your password can be reset.", now=now)
    return reverse("account_reset_password_from_key", args=key.split("-", 1))


def current_grants(user: User, now: datetime) -> list[Grant]:
    return list(Grant.objects.filter(user=user).current(now).select_related("scope"))


def _keep_an_administrator(now: datetime, without: Q) -> None:
    """Refuse what would leave nobody who can give rights; administrators' rows are held until the end."""
    general = Grant.objects.current(now).filter(role=ADMIN, scope=None, user__is_active=True)
    held = list(general.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    left = general.filter(pk__in=held).exclude(without).exists()
    if held and not left:
        raise Refusal(
            "Parley needs at least one administrator for everything.",
            next_step="Make somebody else an administrator first.",
        )


def _plain(grant: Grant) -> dict[str, object]:
    ends = grant.ends_at.isoformat() if grant.ends_at else None
    return {"role": grant.role, "scope": grant.scope.name if grant.scope else None, "ends_at": ends}
