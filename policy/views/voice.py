"""The voice profile: how the town wants to sound, read by everybody, changed by those who may, version by version."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import allow, may, person
from accounts.refusals import Invalid, LostRace
from policy import guides, voice
from policy.checks import RULES
from policy.models import Voice
from policy.profile import Profile
from policy.situations import SITUATIONS
from policy.voice_forms import DISCLOSED, PLACES, Examples, MannersForm, Traits

SIGNED = {"any": "as the writer likes", "initials": "initials", "first_name": "first name", "never": "none"}
FEWEST_TRAITS = 3
GREETS = {"any": "as the writer likes", "always": "always", "never": "none"}


def now_of(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


@allow("see_policy")
def profile(request: HttpRequest) -> HttpResponse:
    """Traits with the rules that stand for them, examples, greetings, bands and situations."""
    now_held = voice.current()
    held, house = now_held.profile, voice.house()
    refs = guides.clauses_by_rule()
    context = {
        "here": "profile",
        "version": now_held.n,
        "changed": Voice.objects.select_related("by").order_by("-id").first(),
        "may_change": may(person(request), "change_voice", now_of(request)),
        "traits": [
            {
                "trait": one,
                "rules": [{"rule": RULES[rule], "clause": refs.get(rule)} for rule in one.rules if rule in RULES],
                "measure": house.bands.get(one.measure),
            }
            for one in held.traits
        ],
        "examples": held.examples,
        "manners": _manners(held),
        "situations": [(label, house.profile(name)) for name, label in SITUATIONS],
        "told": [(DISCLOSED[name].split(" (")[0], sentence) for name, sentence in held.disclosures.items()],
    }
    return render(request, "policy/profile.html", context)


def _manners(held: Profile) -> list[tuple[str, str, str]]:
    kinds = (("post", "Posts"), ("reply", "Answers"))
    return [
        (f"{name}, {PLACES[network] if network else 'everywhere'}", GREETS[one.greeting], SIGNED[one.sign_off])
        for kind, name in kinds
        for network, one in held.manners.get(kind, {}).items()
    ]


@allow("change_voice")
def change_profile(request: HttpRequest) -> HttpResponse:
    """The whole profile on one form; saving makes the next version."""
    held = voice.current()
    traits = Traits(request.POST or None, prefix="trait", initial=[_row(one) for one in held.profile.traits])
    examples = Examples(request.POST or None, prefix="example", initial=[asdict(one) for one in held.profile.examples])
    form = MannersForm(request.POST or None, profile=held.profile, initial={"version": held.n})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and traits.is_valid() and examples.is_valid():
            try:
                return _save(request, form.applied(traits, examples), form)
            except (Invalid, LostRace) as why:
                form.add_error(None, f"{why.words} {why.next_step}".strip())
    context = {"here": "profile", "form": form, "traits": traits, "examples": examples, "parts": _parts(form)}
    return render(request, "policy/profile_change.html", context, status=status)


def _row(one: Any) -> dict[str, Any]:
    return asdict(one) | {"rules": " ".join(one.rules)}


def _parts(form: MannersForm) -> list[dict[str, Any]]:
    """The long form in parts, each under its own heading."""
    named = {
        "Greeting and sign-off": ("greeting_", "sign_"),
        "What the measures lie between": ("low_", "high_"),
        "Emoji by situation": ("emoji_",),
        "What the public is told": ("told_",),
    }
    return [
        {"title": title, "fields": [form[name] for name in form.fields if name.startswith(starts)]}
        for title, starts in named.items()
    ]


def _save(request: HttpRequest, wanted: Profile, form: MannersForm) -> HttpResponse:
    if len(wanted.traits) < FEWEST_TRAITS:
        raise Invalid("A voice has at least three traits.", next_step="Name what people should be able to say of you.")
    data = form.cleaned_data
    made = voice.change(wanted, data["version"], data["remark"], by=person(request), now=now_of(request))
    messages.success(request, f"Saved as version {made.n}. The checks keep to it from now on.")
    return redirect("voice:profile")


@allow("see_policy")
def versions(request: HttpRequest) -> HttpResponse:
    """Every version with who made it, when, and what changed."""
    rows = Voice.objects.select_related("by").order_by("-id")[:100]
    return render(request, "policy/voice_versions.html", {"here": "profile", "rows": rows})
