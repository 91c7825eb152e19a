"""The town's own sign-in (OpenID Connect): the one provider, what its claims give, and who is who there."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models.grants import ROLES, Scope


class IdentityProvider(models.Model):
    """One row. `issuer` is exact; the secret is sealed under the key ring and never shown again.

    `groups_claim` names the claim the rules look at. `join` says who may come in who has no account yet. With
    `trust_second_factor` a sign-in whose `amr` claim names one of `second_factors` needs no second factor here.
    """

    JOINS = [
        ("linked", "Nobody: only people who have connected their account"),
        ("rules", "People to whom a rule below gives a role"),
    ]

    name = models.CharField(max_length=80)
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=200)
    secret = models.TextField(blank=True)
    groups_claim = models.CharField(max_length=80, default="groups")
    join = models.CharField(max_length=6, choices=JOINS, default="linked")
    trust_second_factor = models.BooleanField(default=False)
    second_factors = models.CharField(max_length=200, default="mfa otp hwk fido swk")
    on = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="identity_provider_is_one_row")]

    def __str__(self) -> str:
        return self.name


class ClaimRule(models.Model):
    """Whoever's claim holds this value has this role while it does."""

    value = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=ROLES)
    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["value", "role", "scope"], nulls_distinct=False, name="claim_rule_once")
        ]
        ordering = ("value", "role")

    def __str__(self) -> str:
        return f"{self.value}: {self.get_role_display()} for {self.scope or 'all channels'}"


class Identity(models.Model):
    """A person at one issuer. Nothing but issuer and subject says who somebody is; an e-mail address never does."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    words = models.CharField(max_length=200, blank=True)
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once")]
        ordering = ("linked_at",)
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return self.words or self.subject
