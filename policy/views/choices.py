"""What the town chooses about its policy: who sees it, how long people have to read it, and working alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import allow, may, person
from accounts.models import Town, User
from accounts.refusals import LostRace
from policy import choosing
from policy.models import PolicyChoices
from policy.views.handbook import now_of


class DeputyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody with an account that is open."""

    def __init__(self, queryset: QuerySet[User], **facts: Any) -> None:
        super().__init__(queryset.filter(is_active=True), **facts)


class ChoicesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything a manager or an administrator may choose."""

    class Meta:
        model = PolicyChoices
        fields = (
            "contact",
            "complaints",
            "emergency_number",
            "public_policy",
            "public_voice",
            "share_kits",
            "grace_days",
            "public_corrections",
            "sign_hours",
            "sign_deputy",
            "cool_minutes",
            "alone",
            "look_minutes",
            "look_hours",
            "risk_words",
            "private_references",
        )
        labels = {  # noqa: RUF012
            "contact": "Whom to ask",
            "complaints": "Where complaints go",
            "emergency_number": "Emergency number",
            "public_policy": "Show the policy to the public",
            "public_voice": "Show the voice & accessibility guide to the public",
            "share_kits": "Let partners open share kits without a sign-in",
            "grace_days": "Days to read a new version",
            "public_corrections": "Show the log of corrections to the public",
            "sign_hours": "Hours until whoever is to sign is reminded",
            "sign_deputy": "Deputy for sign-off",
            "cool_minutes": "Minutes a sharp answer is held",
            "alone": "Allow the second look",
            "look_minutes": "Minutes until a post or an answer may be looked at again",
            "look_hours": "Hours until a guide may be looked at again",
            "risk_words": "Words that put an answer into tier 3",
            "private_references": "Keep references of cases out of public answers",
        }
        help_texts = {  # noqa: RUF012
            "contact": "A name, a phone number or an address. It stands in the clauses in place of {contact}.",
            "complaints": "A page or an address. It stands in the clauses in place of {complaints}.",
            "emergency_number": "It stands in the clauses in place of {emergency_number}.",
            "public_policy": "Only the version in force is shown, and without a sign-in.",
            "public_voice": "Only the version in force is shown, and without a sign-in.",
            "share_kits": "Only by the private address of a kit, which can be taken back at any time.",
            "grace_days": "After that the right to publish and to answer rests until the person has read it.",
            "public_corrections": "What was wrong, what is right, and where it was put right; without a sign-in.",
            "sign_hours": "Sooner where a post is to go out sooner. A rule under “Who signs” may say otherwise.",
            "sign_deputy": "Asked then, too, where no rule names a deputy.",
            "cool_minutes": "0: it goes out at once. Held, its writer can take it back until then.",
            "alone": "Where nobody else may sign, the writer looks again after a wait and decides.",
            "look_minutes": "At least 5.",
            "look_hours": "At least 1.",
            "risk_words": "One to a line, beside those that ship with Parley. Such an answer needs sign-off.",
            "private_references": "They are then given to residents in private messages only.",
        }
        field_classes = {"sign_deputy": DeputyField}  # noqa: RUF012
        widgets = {"risk_words": forms.Textarea(attrs={"rows": 4})}  # noqa: RUF012

    def clean_cool_minutes(self) -> int:
        minutes: int = self.cleaned_data["cool_minutes"]
        if minutes > choosing.LONGEST_HOLD:
            raise forms.ValidationError("Two hours at most: somebody waits for the answer.")
        return minutes

    def clean_sign_hours(self) -> int:
        hours: int = self.cleaned_data["sign_hours"]
        if hours < 1:
            raise forms.ValidationError("At least an hour.")
        return hours


@allow("see_policy")
def choices(request: HttpRequest) -> HttpResponse:
    """Show what was chosen; whoever may, changes it."""
    row, now, me = PolicyChoices.here(), now_of(request), person(request)
    change, lost = may(me, "write_policy", now), None
    form = ChoicesForm(request.POST if request.method == "POST" and change else None, instance=row)
    if form.is_bound and form.is_valid():
        try:
            choosing.change(form.cleaned_data, request.POST.get("version", ""), by=me, now=now)
        except LostRace as refused:
            lost = refused
        else:
            messages.success(request, "Your choices are saved.")
            return redirect("policy:choices")
    host = Town.here().public_url.rstrip("/")
    links = [(name, host + reverse("policy:public", args=[name])) for name in ("policy", "voice")]
    context = {"here": "choices", "form": form, "may_change": change, "lost": lost, "version": row.version}
    status = 409 if lost else 422 if form.errors else 200
    return render(request, "policy/choices.html", context | {"links": links}, status=status)
