"""The checks: every rule with its reason, source and examples; how often it fired; what the town made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid, LostRace
from policy import checks, guides, judging, profile, setting, speech, voice
from policy.checks import RULES, Rule
from policy.checks import house as houses
from policy.checks.house import Level
from policy.guides import ClauseRef
from policy.models import Firing
from policy.profile import Profile
from policy.views.voice import now_of
from policy.voice_forms import RuleForm, TryForm


@dataclass(frozen=True)
class Told:
    """One rule as the page shows it."""

    rule: Rule
    level: Level
    own: bool
    off: str
    clause: ClauseRef | None
    fired: int
    numbers: list[tuple[str, float]]
    form: RuleForm | None


@allow("see_policy")
def catalogue(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, wrong: RuleForm | None = None, **more: object) -> HttpResponse:
    held, now = voice.current(), now_of(request)
    may_change = may(person(request), "change_voice", now)
    month = now.astimezone(request.town.tz).replace(day=1, hour=0, minute=0, second=0)  # type: ignore[attr-defined]
    fired = Counter(Firing.objects.filter(off=False, at__gte=month).values_list("rule", flat=True))
    refs = guides.clauses_by_rule()
    forms = {wrong.rule: wrong} if wrong else {}
    told = [_told(one, held, refs, fired[one.id], forms, may_change) for one in RULES.values()]
    context = {
        "here": "checks",
        "families": [(name, list(rows)) for name, rows in groupby(told, key=lambda one: one.rule.family)],
        "may_change": may_change,
        "off": [one for one in told if one.off],
        "wrong": wrong,
        "form": TryForm(initial={"kind": "post", "situation": "everyday"}),
        "total": len(RULES),
    }
    return render(request, "policy/checks.html", context | more, status=422 if wrong else 200)


def _told(
    rule: Rule,
    held: voice.Now,
    refs: Mapping[str, ClauseRef],
    fired: int,
    forms: Mapping[str, RuleForm],
    may_change: bool,
) -> Told:
    given = held.profile
    form = forms.get(rule.id)
    if may_change and form is None:
        form = RuleForm(rule=rule.id, profile=given, initial={"version": held.n}, auto_id=f"{rule.id}_%s")
    off, numbers = given.off.get(rule.id), _numbers(rule)
    return Told(
        rule=rule,
        level=given.levels.get(rule.id, rule.level),
        own=rule.id in given.levels or any(one in given.numbers for one in numbers),
        off=off.reason if off else "",
        clause=refs.get(rule.id),
        fired=fired,
        numbers=[(one.title, given.numbers.get(name, one.value)) for name, one in numbers.items()],
        form=form,
    )


def _numbers(rule: Rule) -> dict[str, houses.Number]:
    return {name: one for name, one in houses.numbers().items() if one.rule == rule.id}


@require_POST
@allow("change_voice")
def change_rule(request: HttpRequest, rule: str) -> HttpResponse:
    """Another level or threshold, or off with a reason: each is a new version of the voice."""
    if rule not in RULES:
        raise Http404
    held = voice.current()
    form = RuleForm(request.POST, rule=rule, profile=held.profile, auto_id=f"{rule}_%s")
    if not form.is_valid():
        return _page(request, form)
    remark, by = _remark(rule, form, held.profile), person(request)
    try:
        made = voice.change(form.applied(), form.cleaned_data["version"], remark, by=by, now=now_of(request))
    except (Invalid, LostRace) as why:
        form.add_error(None, f"{why.words} {why.next_step}".strip())
        return _page(request, form)
    messages.success(request, f"{rule} changed; this is version {made.n} of the voice.")
    return redirect(reverse("voice:checks") + f"#{rule}")


def _remark(rule: str, form: RuleForm, before: Profile) -> str:
    data = form.cleaned_data
    if data["off"] and rule not in before.off:
        return f"{rule} switched off: {data['reason'].strip()}"
    if not data["off"] and rule in before.off:
        return f"{rule} switched on again"
    return f"{rule} changed"


@require_POST
@allow("see_policy")
def try_checks(request: HttpRequest) -> HttpResponse:
    """What the checks say to any words; nothing is kept."""
    form = TryForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    data, here = form.cleaned_data, setting.at(now_of(request), request.town)  # type: ignore[attr-defined]
    kind = profile.REPLY if data["kind"] == "reply" else profile.POST
    context = replace(here.context(kind), situation=data["situation"])
    found = checks.check(checks.Draft(data["text"].strip()), context)
    told = [judging.shown(one, "", "", here.links) for one in judging.judged(found, {})]
    return _page(request, form=form, tried=told, was_tried=True, heard=speech.spoken(data["text"].strip()))
