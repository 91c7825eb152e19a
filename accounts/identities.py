"""Who somebody at the town's own sign-in is here, and what their claims give them.

Guarantees: a person is found by issuer and subject alone; an equal e-mail address links nobody; a role comes only from
a rule written down here, is taken again when the claim is gone, and never touches a role given by hand.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounts import audit, invitations, people
from accounts.models import ClaimRule, Grant, Identity, IdentityProvider, User
from accounts.oidc import Rejected
from accounts.refusals import Invalid, LostRace, Refusal

log = logging.getLogger(__name__)
ORIGIN = "sign-in"
Claims = Mapping[str, Any]


def provider() -> IdentityProvider | None:
    """The town's own sign-in, where it is set up and on."""
    return IdentityProvider.objects.filter(pk=1, on=True).first()


def values(given: IdentityProvider, claims: Claims) -> list[str]:
    """What the claim the rules look at holds: a list, or one word."""
    said = claims.get(given.groups_claim, [])
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def sign_in(given: IdentityProvider, claims: Claims, now: datetime) -> User:
    """The person these claims are of, with the roles their claims give; Rejected where there is none."""
    known = Identity.objects.filter(issuer=given.issuer, subject=claims["sub"]).select_related("user").first()
    user = known.user if known else _join(given, claims, now)
    if not user.is_active:
        raise Rejected("This account is switched off.", next_step="Ask an administrator of Parley.")
    Identity.objects.filter(issuer=given.issuer, subject=claims["sub"]).update(used_at=now)
    give_roles(given, user, claims, now)
    return user


def connect(given: IdentityProvider, user: User, claims: Claims, now: datetime) -> Identity:
    """The signed-in person says that this account at the town's sign-in is theirs."""
    words = str(claims.get("email") or claims.get("name") or "")[:200]
    try:
        with transaction.atomic():
            made = Identity.objects.create(
                user=user, issuer=given.issuer, subject=claims["sub"], words=words, linked_at=now
            )
            audit.record("connected_sign_in", user, by=user, now=now, issuer=given.issuer)
    except IntegrityError as error:
        raise Rejected("That account is connected to somebody already.") from error
    return made


def disconnect(identity: Identity, *, by: User, now: datetime) -> None:
    """Not for somebody who would then have no way in."""
    others = Identity.objects.filter(user=identity.user).exclude(pk=identity.pk).exists()
    if not others and not identity.user.has_usable_password():
        raise Invalid(
            "This is your only way in.", next_step="Get a password first: “Forgotten your password?” on the first page."
        )
    with transaction.atomic():
        identity.delete()
        audit.record("disconnected_sign_in", identity.user, by=by, now=now, issuer=identity.issuer)


def accept_invitation(given: IdentityProvider, key: UUID, secret: str, claims: Claims, now: datetime) -> User:
    """Join by an invitation with the town's sign-in instead of a password of one's own."""
    invitation = invitations.find(key, secret, now)
    if Identity.objects.filter(issuer=given.issuer, subject=claims["sub"]).exists():
        raise Rejected("That account is connected to somebody already.", next_step="Sign in with it instead.")
    name = str(claims.get("name") or invitation.name or invitation.email.split("@")[0])[:120]
    with transaction.atomic():
        user = invitations.accept(invitation, name, None, now)
        connect(given, user, claims, now)
        give_roles(given, user, claims, now)
    return user


def give_roles(given: IdentityProvider, user: User, claims: Claims, now: datetime) -> None:
    """Exactly the roles the rules give for these claims, beside those given by hand."""
    held_here = values(given, claims)
    wanted = {(rule.role, rule.scope_id): rule for rule in ClaimRule.objects.filter(value__in=held_here)}
    current = Grant.objects.filter(user=user).current(now)
    for grant in current.filter(origin=ORIGIN).select_related("user", "scope"):
        if (grant.role, grant.scope_id) not in wanted:
            _end(grant, now)
    held = set(current.values_list("role", "scope_id"))
    for pair in sorted(wanted.keys() - held, key=str):
        try:
            people.give(user, pair[0], by=None, now=now, scope=wanted[pair].scope, origin=ORIGIN)
        except LostRace:
            continue  # given by a second sign-in at the same moment


def second_factor_seen(given: IdentityProvider, claims: Claims) -> bool:
    """Whether the provider says that a second factor was used, and its word on that is taken."""
    said = claims.get("amr")
    return given.trust_second_factor and isinstance(said, list) and bool(set(given.second_factors.split()) & set(said))


def _end(grant: Grant, now: datetime) -> None:
    """The last administrator stays until another one is there, whatever the claims say."""
    try:
        people.end(grant, by=None, now=now)
    except Refusal as refused:
        log.warning("a role stays although its claim is gone", extra={"words": refused.words})


def _join(given: IdentityProvider, claims: Claims, now: datetime) -> User:
    """Make an account for somebody whose claims give a role, where the town lets such people in."""
    ruled = ClaimRule.objects.filter(value__in=values(given, claims)).exists()
    if given.join != "rules" or not ruled:
        raise Rejected(
            "Your account at the town is not connected to Parley.",
            next_step="Sign in with your password and connect it under Your account, or ask for an invitation.",
        )
    email = str(claims.get("email", "")).strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Rejected("The sign-in of the town does not tell your e-mail address.") from error
    if User.objects.filter(email=email).exists():
        raise Rejected(
            "There is an account with your e-mail address already, and an address alone proves nothing.",
            next_step="Sign in with your password and connect it under Your account.",
        )
    with transaction.atomic():
        user = User(email=email, name=str(claims.get("name") or email.split("@")[0])[:120], joined_at=now)
        user.set_unusable_password()
        user.save(force_insert=True)
        audit.record("joined", user, by=user, now=now, issuer=given.issuer)
        connect(given, user, claims, now)
    return user
