"""One act on all ticked conversations: a form that says on how many, and then what was done and what was not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import allow, may, person, who_may
from engagement import bulk, handling, ranking
from engagement.forms import CloseForm, LabelForm
from engagement.models import Conversation
from engagement.queue_forms import ManyAssignForm, RankForm, SnoozeForm
from engagement.views.asking import is_fragment, now_of
from engagement.wishes import Wish


@dataclass(frozen=True)
class Act:
    """What is done to many: the right it takes, and its words."""

    right: str
    title: str
    button: str
    did: str
    icon: str
    key: str = ""  # pressed while something is ticked


ACTS = {
    "assign": Act("assign", "Who has", "Assign", "Assigned", "user-plus", "a"),
    "label": Act("note", "Add labels to", "Add", "Labelled", "tag", "l"),
    "priority": Act("assign", "How urgent are", "Set priority", "Set the priority of", "flag"),
    "snooze": Act("close", "Snooze", "Snooze", "Snoozed", "alarm-clock"),
    "close": Act("close", "Why are these done:", "Close", "Closed", "check", "e"),
}


def offered(request: HttpRequest) -> list[tuple[str, Act]]:
    """The acts this person may do somewhere."""
    return [(name, act) for name, act in ACTS.items() if may(person(request), act.right, now_of(request))]


@allow("note")
@require_http_methods(["GET", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """Ask for what the act needs, then do it to each and tell what came of it."""
    asked = request.POST if request.method == "POST" else request.GET
    keys = [one for one in asked.getlist("pick") if _is_key(one)]
    rows = bulk.chosen(keys, person(request), now_of(request))
    name = asked.get("act", "")
    back = Wish.of(QueryDict(asked.get("back", "")).dict()).query()
    context: dict[str, Any] = {"rows": rows, "act": name, "back": back, "acts": offered(request)}
    if name not in ACTS or not rows:
        return _show(request, "engagement/many.html", context | {"title": "Many at once"}, _status(request))
    act, form = ACTS[name], _form(request, name, rows)
    context |= {"form": form, "title": f"{act.title} {_count(len(rows))}", "button": act.button}
    if not form.is_valid():
        return _show(request, "engagement/many.html", context, _status(request))
    outcome = bulk.carry_out(rows, act.right, _deed(request, name, form), by=person(request), now=now_of(request))
    outcome.gone = len(set(keys)) - len(rows)
    return _told(request, act, outcome, back)


def _told(request: HttpRequest, act: Act, outcome: bulk.Outcome, back: str) -> HttpResponse:
    """Back to the queue with a word; where something was left as it is, which and why."""
    words = f"{act.did} {_count(len(outcome.done))}."
    if outcome.left or outcome.gone:
        told = {"outcome": outcome, "title": words if outcome.done else "Nothing was changed", "back": back}
        return _show(request, "engagement/many_told.html", told, 200)
    if is_fragment(request):
        answer = HttpResponse("")
        toast = {"words": words, "tone": "good"}
        answer["HX-Trigger"] = json.dumps({"inbox-changed": {}, "picked-done": {}, "toast": toast})
        return answer
    messages.success(request, words)
    return redirect(f"{reverse('inbox:queue')}?{back}")


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    whole = context | {"fragment": is_fragment(request)}
    name = template.replace("/many", "/_many") if is_fragment(request) else template
    answer = render(request, name, whole, status=status)
    if "outcome" in context:
        answer["HX-Trigger"] = json.dumps({"inbox-changed": {}, "picked-done": {}})
    return answer


def _status(request: HttpRequest) -> int:
    """A form that could not be taken is a mistake; one that is only shown is none."""
    return 422 if request.method == "POST" else 200


def _form(request: HttpRequest, name: str, rows: list[Conversation]) -> forms.Form:
    sent, now = request.POST if request.method == "POST" else None, now_of(request)
    if name == "assign":
        scopes = {row.channel.scope_id: row.channel.scope for row in rows}.values()
        return ManyAssignForm([user.pk for scope in scopes for user in who_may("answer", now, scope)], sent)
    if name == "snooze":
        return SnoozeForm(now, sent)
    return {"label": LabelForm, "priority": RankForm, "close": CloseForm}[name](sent)


def _deed(request: HttpRequest, name: str, form: Any) -> Callable[[Conversation], object]:
    by, now, said = person(request), now_of(request), form.cleaned_data
    if name == "label":
        labels = form.chosen()
        return lambda row: handling.label(row, {*row.labels.all(), *labels}, by=by, now=now)
    if name == "snooze":
        until = form.moment()
        return lambda row: ranking.snooze(row, until, said["reason"], by=by, now=now)
    return {
        "assign": lambda row: handling.assign(row, said["to"], by=by, now=now),
        "priority": lambda row: ranking.rank(row, said["priority"], said["reason"], by=by, now=now),
        "close": lambda row: handling.close(row, said["outcome"], by=by, now=now),
    }[name]


def _count(number: int) -> str:
    return "1 conversation" if number == 1 else f"{number} conversations"


def _is_key(given: str) -> bool:
    try:
        UUID(given)
    except ValueError:
        return False
    return True
