"""One's own training: what is owed and passed, a module to learn and answer, and the certificate."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from accounts import lessons, skills, training
from accounts.access import allow, person
from accounts.models import TrainingAttempt, TrainingModule
from accounts.refusals import Invalid


@allow("take_training")
def own_training(request: HttpRequest) -> HttpResponse:
    """What I must pass, what I have passed, and where to practise."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    found = skills.of(me, now)
    attempts = TrainingAttempt.objects.filter(user=me).select_related("version__module")
    context = {
        "owed": [one for one in found if one.needed and one.state in {"missing", "owed", "soon"}],
        "passed": [one for one in found if one.needed and one.state == "good"],
        "others": [one for one in found if not one.needed],
        "attempts": attempts[:30],
        "any": bool(found),
        "here": "training",
        **practice_desk(request),
    }
    return render(request, "accounts/training/own.html", context)


@allow("take_training")
def take_training(request: HttpRequest, key: UUID) -> HttpResponse:
    """The text and its questions; an attempt is kept, right or wrong, and shown with the reasons."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    module = get_object_or_404(TrainingModule.objects.offered(), key=key)
    version = module.versions.get(number=module.number)
    questions = lessons.read(version.questions)
    problem, chosen = None, _chosen(request.POST, len(questions))
    if request.method == "POST":
        try:
            number = int(request.POST.get("version", "0")) if request.POST.get("version", "0").isdigit() else 0
            attempt = training.answer(me, module, number, chosen, now)
            return redirect("accounts:training-attempt", key=attempt.key)
        except Invalid as refused:
            problem = refused
    context = {
        "module": module,
        "version": version,
        "asked": asked(questions, chosen),
        "needed": lessons.needed(len(questions), version.pass_mark),
        "problem": problem,
        "missed": [number for number, picked in enumerate(chosen, 1) if problem and not picked],
        "here": "training",
        **practice_desk(request),
    }
    return render(request, "accounts/training/take.html", context, status=problem.status if problem else 200)


@allow("take_training")
def training_attempt(request: HttpRequest, key: UUID) -> HttpResponse:
    """How an attempt of mine went; a passed one is the certificate, fit to print."""
    found = TrainingAttempt.objects.select_related("version__module", "user")
    attempt = get_object_or_404(found, key=key, user=person(request))
    questions = lessons.read(attempt.version.questions)
    context = {
        "attempt": attempt,
        "version": attempt.version,
        "asked": asked(questions, attempt.answers),
        "needed": lessons.needed(attempt.asked, attempt.version.pass_mark),
        "here": "training",
    }
    return render(request, "accounts/training/attempt.html", context)


def asked(questions: tuple[lessons.Question, ...], chosen: list[list[int]]) -> list[dict[str, object]]:
    """The questions as the pages show them, with what was ticked and whether it was right."""
    return [
        {
            "n": n,
            "question": question,
            "options": [
                {"n": m, "words": words, "chosen": m in chosen[n], "right": m in question.right}
                for m, words in enumerate(question.options)
            ],
            "is_right": question.is_right(chosen[n]),
        }
        for n, question in enumerate(questions)
    ]


def practice_desk(request: HttpRequest) -> dict[str, object]:
    """Where people can try things out: this desk where it is one for practice, else the address the town has set."""
    return {"practice_here": settings.PRACTICE, "practice_desk": request.town.practice_desk}  # type: ignore[attr-defined]


def _chosen(posted: QueryDict, questions: int) -> list[list[int]]:
    """The options ticked for each question, as `q-N` holds them."""
    return [[int(word) for word in posted.getlist(f"q-{n}") if word.isdigit()] for n in range(questions)]
