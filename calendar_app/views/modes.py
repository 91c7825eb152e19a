"""Elections and mourning: when, what is held, who is exempt, what is left to do, and what changed afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.models import User
from accounts.refusals import Invalid
from accounts.walltime import to_wall
from calendar_app import guarding, signoff, turning
from calendar_app.mode_forms import EndForm, ExemptForm, PlanForm, RulesForm, TaskForm, rules_initial
from calendar_app.models import Placement, Post
from calendar_app.views.finding import now_of, town_of
from policy import modes, pack_rules, packs
from policy.models import ModeExemption, ModeSpan, ModeTask, PublicName


@allow("see_policy")
def all_modes(request: HttpRequest) -> HttpResponse:
    """What runs, what is to come, and what there was."""
    moment = now_of(request)
    past = ModeSpan.objects.filter(mode__in=guarding.HOLDING, ends_at__lte=moment).order_by("-starts_at")
    coming = modes.coming(moment)
    context = {
        "here": "modes",
        "running": [span for span in coming if span.runs(moment)],
        "coming": [span for span in coming if not span.runs(moment)],
        "past": past[:20],
        "emergency": modes.emergency(moment),
        "names": PublicName.objects.filter(active=True).count(),
        "may_set": may(person(request), "set_mode", moment),
        "rules": _pack_rules(request),
    }
    return render(request, "modes/all.html", context)


def _pack_rules(request: HttpRequest) -> dict[str, Any]:
    """What the pack says about elections, and how residents' political comments are treated there."""
    town = town_of(request)
    today = to_wall(now_of(request), town.zone).date()
    return {
        "pack": packs.read(town.pack),
        "elections": pack_rules.rules(town.pack, "election", today),
        "stance": pack_rules.rule(town.pack, "posture", "political_comment", today),
    }


