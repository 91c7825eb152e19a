"""Writing an emergency message: the five parts with every copy beside them, then one button for all channels."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow, person
from accounts.refusals import Invalid
from accounts.walltime import to_wall
from calendar_app import alerting, chronicle, emergency, outside
from calendar_app.alerting import Draft
from calendar_app.emergency_forms import LENGTHS, MINUTES, SECOND, MessageForm
from calendar_app.models import EmergencyMessage, OutsideAlert
from calendar_app.views.finding import now_of, town_of
from policy import cap, hazards, issuers, modes, pack_rules
from policy.issuers import switching
from policy.models import EmergencyPlan, ModeSpan


@switching
def write(request: HttpRequest) -> HttpResponse:
    """The form from a template, the last message or an alert from elsewhere; while one types, the copies beside it."""
    span = modes.emergency(now_of(request))
    if span is None:
        messages.info(request, "Emergency mode is off. Switch it on first; that takes a reason and one click.")
        return redirect("emergency:now")
    issuers.require_issuer(person(request), now_of(request))
    if request.method == "POST":
        return _posted(request, span)
    draft = _begun(request, span)
    form = MessageForm(initial=_initial(request, span, draft), second=_second(draft))
    return _page(request, span, form, draft)


def _posted(request: HttpRequest, span: ModeSpan) -> HttpResponse:
    data = request.POST.copy()
    form = MessageForm(data, second=EmergencyPlan.here().second_language)
    form.is_valid()
    data["span"] = str(span.key)  # shown again it belongs to the emergency that is on now
    earlier = form.cleaned_data.get("replaces")
    replaces = span.messages.filter(key=earlier).first() if earlier else None
    draft = form.draft(replaces)
    if "send" not in request.POST or "HX-Request" in request.headers:
        return _page(request, span, form, draft, fragment="HX-Request" in request.headers)
    _of_this(form, span)
    if form.errors:
        return _page(request, span, form, draft, status=422)
    if draft.key is None:
        raise Invalid("This form was opened too long ago.", next_step="Open it again; nothing was sent.")
    try:
        parity = _parity(request)
        message = alerting.send(draft, span, by=person(request), now=now_of(request), parity=parity)
    except Invalid as problem:
        form.add_error(None, f"{problem.words} {problem.next_step}".strip())
        return _page(request, span, form, draft, status=422)
    OutsideAlert.objects.filter(key=form.cleaned_data["outside"], message=None).update(message=message)
    messages.success(request, f"On its way to {message.copies.count()} places.")
    return redirect("emergency:message", key=message.key)


def _of_this(form: MessageForm, span: ModeSpan) -> None:
    """Words written for an exercise are never sent in earnest because the mode changed meanwhile, nor the other way."""
    if form.cleaned_data.get("span") != span.key:
        kind = "an exercise: these words go to practice channels" if span.exercise else "real: these words go out"
        form.add_error(None, f"This form was opened before. What is on now is {kind}. Read them again, then send.")
    source = form.cleaned_data.get("outside")
    alert = OutsideAlert.objects.filter(key=source).first() if source else None
    refused = outside.may_be_used(alert, span) if alert else ""
    if refused:
        form.add_error(None, refused)


def _begun(request: HttpRequest, span: ModeSpan) -> Draft:
    """What the form starts with: an alert from elsewhere, the last message, or a hazard's template."""
    plan, asked = EmergencyPlan.here(), request.GET
    if asked.get("outside"):
        alert = get_object_or_404(OutsideAlert, key=asked["outside"])
        refused = outside.may_be_used(alert, span)
        if refused:
            raise Invalid(refused)
        return outside.as_draft(alert)
    last = emergency.last_word(span)
    kind = asked.get("kind", "alert")
    if kind == "update" and last is not None:
        return _from(last, "update", last.hazard)
    hazard = "clear" if kind == "cancel" else asked.get("hazard", "flood")
    hazard = hazard if hazard in hazards.HAZARDS else "flood"
    kind = kind if kind in {"alert", "cancel"} else "alert"
    place = last.place if last and kind == "cancel" else ""
    parts = {**hazards.language("en").template(hazard), "place": place, "source": plan.source or f"{town_of(request)}"}
    second = plan.second_language
    other = {**hazards.language(second).template(hazard), "place": "", "source": parts["source"]} if second else None
    if other is not None and last and kind == "cancel":
        other["place"] = last.other.get("place", "")
    return Draft(hazard, kind, parts, more_url=plan.more_url, minutes=plan.update_minutes, second_language=second,
                 other=other, replaces=last if kind == "cancel" else None)  # fmt: skip


