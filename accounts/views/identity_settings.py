"""Settings, Sign-in: the town's own identity provider, what its claims give, and a test that says what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import audit, oidc
from accounts.access import allow, person
from accounts.models import ClaimRule, IdentityProvider, Scope
from accounts.models.grants import ROLES
from accounts.oidc import Rejected
from accounts.reentry import after_password
from accounts.views.town_sign_in import back

FIELDS = ("name", "issuer", "client_id", "groups_claim", "join", "trust_second_factor", "second_factors", "on")


class ProviderForm(forms.ModelForm):
    """The provider; the secret is typed in and never shown again."""

    secret = forms.CharField(
        label="Client secret",
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Left empty, the one that is stored stays. It is kept sealed and not shown again.",
    )

    class Meta:
        model = IdentityProvider
        fields = FIELDS
        labels = {
            "name": "Name on the button",
            "issuer": "Issuer",
            "client_id": "Client ID",
            "groups_claim": "Claim that holds a person's groups",
            "join": "Who may come in without an invitation",
            "trust_second_factor": "Take its word that a second factor was used",
            "second_factors": "Words in the claim “amr” that mean a second factor",
            "on": "People can sign in with it",
        }
        help_texts = {
            "name": "For example: Sign in with Fernhill.",
            "issuer": "The https address your IT gives for it, exactly as the server writes it. Where it stands on"
            " your own network, whoever runs Parley names its host and port in IDENTITY_HOSTS first.",
            "groups_claim": "The rules below look at it. Often “groups” or “roles”.",
            "trust_second_factor": "Otherwise everybody's own second factor is asked for here as well.",
        }

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"].strip()
        parts = urlsplit(issuer)
        if parts.scheme != "https" and not (settings.PRACTICE and parts.scheme == "http"):
            raise forms.ValidationError("The issuer is an https address.")
        if parts.query or parts.fragment or parts.username:
            raise forms.ValidationError("Give the address alone, without anything after ? or #.")
        return issuer


class RuleForm(forms.Form):
    """One line of the map from claims to roles."""

    value = forms.CharField(label="Group there", max_length=200)
    role = forms.ChoiceField(label="Role here", choices=ROLES)
    scope = forms.ModelChoiceField(
        Scope.objects.filter(closed_at=None), label="For", required=False, empty_label="All channels"
    )


@dataclass(frozen=True)
class Finding:
    """One thing the test looked at."""

    words: str
    good: bool


@allow("change_sign_in")
@after_password
def identity_settings(request: HttpRequest) -> HttpResponse:
    """Show and change the provider."""
    here = IdentityProvider.objects.filter(pk=1).first()
    form = ProviderForm(request.POST or None, instance=here or IdentityProvider(pk=1))
    if request.method == "POST" and form.is_valid():
        _save(request, form, here)
        messages.success(request, "The town's sign-in is saved. Try it with the test below.")
        return redirect("accounts:identity")
    return _page(request, form, RuleForm())


@allow("change_sign_in")
@require_POST
@after_password
def add_claim_rule(request: HttpRequest) -> HttpResponse:
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _page(request, _form(), form)
    now = request.now  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            rule = ClaimRule.objects.create(**form.cleaned_data)
            audit.record("added_claim_rule", rule, by=person(request), now=now)
    except IntegrityError:
        form.add_error(None, "This rule is there already.")
        return _page(request, _form(), form)
    return redirect("accounts:identity")


@allow("change_sign_in")
@require_POST
@after_password
def drop_claim_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule away; who has a role by it loses it at their next sign-in."""
    rule = get_object_or_404(ClaimRule, pk=pk)
    audit.record("dropped_claim_rule", rule, by=person(request), now=request.now)  # type: ignore[attr-defined]
    rule.delete()
    return redirect("accounts:identity")


@allow("change_sign_in")
@require_POST
@after_password
def try_identity(request: HttpRequest) -> HttpResponse:
    """Ask the provider to describe itself, and say line by line what fits and what does not."""
    given = get_object_or_404(IdentityProvider, pk=1)
    return _page(request, _form(), RuleForm(), look_at(given))


def look_at(given: IdentityProvider) -> list[Finding]:
    """What the provider says of itself, one sentence a point."""
    try:
        known = oidc.describe(given, fresh=True)
    except Rejected as refused:
        return [Finding(f"{refused.words} {refused.next_step}".strip(), good=False)]
    found = [Finding("It answers, and its issuer is the one entered.", good=True)]
    algorithms = set(known.get("id_token_signing_alg_values_supported", ["RS256"])) & set(oidc.ALGORITHMS)
    found.append(
        Finding(f"It signs with {', '.join(sorted(algorithms)) or 'nothing that can be trusted'}.", bool(algorithms))
    )
    pkce = "S256" in known.get("code_challenge_methods_supported", ["S256"])
    found.append(Finding("It takes PKCE with S256." if pkce else "It does not take PKCE with S256.", pkce))
    try:
        answer = oidc.network.way_out("GET", known["jwks_uri"], headers={"Accept": "application/json"})
        keys = answer.json().get("keys", []) if answer.status == 200 else []
        found.append(Finding(f"It publishes {len(keys)} key{'' if len(keys) == 1 else 's'}.", bool(keys)))
    except Rejected as refused:
        found.append(Finding(f"Its keys cannot be read: {refused.words}", good=False))
    stored = "A secret is stored." if given.secret else "No secret is stored: fine only for a public client."
    found.append(Finding(stored, bool(given.secret)))
    return found


def _save(request: HttpRequest, form: ProviderForm, here: IdentityProvider | None) -> None:
    now, me, secret = request.now, person(request), form.cleaned_data["secret"]  # type: ignore[attr-defined]
    was = {name: getattr(IdentityProvider.objects.get(pk=1), name) for name in FIELDS} if here else {}
    with transaction.atomic():
        given = form.save()
        IdentityProvider.objects.filter(pk=1).update(version=F("version") + 1)
        if secret:
            IdentityProvider.objects.filter(pk=1).update(secret=oidc.seal_secret(secret))
        became = {name: form.cleaned_data[name] for name in FIELDS}
        audit.record("changed_sign_in", given, by=me, now=now, was=was, became=became, new_secret=bool(secret))


def _form() -> ProviderForm:
    return ProviderForm(instance=IdentityProvider.objects.filter(pk=1).first() or IdentityProvider(pk=1))


def _page(request: HttpRequest, form: ProviderForm, rule: RuleForm, found: list[Finding] | None = None) -> HttpResponse:
    context = {
        "form": form,
        "rule": rule,
        "rules": ClaimRule.objects.select_related("scope"),
        "stored": IdentityProvider.objects.filter(pk=1).first(),
        "found": found,
        "redirect_uri": back(request),
        "here": "identity",
    }
    status = 422 if form.errors or rule.errors else 200
    return render(request, "accounts/town/settings.html", context, status=status)
