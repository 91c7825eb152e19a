"""Writing a training module: its text, its questions, and who must hold it. Nothing typed is lost by a mistake."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from accounts import lessons, training
from accounts.access import allow, person
from accounts.lessons import MOST_OPTIONS, MOST_QUESTIONS, Lesson, Question
from accounts.models import TrainingModule
from accounts.refusals import Refusal
from accounts.views.skills import RuleForm, save_rules

NEW_QUESTIONS = 3  # offered in an empty module


class LessonForm(forms.Form):
    """Everything of a module but its questions, which `read_questions` reads."""

    title = forms.CharField(label="Title", max_length=120)
    summary = forms.CharField(label="In one sentence", max_length=300)
    body = forms.CharField(
        label="Text to learn from",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="An empty line starts a paragraph, “## ” a heading, “- ” a line of a list; **two stars** make bold.",
    )
    pass_mark = forms.IntegerField(label="Right answers needed, in percent", min_value=1, max_value=100, initial=80)
    months = forms.IntegerField(label="A pass is good for, in months", min_value=1, max_value=60, initial=12)
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    again_on = forms.DateField(
        label="Everybody takes it again by the end of",
        required=False,
        help_text="Left empty, passes of earlier versions go on counting until they run out.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )


@allow("change_training")
def new_training(request: HttpRequest) -> HttpResponse:
    """A module of the town's own."""
    if request.method != "POST":
        rules = RuleForm(initial={"grace": training.GRACE.days}, prefix="rule")
        return _page(request, None, LessonForm(), rules, _blank([], NEW_QUESTIONS))
    return _save(request, None)


@allow("change_training")
def edit_training(request: HttpRequest, key: UUID) -> HttpResponse:
    """A new version of a module; the earlier ones stay, with the attempts at them."""
    module = get_object_or_404(TrainingModule, key=key)
    if request.method == "POST":
        return _save(request, module)
    version = module.versions.get(number=module.number)
    facts = {name: getattr(version, name) for name in ("title", "summary", "body", "pass_mark", "months", "number")}
    rules = list(module.rules.all())
    grace = max((one.grace for one in rules), default=training.GRACE)
    form = RuleForm(initial={"roles": [one.role for one in rules], "grace": grace.days}, prefix="rule")
    return _page(request, module, LessonForm(initial=facts), form, _blank(list(lessons.read(version.questions)), 1))


def read_questions(posted: QueryDict) -> list[Question]:
    """The questions of the form, without those left empty; `right-N` holds the places of the right options."""
    found = []
    for n in range(MOST_QUESTIONS + 1):
        if f"ask-{n}" not in posted:
            break
        words = [posted.get(f"option-{n}-{m}", "").strip()[:300] for m in range(MOST_OPTIONS)]
        ticked = {int(word) for word in posted.getlist(f"right-{n}") if word.isdigit()}
        kept = [m for m, option in enumerate(words) if option]
        ask, why = posted.get(f"ask-{n}", "").strip()[:500], posted.get(f"why-{n}", "").strip()[:500]
        if ask or kept:
            right = tuple(place for place, m in enumerate(kept) if m in ticked)
            found.append(Question(ask, tuple(words[m] for m in kept), right, why))
    return found


def _save(request: HttpRequest, module: TrainingModule | None) -> HttpResponse:
    form, rules = LessonForm(request.POST), RuleForm(request.POST, prefix="rule")
    questions = read_questions(request.POST)
    if "more" in request.POST:
        form = LessonForm(initial=request.POST.dict())
        asked = {"roles": request.POST.getlist("rule-roles"), "grace": request.POST.get("rule-grace")}
        return _page(request, module, form, RuleForm(initial=asked, prefix="rule"), _blank(questions, 1))
    if not (form.is_valid() & rules.is_valid()):
        return _page(request, module, form, rules, _blank(questions, 1), status=422)
    me, now, data = person(request), request.now, form.cleaned_data  # type: ignore[attr-defined]
    lesson = Lesson(
        data["title"], data["summary"], data["body"].replace("\r\n", "\n").strip(), tuple(questions),
        data["pass_mark"], data["months"],
    )  # fmt: skip
    try:
        if module is None:
            module = training.add(lesson, by=me, now=now)
        elif _changed(module, lesson) or data["again_on"]:
            training.revise(module, lesson, data["number"] or 0, by=me, now=now, again_on=data["again_on"])
    except Refusal as refused:
        form.add_error(None, f"{refused.words} {refused.next_step}".strip())
        return _page(request, module, form, rules, _blank(questions, 1), status=refused.status)
    save_rules(module, rules, by=me, request=request)
    messages.success(request, f"“{lesson.title}” is saved.")
    return redirect("accounts:modules")


def _changed(module: TrainingModule, lesson: Lesson) -> bool:
    was = module.versions.get(number=module.number)
    read = Lesson(was.title, was.summary, was.body, lessons.read(was.questions), was.pass_mark, was.months)
    return read != lesson


def _blank(questions: list[Question], more: int) -> list[dict[str, Any]]:
    """What the form shows: the questions, and empty ones to go on with."""
    empty = [Question("", (), (), "")] * min(more, MOST_QUESTIONS - len(questions))
    return [
        {
            "n": n,
            "question": question,
            "options": [
                {"n": m, "words": words, "right": m in question.right}
                for m, words in enumerate(_padded(question.options))
            ],
        }
        for n, question in enumerate([*questions, *empty])
    ]


def _padded(options: tuple[str, ...]) -> tuple[str, ...]:
    """Room for four answers, or for as many as there can be."""
    return options + ("",) * ((MOST_OPTIONS if len(options) > 4 else 4) - len(options))


def _page(
    request: HttpRequest,
    module: TrainingModule | None,
    form: LessonForm,
    rules: RuleForm,
    questions: list[dict[str, Any]],
    status: int = 200,
) -> HttpResponse:
    versions = module.versions.select_related("by").order_by("-number") if module else []
    context = {
        "module": module, "form": form, "rules": rules, "questions": questions, "versions": versions,
        "here": "training",
    }  # fmt: skip
    return render(request, "accounts/training/edit.html", context, status=status)