def _from(last: EmergencyMessage, kind: str, hazard: str) -> Draft:
    plan = EmergencyPlan.here()
    parts = {name: getattr(last, name) for name in LENGTHS}
    return Draft(hazard, kind, parts, more_url=last.more_url, minutes=plan.update_minutes, area=last.area,
                 second_language=plan.second_language, other=last.other or None, replaces=last,
                 marks=(last.urgency, last.severity, last.certainty))  # fmt: skip


def _second(draft: Draft) -> str:
    return draft.second_language or EmergencyPlan.here().second_language


def _initial(request: HttpRequest, span: ModeSpan, draft: Draft) -> dict[str, Any]:
    marks = draft.marks or hazards.MARKS[draft.hazard][2:]
    known = [minutes for minutes, _ in MINUTES]
    area = draft.area or {}
    return {
        "key": uuid4(),
        "span": span.key,
        "hazard": draft.hazard,
        "kind": draft.kind,
        "replaces": draft.replaces.key if draft.replaces else "",
        "outside": request.GET.get("outside", ""),
        "minutes": min(known, key=lambda one: abs(one - draft.minutes)),
        "more_url": draft.more_url,
        "urgency": marks[0],
        "severity": marks[1],
        "certainty": marks[2],
        "polygons": "\n".join(area.get("polygons", ())),
        "circles": "\n".join(area.get("circles", ())),
        **{name: draft.parts.get(name, "") for name in LENGTHS},
        **{f"{SECOND}{name}": (draft.other or {}).get(name, "") for name in LENGTHS},
    }


def _parity(request: HttpRequest) -> str:
    """The duty to speak two languages, in a sentence; empty where there is none."""
    town = town_of(request)
    rule = pack_rules.parity(town.pack, to_wall(now_of(request), town.zone).date())
    return f"{rule.title}: {rule.words}" if rule else ""


def _page(
    request: HttpRequest, span: ModeSpan, form: MessageForm, draft: Draft, *, status: int = 200, fragment: bool = False
) -> HttpResponse:
    user, moment, town = person(request), now_of(request), town_of(request)
    shown = alerting.previews(draft, alerting.channels_for(user, span, moment), span, town, moment)
    language = hazards.language(form.second) if form.second else None
    parity = _parity(request)
    context = {
        "span": span,
        "form": form,
        "draft": draft,
        "title": hazards.language("en").template(draft.hazard)["title"],
        "language": language,
        "first": [form[name] for name in LENGTHS],
        "other": [form[f"{SECOND}{name}"] for name in LENGTHS] if language else [],
        "shown": shown,
        "channels": len({one.channel.pk for one in shown}),
        "problems": alerting.problems(draft, shown, user, span, moment, parity),
        "left_out": alerting.left_out(user, span, moment),
        "parity": parity,
        "fallback": issuers.is_fallback(user, moment),
        "out_of_reach": issuers.names(moment),
    }
    template = "emergency/_copies.html" if fragment else "emergency/write.html"
    return render(request, template, context, status=status)


@allow("see_emergency")
def message(request: HttpRequest, key: UUID) -> HttpResponse:
    """One message: what it says, where it is out, what took its place."""
    found = get_object_or_404(EmergencyMessage.objects.select_related("span", "replaces", "by"), key=key)
    span = found.span
    sent = next(iter(chronicle.sent(span, found)), None) if span else None
    texts = {copy.delivery.payload["text"]: copy.language for copy in found.copies.select_related("delivery")}
    context = {
        "message": found,
        "sent": sent,
        "texts": [(words, hazards.language(tag).name, tag) for words, tag in texts.items()],
        "later": found.replaced_by.order_by("pk").first(),
        "running": span is not None and span.runs(now_of(request)),
        "may_issue": issuers.may_issue(person(request), now_of(request)),
        "problems": cap.problems(outside.as_alert(found)),
    }
    return render(request, "emergency/message.html", context)


@allow("see_emergency")
def as_cap(request: HttpRequest, key: UUID) -> HttpResponse:
    """The message for other systems, as a file."""
    found = get_object_or_404(EmergencyMessage, key=key)
    answer = HttpResponse(cap.write(outside.as_alert(found)), content_type="application/cap+xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.kind}-{found.key}.cap.xml"'
    return answer
