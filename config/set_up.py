"""The guided set-up: from the first sign-in to a desk that works, one step after the other, each a plain form.

What a step needs is kept as soon as it is saved, so one can leave and come back. Nothing here can only be done here:
every step has its own place in the settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import audit, invitations, mailing, people, town, walltime
from accounts.access import allow, may, person, roles_of
from accounts.models import Mail, Town, User
from accounts.reentry import after_password
from accounts.refusals import Refusal
from accounts.town import Hours, TownWords
from accounts.views.settings import TownForm, day_rows, read_hours
from channels_app.models import Channel
from config.lists import PackForm
from config.set_up_forms import ColleagueForm, PolicyForm
from policy import choosing, editing, guides, packs
from policy.models import PolicyChoices
from policy.views.handbook import now_of, today_of


@dataclass(frozen=True)
class Step:
    """One page of the set-up; `minutes` is what it takes."""

    name: str
    title: str
    words: str
    icon: str
    minutes: int


STEPS = (
    Step("town", "Your town", "Its name and its clocks.", "landmark", 2),
    Step("hours", "Service hours", "When somebody is there to answer.", "clock", 2),
    Step("pack", "Law and holidays", "Which country's rules and days count.", "scale", 1),
    Step("mail", "Mail", "How people are told and invited.", "mail", 3),
    Step("policy", "Policy and voice", "Adopt the guides that ship, with your contacts in them.", "book-open", 8),
    Step("colleague", "Who works here", "Invite one colleague, or say that you work alone.", "users-round", 3),
    Step("channel", "First channel", "Connect one; a practice channel is fine.", "radio-tower", 5),
)
NAMES = [step.name for step in STEPS]
ALONE = ("publisher", "manager", "records_officer")


@allow("set_up")
def set_up(request: HttpRequest) -> HttpResponse:
    """On to the first step that is not done; to the end when all are."""
    done = PolicyChoices.here().set_up
    left = next((name for name in NAMES if name not in done), "")
    return redirect("desk:set-up-step", name=left) if left else redirect("desk:set-up-end")


@allow("set_up")
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step: its form, and what was entered."""
    if name not in NAMES:
        raise Http404
    return PAGES[name](request)


@allow("set_up")
def end(request: HttpRequest) -> HttpResponse:
    """What is set up, what is left, and the first things to do."""
    if request.method == "POST":
        choosing.note(person(request), now_of(request), set_up_ended_at=now_of(request))
        messages.success(request, "Parley is set up. Every part of it can be changed in the settings.")
        return redirect("desk:today")
    return _page(request, "end", {"undone": [one for one in STEPS if one.name not in PolicyChoices.here().set_up]})


@allow("set_up")
@require_POST
def send_test(request: HttpRequest) -> HttpResponse:
    """A test mail to whoever sets up, by the queue like every other."""
    me, now = person(request), now_of(request)
    text = f"Hello {me.name},\n\nthis is a test from Parley. That you can read it means that mail works.\n\nParley"
    mailing.post(me.email, "A test from Parley", text, "test", now=now, user=me)
    audit.record("tested_mail", me, by=me, now=now)
    messages.success(request, f"A test is on its way to {me.email}.")
    return redirect("desk:set-up-step", name="mail")


def needed(now: datetime, user: User) -> bool:
    """Whether the first page leads here: nothing is set up yet and this person may."""
    if not may(user, "set_up", now) or Channel.objects.exists():
        return False
    choices = PolicyChoices.objects.first()
    return choices is None or not (choices.set_up or choices.set_up_ended_at)


def _town(request: HttpRequest) -> HttpResponse:
    here, problems = Town.here(), {}
    form = TownForm(request.POST or None, initial={name: getattr(here, name) for name in TownForm.base_fields})
    if form.is_valid():
        problems = _change_town(request, form, here.hours)
        if not problems:
            return _next(request, "town")
        for name in set(problems) & set(form.fields):
            form.add_error(name, problems[name])
    return _page(request, "town", {"form": form, "zones": sorted(walltime.zones())})


def _change_town(request: HttpRequest, form: TownForm, hours: Hours) -> dict[str, str]:
    data = dict(form.cleaned_data)
    version = data.pop("version")
    words = TownWords(**data, hours=hours)
    problems = town.check(words)
    if not problems:
        town.change(words, version, by=person(request), now=now_of(request))
    return problems


