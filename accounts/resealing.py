"""Moving what people's sign-in rests on to the newest key of the ring."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import keyring
from accounts.adapter import SEED_CONTEXT
from accounts.models import IdentityProvider, Mail
from accounts.oidc import SECRET_CONTEXT

SEALED = ("secret", "seed")  # where allauth keeps the sealed seed of an authenticator and of recovery codes


def reseal_seeds() -> int:
    """Seal second factors' seeds and the provider's secret under the newest key; how many. Raises CannotOpen."""
    moved = 0
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().order_by("pk"):
            old = {name: row.data[name] for name in SEALED if name in row.data}
            new = {name: _moved(sealed) for name, sealed in old.items() if not keyring.is_current(sealed)}
            if new:
                Authenticator.objects.filter(pk=row.pk).update(data=row.data | new)
                moved += 1
        for provider in IdentityProvider.objects.select_for_update().exclude(secret=""):
            if not keyring.is_current(provider.secret):
                fresh = keyring.seal(keyring.open_(provider.secret, SECRET_CONTEXT), SECRET_CONTEXT)
                IdentityProvider.objects.filter(pk=provider.pk).update(secret=fresh)
                moved += 1
    return moved


def mails_under_older_keys() -> int:
    """Mails that wait to go out and need an older key for it."""
    return Mail.objects.exclude(sealed="").exclude(sealed__startswith=f"{keyring.newest()}.").count()


def _moved(sealed: str) -> str:
    return keyring.seal(keyring.open_(sealed, SEED_CONTEXT), SEED_CONTEXT)
