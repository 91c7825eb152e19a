"""Settings of the town, and how its mail is set."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import audit, mailing, town, walltime
from accounts.access import allow, may, person
from accounts.models import Mail
from accounts.refusals import LostRace
from accounts.town import DAYS, Hours, TownWords

SHIFTS = 4  # a day at most
TESTS_SHOWN = 5


class TownForm(forms.Form):
    """Everything of the town but its hours, which are read by `read_hours`."""

    name = forms.CharField(label="Name of the town", max_length=120)
    zone = forms.CharField(
        label="Time zone",
        max_length=64,
        help_text="Every time in Parley is shown and entered in this zone.",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    locale = forms.ChoiceField(label="Dates and numbers as in", choices=town.LOCALES)
    population = forms.IntegerField(
        label="Population",
        required=False,
        help_text="Reach and followers are set against it.",
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@allow("see_settings")
def town_settings(request: HttpRequest) -> HttpResponse:
    """Show the town's settings; whoever may change them, can."""
    now, here = request.now, town.town()  # type: ignore[attr-defined]
    change = may(person(request), "change_settings", now)
    hours, problems, lost = here.hours, {}, None
    form = TownForm(initial={name: getattr(here, name) for name in TownForm.base_fields})
    if request.method == "POST" and change:
        form, hours = TownForm(request.POST), read_hours(request.POST)
        if form.is_valid():
            data = dict(form.cleaned_data)
            version = data.pop("version")
            words = TownWords(**data, hours=[sorted(day) for day in hours])
            problems = town.check(words)
            if not problems:
                try:
                    town.change(words, version, by=person(request), now=now)
                except LostRace as refused:
                    lost = refused
                else:
                    messages.success(request, "The settings of the town are saved.")
                    return redirect("accounts:settings")
        else:
            problems = town.check_hours(hours)
        for name in set(problems) & set(form.fields):
            form.add_error(name, problems[name])
    context = {
        "form": form,
        "days": day_rows(hours, problems),
        "hour_problems": {key: words for key, words in problems.items() if key.startswith("day-")},
        "zones": sorted(walltime.zones()),
        "may_change": change,
        "lost": lost,
        "here": "town",
    }
    status = 409 if lost else 422 if form.errors or problems else 200
    return render(request, "accounts/settings/town.html", context, status=status)


def read_hours(posted: QueryDict) -> Hours:
    """The shifts of a week from `start-DAY-N` and `end-DAY-N`; a line left empty is no shift."""
    week: Hours = []
    for day in range(len(DAYS)):
        lines = [
            [posted.get(f"start-{day}-{n}", "").strip(), posted.get(f"end-{day}-{n}", "").strip()]
            for n in range(SHIFTS)
        ]
        week.append([line for line in lines if any(line)])
    return week


def day_rows(hours: Hours, problems: dict[str, str]) -> list[dict[str, object]]:
    """What the form shows for each day: its shifts and one empty line, up to four."""
    rows = []
    for day, name in enumerate(DAYS):
        shifts = hours[day] if day < len(hours) else []
        lines = [*shifts, ["", ""]][:SHIFTS]
        numbered = [{"n": n, "start": line[0], "end": line[1]} for n, line in enumerate(lines)]
        rows.append({"day": day, "name": name, "lines": numbered, "problem": problems.get(f"day-{day}", "")})
    return rows


@allow("see_settings")
def mail_settings(request: HttpRequest) -> HttpResponse:
    """How mail is set, and what the last tests of this person came to."""
    return render(request, "accounts/settings/mail.html", _mail_context(request))


@allow("see_settings")
def mail_tests(request: HttpRequest) -> HttpResponse:
    """The list of tests alone, for the page to renew while one is on its way."""
    return render(request, "accounts/settings/_mail_tests.html", _mail_context(request))


@allow("change_settings")
@require_POST
def send_test_mail(request: HttpRequest) -> HttpResponse:
    """Put a test into the mail queue; the queue sends it like any other."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    text = f"Hello {me.name},\n\nthis is a test from Parley. That you can read it means that mail works.\n\nParley"
    mailing.post(me.email, "A test from Parley", text, "test", now=now, user=me)
    audit.record("tested_mail", me, by=me, now=now)
    return redirect("accounts:mail-settings")


def _mail_context(request: HttpRequest) -> dict[str, object]:
    me, now = person(request), request.now  # type: ignore[attr-defined]
    tests = list(Mail.objects.filter(kind="test", user=me)[:TESTS_SHOWN])
    return {
        "here": "mail",
        "is_on": mailing.is_on(),
        "practice_mail": settings.PRACTICE,
        "host": settings.EMAIL_HOST,
        "port": settings.EMAIL_PORT,
        "secure": settings.EMAIL_USE_TLS,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "tests": tests,
        "under_way": any(mail.state == "due" for mail in tests),
        "waiting": Mail.objects.filter(state="due", next_at__lte=now).count(),
        "retrying": Mail.objects.filter(state="due").exclude(why="").order_by("-created_at").first(),
        "failed": Mail.objects.filter(state="failed").count(),
        "may_change": may(me, "change_settings", now),
    }
