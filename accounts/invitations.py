"""Ways in: a link that works once, for a week, for one address. Only the hash of its secret is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts import audit, mailing
from accounts.models import Grant, Invitation, Scope, User
from accounts.models.grants import ROLES
from accounts.refusals import Invalid, Refusal

LIFE = timedelta(days=7)


class DeadLink(Refusal):
    """The invitation cannot be used: unknown, over or used."""

    status = 410


def invite(
    email: str, role: str, *, by: User | None, now: datetime, name: str = "", scope: Scope | None = None
) -> tuple[Invitation, str]:
    """Make an invitation; returns it and the path of its link, which cannot be read again later.

    An earlier open invitation of the same address ends. Whoever invites passes the link on: see `mail_link`.
    """
    email = email.strip().lower()
    _check(email, role)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        open_invitations(now).filter(email=email).update(expires_at=now)
        invitation = Invitation.objects.create(
            email=email,
            name=name.strip()[:120],
            role=role,
            scope=scope,
            secret_hash=_hash(secret),
            by=by,
            created_at=now,
            expires_at=now + LIFE,
        )
        audit.record("invited", invitation, by=by, now=now, role=role, scope=scope.name if scope else None)
    return invitation, reverse("accounts:accept-invitation", args=[invitation.key, secret])


def mail_link(invitation: Invitation, url: str, now: datetime) -> None:
    """Put the invitation's mail into the queue; `url` is the whole address of its link."""
    by = f"{invitation.by.name} invites you" if invitation.by else "You are invited"
    lines = [
        f"Hello {invitation.name or 'there'},",
        "",
        f"{by} to Parley, the desk at which the town talks with its people on social media.",
        f"Your role: {invitation.get_role_display()}{f' for {invitation.scope}' if invitation.scope else ''}.",
        "",
        "Open this link to choose your password. It works once, until"
        f" {invitation.expires_at.day} {invitation.expires_at:%B %Y}:",
        url,
        "",
        "If you did not expect this, do nothing.",
    ]
    mailing.post(invitation.email, "Your invitation to Parley", "\n".join(lines), "invitation", now=now)


def open_invitations(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, expires_at__gt=now)


def find(key: UUID, secret: str, now: datetime) -> Invitation:
    """The invitation of a link; DeadLink tells only somebody with the right secret why it is dead."""
    invitation = Invitation.objects.select_related("scope", "by").filter(key=key).first()
    if invitation is None or not secrets.compare_digest(invitation.secret_hash, _hash(secret)):
        raise DeadLink("This link is not a valid invitation.", next_step="Check that it was copied whole.")
    if invitation.used_at:
        raise DeadLink("This invitation has been used already.", next_step="Sign in with the password you chose.")
    if invitation.expires_at <= now:
        raise DeadLink("This invitation is over.", next_step="Ask the person who invited you for a new one.")
    return invitation


def accept(invitation: Invitation, name: str, password: str | None, now: datetime) -> User:
    """Make the account and its grant; of two at once, one succeeds. Without a password another way in is made next."""
    user = User(email=invitation.email, name=" ".join(name.split()), joined_at=now)
    if not user.name:
        raise Invalid("Enter your name.")
    if password is None:
        user.set_unusable_password()
    else:
        _check_password(password, user)
        user.set_password(password)
    with transaction.atomic():
        if not open_invitations(now).filter(pk=invitation.pk).update(used_at=now):
            raise DeadLink("This invitation has been used already.", next_step="Sign in with the password you chose.")
        if User.objects.filter(email=user.email).exists():
            raise DeadLink("There is an account for this address already.", next_step="Sign in with it.")
        user.save(force_insert=True)
        Invitation.objects.filter(pk=invitation.pk).update(user=user)
        Grant.objects.create(user=user, role=invitation.role, scope=invitation.scope, starts_at=now, by=invitation.by)
        audit.record("joined", user, by=user, now=now, role=invitation.role)
    return user


def take_back(invitation: Invitation, *, by: User, now: datetime) -> None:
    """End an open invitation at once."""
    with transaction.atomic():
        if open_invitations(now).filter(pk=invitation.pk).update(expires_at=now):
            audit.record("took_back_invitation", invitation, by=by, now=now)


def _check(email: str, role: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(f"{email[:80]!r} is not an e-mail address.") from error
    if role not in dict(ROLES):
        raise Invalid(f"{role[:40]!r} is not a role.", next_step=f"Choose one of: {', '.join(dict(ROLES))}.")
    if User.objects.filter(email=email).exists():
        raise Invalid(
            f"{email} has an account already.", next_step="Give the person the role on the page People instead."
        )


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
