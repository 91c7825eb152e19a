"""The emergency page, its switch, its end, what was frozen, and what happened when."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.reentry import after_password
from accounts.refusals import Invalid
from accounts.walltime import Twice
from calendar_app import chronicle, emergency, releasing, thawing
from calendar_app.alerting import current_span
from calendar_app.emergency_forms import OffForm, RumourForm, SettleForm, SwitchForm, ThawForm
from calendar_app.models import Rumour
from calendar_app.views.finding import now_of, town_of
from policy import hazards, issuers, modes
from policy.issuers import switching
from policy.models import EmergencyPlan, ModeSpan


@allow("see_emergency")
def now(request: HttpRequest) -> HttpResponse:
    """What is going on: the switch while nothing is, else messages, frozen posts, rumours and the next update."""
    return _page(request)


def _page(request: HttpRequest, form: SwitchForm | None = None, status: int = 200) -> HttpResponse:
    moment, user = now_of(request), person(request)
    span = modes.emergency(moment)
    titles = hazards.language("en").templates
    context = {
        "span": span,
        "form": form or SwitchForm(),
        "may_switch": issuers.may_switch(user, moment),
        "may_issue": issuers.may_issue(user, moment),
        "owed": issuers.owed(user, moment)[:1],
        "may_end": may(user, "end_emergency", moment),
        "may_plan": may(user, "plan_emergency", moment),
        "issuers": issuers.chosen(moment),
        "hazards": [(key, titles[key]["title"]) for key in hazards.HAZARDS if key != "clear"],
        "messages_sent": chronicle.sent(span) if span else [],
        "last": emergency.last_word(span) if span else None,
        "late": bool(span and span.next_update_at and span.next_update_at <= moment),
        "frozen": thawing.undecided(user, moment).count(),
        "rumours": span.rumours.filter(verdict="open").count() if span else 0,
        "plan": EmergencyPlan.here(),
        "past": ModeSpan.objects.filter(mode="emergency", ends_at__lte=moment).order_by("-starts_at")[:10],
    }
    return render(request, "emergency/now.html", context, status=status)


@switching
@require_POST
def switch_on(request: HttpRequest) -> HttpResponse:
    """One click and a reason; nothing is asked twice."""
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    span = emergency.switch_on(data["reason"], exercise=data["exercise"], by=person(request), now=now_of(request))
    count = thawing.waiting()
    what = "The exercise has begun" if span.exercise else "Emergency mode is on"
    frozen = "1 scheduled post is" if count == 1 else f"{count} scheduled posts are"
    messages.warning(request, f"{what}. {frozen} frozen.")
    return redirect("emergency:now")


@allow("end_emergency")
@after_password
def switch_off(request: HttpRequest) -> HttpResponse:
    """First what it means, then the reason and the button."""
    moment = now_of(request)
    span = current_span(moment)
    form = OffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        emergency.switch_off(span, form.cleaned_data["why"], by=person(request), now=moment)
        messages.success(request, "Emergency mode is off. Decide about each frozen post; none goes out by itself.")
        return redirect("emergency:frozen")
    context = {"span": span, "form": form, "frozen": thawing.waiting()}
    status = 422 if request.method == "POST" else 200
    return render(request, "emergency/switch_off.html", context, status=status)


@allow("see_emergency")
def frozen(request: HttpRequest) -> HttpResponse:
    """Every post that waits for a decision, one by one."""
    return _frozen(request)


def _frozen(request: HttpRequest, wrong: ThawForm | None = None, key: UUID | None = None) -> HttpResponse:
    user, moment = person(request), now_of(request)
    rows = []
    for one in thawing.undecided(user, moment)[:200]:
        form = ThawForm(initial={"decision": "draft"}, auto_id=f"id_{one.key}_%s")
        rows.append(
            {
                "frozen": one,
                "form": wrong if wrong is not None and one.key == key else form,
                "wrong": one.key == key,
                "may": may(user, "decide_delivery", moment, one.delivery.channel.scope),
            }
        )
    context = {"rows": rows, "span": modes.emergency(moment), "zone": town_of(request).zone}
    return render(request, "emergency/frozen.html", context, status=422 if wrong else 200)


@allow("decide_delivery")
@require_POST
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """One item, one decision."""
    moment = now_of(request)
    row = get_object_or_404(thawing.undecided(person(request), moment), key=key)
    form = ThawForm(request.POST, auto_id=f"id_{row.key}_%s")
    if not form.is_valid():
        return _frozen(request, form, key)
    data = form.cleaned_data
    at = None
    try:
        if data["decision"] == "send" and data["at"]:
            at = releasing.moment(data["at"], town_of(request).zone, data["fold"], moment)
        thawing.decide(row, data["decision"], by=person(request), now=moment, at=at)
    except Twice as twice:
        form.add_error("at", twice.words)
        form.ask_fold()
        return _frozen(request, form, key)
    except Invalid as problem:
        form.add_error("at" if data["decision"] == "send" else None, f"{problem.words} {problem.next_step}".strip())
        return _frozen(request, form, key)
    messages.success(request, f"Decided: {row.placement.post if row.placement else row.delivery}.")
    return redirect("emergency:frozen")


@allow("see_emergency")
def chronology(request: HttpRequest, key: UUID) -> HttpResponse:
    """What happened when, in this emergency: every act, message, rumour and decision."""
    span = get_object_or_404(ModeSpan, key=key, mode="emergency")
    context = {"span": span, "items": chronicle.of(span), "messages_sent": chronicle.sent(span)}
    return render(request, "emergency/chronology.html", context | {"counts": chronicle.counts(span)})


@allow("see_emergency")
def rumours(request: HttpRequest) -> HttpResponse:
    return _rumours(request)


@allow("note_rumour")
@require_POST
def note_rumour(request: HttpRequest) -> HttpResponse:
    """Write down what people say, so that it is checked once and answered once."""
    span = current_span(now_of(request))
    form = RumourForm(request.POST)
    if not form.is_valid():
        return _rumours(request, form)
    chronicle.note(span, form.save(commit=False), by=person(request), now=now_of(request))
    return redirect("emergency:rumours")


@allow("note_rumour")
@require_POST
def settle_rumour(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was found out, and where the correction stands."""
    rumour = get_object_or_404(Rumour, key=key)
    form = SettleForm(request.POST, instance=rumour)
    if not form.is_valid():
        return _rumours(request, None, form)
    chronicle.settle(form.save(commit=False), by=person(request), now=now_of(request))
    return redirect("emergency:rumours")


def _rumours(request: HttpRequest, form: RumourForm | None = None, settling: SettleForm | None = None) -> HttpResponse:
    moment = now_of(request)
    span = modes.emergency(moment) or ModeSpan.objects.filter(mode="emergency").order_by("-starts_at").first()
    rows = list(span.rumours.select_related("by", "settled_by")) if span else []
    shown = [(one, settling if settling and settling.instance.pk == one.pk else _settling(one)) for one in rows]
    context = {
        "span": span,
        "rows": shown,
        "form": form or RumourForm(),
        "running": span is not None and span.runs(moment),
        "may_note": may(person(request), "note_rumour", moment),
    }
    return render(request, "emergency/rumours.html", context, status=422 if form or settling else 200)


def _settling(rumour: Rumour) -> SettleForm:
    return SettleForm(instance=rumour, auto_id=f"id_{rumour.key}_%s")