@allow("set_mode")
def plan(request: HttpRequest) -> HttpResponse:
    """A new election or time of mourning, with the shipped rules to begin with."""
    form = PlanForm(request.POST or None, initial={"mode": request.GET.get("mode", "election")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            span = turning.plan(
                data["mode"],
                data["first"],
                data["last"],
                data["reason"],
                by=person(request),
                now=now_of(request),
                poll_on=data["poll_on"],
            )
        except Invalid as problem:
            form.add_error(None, f"{problem.words} {problem.next_step}".strip())
        else:
            messages.success(request, f"{span} is planned.")
            return redirect("modes:mode", key=span.key)
    town = town_of(request)
    today = to_wall(now_of(request), town.zone).date()
    rule = next(iter(pack_rules.rules(town.pack, "election", today)), None)
    poll = form.data.get("poll_on") or ""
    context = {"here": "modes", "form": form, "rule": rule, "poll": poll, "notice": _notice(request, rule)}
    return render(request, "modes/plan.html", context, status=422 if form.errors else 200)


def _notice(request: HttpRequest, rule: pack_rules.Rule | None) -> str:
    """How long before the poll the period begins, where the pack says so; for the next poll of the civic calendar."""
    days = rule.data.get("notice_working_days") if rule else None
    if not days:
        return ""
    town = town_of(request)
    sample = to_wall(now_of(request), town.zone).date() + timedelta(days=90)
    first = pack_rules.working_days_before(town.pack, sample, days)
    words = f"for a poll on {sample:%-d %B %Y} that is {first:%-d %B %Y}"
    return f"At the latest {days} working days before the poll: {words}."


@allow("see_policy")
def mode(request: HttpRequest, key: UUID) -> HttpResponse:
    return _mode(request, _find(key))


def _find(key: UUID) -> ModeSpan:
    return get_object_or_404(ModeSpan, key=key, mode__in=guarding.HOLDING)


def _mode(request: HttpRequest, span: ModeSpan, wrong: Any = None, status: int = 200) -> HttpResponse:
    moment, user = now_of(request), person(request)
    over = span.closed_at is not None
    held = [] if over else guarding.held(span)
    forms = {"rules_form": RulesForm(initial=rules_initial(guarding.rules_of(span))), "end_form": EndForm()}
    if isinstance(wrong, RulesForm):
        forms["rules_form"] = wrong
    if isinstance(wrong, EndForm):
        forms["end_form"] = wrong
    exempt_wrong = wrong if isinstance(wrong, ExemptForm) else None
    posts: dict[Any, dict[str, Any]] = {}
    for one in held:
        row = posts.setdefault(one.placement.post_id, {"post": one.placement.post, "reasons": one.reasons, "where": []})
        row["where"].append(one.placement)
    for row in posts.values():
        mine = exempt_wrong and exempt_wrong.data.get("post") == str(row["post"].key)
        initial = {"post": row["post"].key, "permitted_by": user.name}
        row["may"] = _may_exempt(user, row["post"], row["where"], moment)
        row["form"] = exempt_wrong if mine else ExemptForm(initial=initial, auto_id=f"id_{row['post'].key}_%s")
    tasks = list(span.tasks.select_related("done_by"))
    context = {
        "here": "modes",
        "span": span,
        "over": over,
        "rules": guarding.rules_of(span),
        "kinds": [words for name, words in guarding.KINDS if name in guarding.rules_of(span).kinds],
        "held": list(posts.values()),
        "exemptions": _exemptions(span),
        "tasks": [(one, TaskForm(auto_id=f"id_task_{one.pk}_%s")) for one in tasks],
        "done": sum(one.done_at is not None for one in tasks),
        "changes": turning.changes(span.before or {}, span.after or {}) if over and span.after else [],
        "was_held": turning.was_held(span) if over else [],
        "may_set": may(user, "set_mode", moment),
        "may_exempt": may(user, "permit_exception", moment),
        "may_do": may(user, "do_mode_task", moment),
        "pack": _pack_rules(request),
        **forms,
    }
    return render(request, "modes/mode.html", context, status=status)


def _exemptions(span: ModeSpan) -> list[tuple[ModeExemption, bool]]:
    """Each with whether its post was changed after it was given."""
    rows = list(span.exemptions.select_related("by").order_by("-at"))
    posts = Post.objects.filter(key__in=[one.ref for one in rows])
    changed = dict(posts.values_list("key", "changed_at"))
    return [(one, one.ref in changed and changed[one.ref] > one.at) for one in rows]


def _may_exempt(user: User, post: Post, where: list[Placement], now: datetime) -> bool:
    """Another person's words, on channels that are theirs to sign for."""
    return user.pk not in signoff.writers(post) and all(
        may(user, "permit_exception", now, one.channel.scope) for one in where
    )


@allow("set_mode")
@require_POST
def set_rules(request: HttpRequest, key: UUID) -> HttpResponse:
    span, form = _find(key), RulesForm(request.POST)
    if not form.is_valid():
        return _mode(request, span, form, 422)
    turning.set_rules(span, form.rules(), by=person(request), now=now_of(request))
    messages.success(request, "Saved. What is planned was looked at again.")
    return redirect("modes:mode", key=key)


@allow("set_mode")
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    span, form = _find(key), EndForm(request.POST)
    if not form.is_valid():
        return _mode(request, span, form, 422)
    turning.end(span, form.cleaned_data["why"], by=person(request), now=now_of(request))
    messages.success(request, "It is over. What it held waits for a decision each.")
    return redirect("modes:mode", key=key)


@allow("permit_exception")
@require_POST
def exempt(request: HttpRequest, key: UUID) -> HttpResponse:
    """One post may go out all the same: who permitted it, and why."""
    span = _find(key)
    form = ExemptForm(request.POST)
    if not form.is_valid():
        return _mode(request, span, form, 422)
    data = form.cleaned_data
    seen = Post.objects.visible_to(person(request), now_of(request))
    post = get_object_or_404(seen, key=data["post"])
    guarding.exempt(span, post, data["permitted_by"], data["why"], by=person(request), now=now_of(request))
    messages.success(request, f"“{post}” may go out at its time.")
    return redirect("modes:mode", key=key)


@allow("permit_exception")
@require_POST
def withdraw(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    row = get_object_or_404(ModeExemption.objects.select_related("span"), pk=pk, span__key=key)
    guarding.withdraw(row, by=person(request), now=now_of(request))
    return redirect("modes:mode", key=key)


@allow("do_mode_task")
@require_POST
def do_task(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """Tick a line of the checklist off, with a word on what was done; or take the tick back."""
    task = get_object_or_404(ModeTask.objects.select_related("span"), pk=pk, span__key=key)
    by, moment = person(request), now_of(request)
    form = TaskForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    with transaction.atomic():
        open_now = ModeTask.objects.filter(pk=task.pk, done_at=None)
        if open_now.update(done_at=moment, done_by=by, note=note):
            audit.record("did_task", task.span, by=by, now=moment, task=task.words, note=note)
        else:
            ModeTask.objects.filter(pk=task.pk).update(done_at=None, done_by=None, note="")
            audit.record("reopened_task", task.span, by=by, now=moment, task=task.words)
    return redirect("modes:mode", key=key)
