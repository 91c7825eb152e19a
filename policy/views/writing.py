"""Writing a guide: the draft, its clauses one by one, asking for approval and giving it."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid, LostRace, Refusal
from policy import comparing, editing, guides, ruling
from policy.models import GuideVersion, PolicyChoices
from policy.shipped import Words
from policy.views.handbook import chapters, known, now_of, today_of


class ClauseForm(forms.Form):
    """One clause. `seen` is what its writer saw of it when the page was opened."""

    chapter = forms.CharField(label="Chapter", max_length=80, widget=forms.TextInput(attrs={"list": "chapters"}))
    title = forms.CharField(label="Title", max_length=120)
    text = forms.CharField(
        label="Text",
        max_length=4000,
        help_text="An empty line begins a paragraph, “- ” a line of a list. {town} and {contact} are filled in.",
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    questions = forms.CharField(
        label="What people ask it",
        required=False,
        max_length=2000,
        help_text="One question to a line, as a colleague would type it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    rules = forms.CharField(
        label="Rules that rest on it",
        required=False,
        max_length=500,
        help_text="Their ids, such as A01 or sign_off. A finding or a refusal shows the clause that names it.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ApproveForm(forms.Form):
    review_on = forms.DateField(
        label="To be reviewed by",
        help_text="From then on managers are told, until a new version is approved.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@allow("write_policy")
def draft(request: HttpRequest, guide: str) -> HttpResponse:
    """The draft: its clauses, what they change, and what is left to do."""
    return _draft(request, guide)


def _draft(request: HttpRequest, guide: str, refusal: Refusal | None = None) -> HttpResponse:
    known(guide)
    now, me, version = now_of(request), person(request), editing.draft_of(guide)
    if version is None:
        return redirect("policy:guide", guide=guide)
    rows, held = guides.words_of(version), guides.current(guide)
    found = comparing.changes(guides.words_of(held), rows) if held else []
    bare, own = editing.without_clause(version), me.pk in {version.made_by_id, version.asked_by_id}
    someone, look_at = list(editing.others(version, now)[:5]), editing.look_again_at(version)
    context = {
        "here": guide,
        "guide": guide,
        "name": guides.NAMES[guide],
        "version": version,
        "held": held,
        "chapters": chapters(rows),
        "changes": found,
        "affected": [(rule, ruling.name_of(rule)) for rule in comparing.affected(found)],
        "bare": [(rule, ruling.name_of(rule)) for rule in bare],
        "form": ApproveForm(initial={"review_on": today_of(request) + timedelta(days=365)}),
        "may_approve": may(me, "approve_policy", now) and not own,
        "may_look": own and not someone and look_at is not None,
        "look_at": look_at,
        "open": look_at is not None and look_at <= now,
        "others": someone,
        "hours": PolicyChoices.here().look_hours,
        "refusal": refusal,
    }
    return render(request, "policy/draft.html", context, status=refusal.status if refusal else 200)


@allow("write_policy")
@require_POST
def begin(request: HttpRequest, guide: str) -> HttpResponse:
    known(guide)
    editing.begin(guide, by=person(request), now=now_of(request))
    return redirect("policy:draft", guide=guide)


@allow("approve_policy")
@require_POST
def adopt(request: HttpRequest, guide: str) -> HttpResponse:
    """Put the shipped text in force as it is, to be reviewed within a year."""
    known(guide)
    review_on = today_of(request) + timedelta(days=365)
    version = editing.adopt(guide, review_on, by=person(request), now=now_of(request))
    messages.success(request, f"{version} is in force.")
    return redirect("policy:guide", guide=guide)


@allow("write_policy")
@require_http_methods(["GET", "POST"])
def clause(request: HttpRequest, guide: str, anchor: str = "") -> HttpResponse:
    """Write one clause; without an anchor a new one."""
    version = _written(guide)
    rows = guides.words_of(version)
    there = next((row for row in rows if row.anchor == anchor), None)
    if anchor and there is None:
        raise Http404
    form, lost = ClauseForm(request.POST or None, initial=_initial(there)), None
    if request.method == "POST" and form.is_valid():
        try:
            editing.save_clause(
                version, _typed(form, anchor), form.cleaned_data["seen"], by=person(request), now=now_of(request)
            )
        except LostRace as refused:
            lost = refused
        except Invalid as refused:
            form.add_error("rules" if "rule is called" in refused.words else None, refused.words)
        else:
            messages.success(request, "The clause is saved in the draft.")
            return redirect(f"{request.path.split('clauses/')[0]}#{anchor or 'changes'}")
    data: dict[str, object] = {
        "form": form,
        "there": there,
        "lost": lost,
        "version": version,
        "rules": sorted(ruling.every().items()),
    }
    if lost and there:
        data["form"] = _on_top_of_theirs(form, there)
    data["chapter_names"] = list(dict.fromkeys(row.chapter for row in rows))
    context = {"here": guide, "guide": guide, "name": guides.NAMES[guide]}
    return render(request, "policy/clause.html", context | data, status=409 if lost else 422 if form.errors else 200)


@allow("write_policy")
@require_POST
def remove(request: HttpRequest, guide: str, anchor: str) -> HttpResponse:
    editing.remove_clause(_written(guide), anchor, by=person(request), now=now_of(request))
    messages.success(request, "The clause is out of the draft.")
    return redirect("policy:draft", guide=guide)


@allow("write_policy")
@require_POST
def shift(request: HttpRequest, guide: str, anchor: str) -> HttpResponse:
    """One place up or down within its chapter."""
    step = -1 if request.POST.get("to") == "up" else 1
    editing.move_clause(_written(guide), anchor, step, by=person(request), now=now_of(request))
    return redirect("policy:draft", guide=guide)


@allow("write_policy")
@require_POST
def ask(request: HttpRequest, guide: str) -> HttpResponse:
    """Ask for approval."""
    version = _written(guide)
    try:
        editing.ask(version, request.POST.get("summary", ""), by=person(request), now=now_of(request))
    except Invalid as refused:
        return _draft(request, guide, refused)
    messages.success(request, "The draft waits for approval.")
    return redirect("policy:draft", guide=guide)


@allow("write_policy")
@require_POST
def back(request: HttpRequest, guide: str) -> HttpResponse:
    """Back to writing."""
    editing.back_to_draft(_written(guide), request.POST.get("reason", ""), by=person(request), now=now_of(request))
    messages.success(request, "It is a draft again.")
    return redirect("policy:draft", guide=guide)


@allow("write_policy")
@require_POST
def drop(request: HttpRequest, guide: str) -> HttpResponse:
    editing.drop(_written(guide), by=person(request), now=now_of(request))
    messages.success(request, "The draft is dropped. What is in force stays.")
    return redirect("policy:guide", guide=guide)


@allow("approve_policy")
@require_POST
def approve(request: HttpRequest, guide: str) -> HttpResponse:
    """Put the draft in force."""
    version, form = _written(guide), ApproveForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid("Say by which day it is to be reviewed.", rule="guides")
        done = editing.approve(version, form.cleaned_data["review_on"], by=person(request), now=now_of(request))
    except Refusal as refused:
        return _draft(request, guide, refused)
    messages.success(request, f"{done} is in force. Everybody it binds is asked to read it.")
    return redirect("policy:guide", guide=guide)


def _written(guide: str) -> GuideVersion:
    known(guide)
    version = editing.draft_of(guide)
    if version is None:
        raise LostRace("There is no draft any more.", next_step="Look at what is in force, and begin a new one.")
    return version


def _initial(there: Words | None) -> dict[str, str]:
    if there is None:
        return {}
    return {
        "chapter": there.chapter,
        "title": there.title,
        "text": there.text,
        "questions": "\n".join(there.questions),
        "rules": ", ".join(there.rules),
        "seen": editing.content_of(there),
    }


def _typed(form: ClauseForm, anchor: str) -> Words:
    data = form.cleaned_data
    asked = tuple(line.strip() for line in data["questions"].splitlines() if line.strip())
    text, rules = data["text"].replace("\r\n", "\n"), editing.rules_from(data["rules"])
    return Words(anchor, data["chapter"], data["title"], text, rules, asked)


def _on_top_of_theirs(form: ClauseForm, there: Words) -> ClauseForm:
    """The same form with what was typed, now against what the colleague saved."""
    typed = form.data.copy()  # type: ignore[attr-defined]
    typed["seen"] = editing.content_of(there)
    return ClauseForm(typed)