def _hours(request: HttpRequest) -> HttpResponse:
    here, problems = Town.here(), {}
    hours = here.hours
    if request.method == "POST":
        hours = read_hours(request.POST)
        words = TownWords(here.name, here.zone, here.locale, here.population, [sorted(day) for day in hours])
        problems = town.check(words)
        if not problems:
            town.change(words, here.version, by=person(request), now=now_of(request))
            return _next(request, "hours")
    shown = {"days": day_rows(hours, problems), "hour_problems": problems, "may_change": True}
    return _page(request, "hours", shown, status=422 if problems else 200)


def _pack(request: HttpRequest) -> HttpResponse:
    here = Town.here()
    form = PackForm(request.POST or None, initial={"pack": packs.read(here.pack).key})
    if form.is_valid():
        was, here.pack = here.pack, form.cleaned_data["pack"]
        here.save(update_fields=["pack"])
        audit.record("chose pack", here, by=person(request), now=now_of(request), was=was, became=here.pack)
        return _next(request, "pack")
    return _page(request, "pack", {"form": form})


def _mail(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _next(request, "mail")
    tests = Mail.objects.filter(kind="test", user=person(request))[:3]
    return _page(request, "mail", {"is_on": mailing.is_on(), "tests": tests})


def _policy(request: HttpRequest) -> HttpResponse:
    choices, now, me = PolicyChoices.here(), now_of(request), person(request)
    first = {name: getattr(choices, name) for name in ("contact", "complaints", "emergency_number")}
    form = PolicyForm(request.POST or None, initial=first | {"public": choices.public_policy})
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in first}
        shown = form.cleaned_data["public"]
        choosing.change(told | {"public_policy": shown, "public_voice": shown}, choices.version, by=me, now=now)
        for guide in guides.NAMES:
            if guides.current(guide) is None and editing.draft_of(guide) is None:
                editing.adopt(guide, today_of(request) + timedelta(days=365), by=me, now=now)
        return _next(request, "policy")
    counts = [(guide, name, len(guides.clauses(guide))) for guide, name in guides.NAMES.items()]
    return _page(request, "policy", {"form": form, "counts": counts, "held": guides.versions()})


def _colleague(request: HttpRequest) -> HttpResponse:
    now, me, choices = now_of(request), person(request), PolicyChoices.here()
    form = ColleagueForm(request.POST or None, initial={"how": "alone" if choices.alone else None})
    if form.is_valid():
        if form.cleaned_data["how"] == "alone":
            for role in set(ALONE) - roles_of(me, now):
                people.give(me, role, by=me, now=now)
            choosing.change({"alone": True}, choices.version, by=me, now=now)
            return _next(request, "colleague")
        try:
            data = form.cleaned_data
            invitation, link = invitations.invite(data["email"], data["role"], by=me, now=now, name=data["name"])
        except Refusal as refused:
            form.add_error("email", guides.cited(refused))
        else:
            address = request.build_absolute_uri(link)
            if mailing.is_on():
                invitations.mail_link(invitation, address, now)
            told = "They get it by mail." if mailing.is_on() else f"Give them this link: {address}"
            messages.success(request, f"{data['email']} is invited. {told}")
            return _next(request, "colleague")
    return _page(request, "colleague", {"form": form, "minutes": choices.look_minutes})


def _channel(request: HttpRequest) -> HttpResponse:
    channels = list(Channel.objects.exclude(state="archived").order_by("pk")[:5])
    if request.method == "POST":
        return _next(request, "channel")
    return _page(request, "channel", {"channels": channels, "connect": reverse("channels:choose-platform")})


def _next(request: HttpRequest, name: str) -> HttpResponse:
    """This step is done; on to the next one that is not."""
    done = PolicyChoices.here().set_up
    if name not in done:
        choosing.note(person(request), now_of(request), set_up=[*done, name])
    return redirect("desk:set-up")


def _page(request: HttpRequest, name: str, context: dict[str, object], status: int = 0) -> HttpResponse:
    choices, form = PolicyChoices.here(), context.get("form")
    wrong = isinstance(form, forms.Form) and form.errors
    place = NAMES.index(name) if name in NAMES else len(NAMES)
    common = {
        "steps": [(one, one.name in choices.set_up) for one in STEPS],
        "step": STEPS[place] if place < len(STEPS) else None,
        "place": place + 1,
        "count": len(STEPS),
        "left": sum(one.minutes for one in STEPS if one.name not in choices.set_up),
        "later": STEPS[place + 1].name if place + 1 < len(STEPS) else "",
        "ended": choices.set_up_ended_at,
    }
    return render(request, f"set_up/{name}.html", common | context, status=status or (422 if wrong else 200))


PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "town": _town,
    "hours": _hours,
    "pack": _pack,
    "mail": _mail,
    "policy": _policy,
    "colleague": after_password(_colleague),
    "channel": _channel,
}
