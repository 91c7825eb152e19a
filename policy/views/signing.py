"""The page “Who signs”: the town's own rules, added and ended by whoever may write the policy."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person, who_may
from accounts.models import Scope, User
from accounts.refusals import Invalid
from policy import permitted, signing
from policy.models import PolicyChoices, SigningRule, Topic
from policy.models.modes import ModeSpan
from policy.views.handbook import now_of


class RuleForm(forms.Form):
    """When a signature is asked for, and whose. What stays empty fits everything."""

    kind = forms.ChoiceField(label="Kind of post", choices=[("", "Any"), *permitted.POSTS.items()], required=False)
    topic = forms.ModelChoiceField(Topic.objects.filter(active=True), required=False, empty_label="Any")
    scope = forms.ModelChoiceField(
        Scope.objects.filter(kind="channel", closed_at=None), label="Channel", required=False, empty_label="Any"
    )
    author = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label="Asked for by", required=False, empty_label="Anybody"
    )
    mode = forms.ChoiceField(label="While this mode is on", choices=[("", "Always"), *ModeSpan.MODES], required=False)
    signer = forms.ModelChoiceField(
        User.objects.none(), label="Who signs", required=False, empty_label="Any approver of the channel"
    )
    deputy = forms.ModelChoiceField(User.objects.none(), label="Deputy", required=False, empty_label="Nobody")
    hours = forms.IntegerField(
        label="Hours until they are reminded",
        min_value=1,
        max_value=24 * 14,
        help_text="The deputy is asked then, too.",
    )
    timed = forms.BooleanField(
        label="The time is signed too", required=False, help_text="A post that is moved then needs to be signed anew."
    )
    why = forms.CharField(label="Why", max_length=160, help_text="Whoever waits for the signature reads this.")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"hours": PolicyChoices.here().sign_hours})
        super().__init__(*args, **kwargs)
        able = who_may(signing.SIGNS, now_of(request), keys=False)
        for name in ("signer", "deputy"):
            self.fields[name].queryset = able  # type: ignore[attr-defined]


@allow("see_policy")
def rules(request: HttpRequest) -> HttpResponse:
    """Which posts wait for whose signature; whoever may, adds and ends rules."""
    return _page(request, RuleForm(request=request))


def _page(request: HttpRequest, form: RuleForm) -> HttpResponse:
    rows = SigningRule.objects.select_related("topic", "scope", "author", "signer", "deputy", "by", "ended_by")
    context = {
        "here": "signing",
        "rules": [(row, signing.described(row)) for row in rows.in_force()],
        "ended": [(row, signing.described(row)) for row in rows.exclude(ended_at=None).order_by("-ended_at")[:20]],
        "choices": PolicyChoices.here(),
        "form": form,
        "may_change": may(person(request), "write_policy", now_of(request)),
    }
    return render(request, "policy/signing.html", context, status=422 if form.errors else 200)


@allow("write_policy")
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """One rule more."""
    form = RuleForm(request.POST, request=request)
    if form.is_valid():
        try:
            signing.add(form.cleaned_data, by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
    if form.errors:
        return _page(request, form)
    messages.success(request, "The rule holds for everything that is asked for from now on.")
    return redirect("policy:signing-rules")


@allow("write_policy")
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """A rule asks for nothing any more."""
    signing.end(get_object_or_404(SigningRule, key=key), by=person(request), now=now_of(request))
    messages.success(request, "The rule has ended.")
    return redirect("policy:signing-rules")
