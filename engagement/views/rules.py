"""The rules of the inbox: the list in its order, one rule with its dry run and what it did, and its form."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid, LostRace
from engagement.models import Conversation, Rule, RuleFiring
from engagement.rule_forms import RuleForm, initial_of
from engagement.rules import keeping, telling, trying
from engagement.views.acts import done
from engagement.views.asking import conversation_for, now_of

FIRINGS = 20


def _rule(key: UUID) -> Rule:
    return get_object_or_404(Rule.objects.exclude(state="dropped").select_related("made_by"), key=key)


def _may_change(request: HttpRequest) -> bool:
    return may(person(request), "change_rules", now_of(request))


@allow("see_rules")
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule in the order in which they are asked."""
    rows = []
    for rule in Rule.objects.exclude(state="dropped").select_related("made_by"):
        version = rule.newest
        tried = trying.of(version)
        fired = rule.firings.count()
        words = {"when": telling.when(version), "does": telling.does(version)}
        rows.append({"rule": rule, "version": version, "tried": tried, "fired": fired} | words)
    context = {"rows": rows, "may_change": _may_change(request)}
    return render(request, "engagement/rules/rules.html", context)


@allow("see_rules")
def rule(request: HttpRequest, key: UUID) -> HttpResponse:
    """One rule: what it says, what its dry run showed, what it did."""
    return _page(request, _rule(key))


def _page(request: HttpRequest, one: Rule, refusal: Invalid | None = None) -> HttpResponse:
    user, now, version = person(request), now_of(request), one.newest
    trial = trying.of(version)
    seen = Conversation.objects.visible_to(user, now)
    fired = one.firings.filter(conversation__in=seen).select_related("conversation", "version", "undone_by")
    context = {
        "rule": one,
        "version": version,
        "when": telling.when(version),
        "does": telling.does(version),
        "trial": trial,
        "trial_rows": trying.rows_of(trial, user, now) if trial else [],
        "firings": [(firing, telling.did(firing.did)) for firing in fired[:FIRINGS]],
        "earlier": [(row, telling.when(row), telling.does(row)) for row in one.versions.all()[1:10]],
        "may_change": _may_change(request),
        "refusal": refusal,
    }
    return render(request, "engagement/rules/rule.html", context, status=422 if refusal else 200)


@allow("change_rules")
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    form = RuleForm(request.POST or None, now=now_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = keeping.make(form.cleaned_data["name"], form.said(), by=person(request), now=now_of(request))
        except Invalid as refusal:
            form.add_error(None, refusal.words)
        else:
            messages.success(request, "Saved, and off. Try it on last month's conversations next.")
            return redirect("inbox:rule", key=made.key)
    return _form(request, form, None)


@allow("change_rules")
@require_http_methods(["GET", "POST"])
def edit_rule(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change it; that switches it off until the next dry run."""
    one = _rule(key)
    form = RuleForm(request.POST or None, now=now_of(request), initial=initial_of(one.newest))
    if request.method == "POST" and form.is_valid():
        name, version = form.cleaned_data["name"], form.cleaned_data["version"] or 0
        try:
            keeping.change(one, name, form.said(), version, by=person(request), now=now_of(request))
        except (Invalid, LostRace) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            messages.success(request, "Saved, and off. Try it on last month's conversations next.")
            return redirect("inbox:rule", key=key)
    return _form(request, form, one)


def _form(request: HttpRequest, form: RuleForm, one: Rule | None) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "engagement/rules/form.html", {"form": form, "rule": one}, status=status)


@allow("change_rules")
@require_POST
def try_rule(request: HttpRequest, key: UUID) -> HttpResponse:
    """The dry run."""
    trial = trying.run(_rule(key), by=person(request), now=now_of(request))
    messages.success(request, f"Dry run done: {trial.fitted} of {trial.looked} messages fit. Nothing was changed.")
    return redirect("inbox:rule", key=key)


@allow("change_rules")
@require_POST
def switch_rule(request: HttpRequest, key: UUID) -> HttpResponse:
    """On, if it had its dry run; or off."""
    one = _rule(key)
    if one.state == "on":
        keeping.switch_off(one, by=person(request), now=now_of(request))
        messages.success(request, f"{one} is off.")
        return redirect("inbox:rule", key=key)
    try:
        keeping.switch_on(one, by=person(request), now=now_of(request))
    except Invalid as refusal:
        return _page(request, one, refusal)
    messages.success(request, f"{one} is on. It acts on what comes in from now on.")
    return redirect("inbox:rule", key=key)


@allow("change_rules")
@require_POST
def move_rule(request: HttpRequest, key: UUID) -> HttpResponse:
    """One place up or down."""
    up = request.POST.get("way") == "up"
    keeping.reorder(_rule(key), up, by=person(request), now=now_of(request))
    return redirect("inbox:rules")


@allow("change_rules")
@require_POST
def drop_rule(request: HttpRequest, key: UUID) -> HttpResponse:
    one = _rule(key)
    keeping.drop(one, by=person(request), now=now_of(request))
    messages.success(request, f"{one} is gone. What it did stays written down.")
    return redirect("inbox:rules")


@allow("assign")
@require_POST
def undo_firing(request: HttpRequest, key: UUID, firing: UUID) -> HttpResponse:
    """Take back what a rule did to this conversation."""
    conversation = conversation_for(request, key, "assign")
    row = get_object_or_404(RuleFiring, conversation=conversation, key=firing)
    keeping.undo(row, by=person(request), now=now_of(request))
    return done(request, conversation, "Taken back.")
