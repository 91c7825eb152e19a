"""The handbook: what the town decided about how it speaks, to be read by everybody who works here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.models import Town
from accounts.refusals import LostRace
from policy import comparing, editing, filling, guides, ruling, shipped
from policy.models import GuideVersion
from policy.shipped import Words


@dataclass(frozen=True)
class Chapter:
    """A chapter of a guide with its clauses; `rules` of each are named in words."""

    title: str
    number: str
    anchor: str
    clauses: list[tuple[Words, list[tuple[str, str]]]]


@allow("see_policy")
def handbook(request: HttpRequest) -> HttpResponse:
    """The way in: both guides and everything that hangs beside them."""
    now, me, held = now_of(request), person(request), guides.versions()
    owed = {version.pk for version in guides.owed(me, now)}
    cards = [
        {
            "guide": guide,
            "name": name,
            "version": held.get(guide),
            "draft": editing.draft_of(guide),
            "clauses": len(guides.clauses(guide)),
            "owed": guide in held and held[guide].pk in owed,
            "due": guide in held and held[guide].review_is_due(today_of(request)),
        }
        for guide, name in guides.NAMES.items()
    ]
    context = {"here": "handbook", "cards": cards, "may_write": may(me, "write_policy", now)}
    return render(request, "policy/handbook.html", context)


@allow("see_policy")
def guide(request: HttpRequest, guide: str) -> HttpResponse:
    """A guide as it holds, with the clauses' addresses and what rests on each."""
    known(guide)
    now, me, version = now_of(request), person(request), guides.current(guide)
    rows = guides.words_of(version) if version else shipped.clauses(guide)
    context = {
        "here": guide,
        "guide": guide,
        "name": guides.NAMES[guide],
        "version": version,
        "chapters": chapters(rows),
        "draft": editing.draft_of(guide),
        "may_write": may(me, "write_policy", now),
        "may_approve": may(me, "approve_policy", now),
        "owed": version is not None and version.pk in {row.pk for row in guides.owed(me, now)},
        "until": guides.due_at(version, me) if version else None,
        "due": version is not None and version.review_is_due(today_of(request)),
    }
    return render(request, "policy/guide.html", context)


@allow("see_policy")
def versions(request: HttpRequest, guide: str) -> HttpResponse:
    """Every version there was, the newest first."""
    known(guide)
    rows = GuideVersion.objects.filter(guide=guide, state="approved").select_related("approved_by", "made_by")
    context = {"here": guide, "guide": guide, "name": guides.NAMES[guide], "rows": list(rows)}
    return render(request, "policy/versions.html", context)


@allow("see_policy")
def version(request: HttpRequest, guide: str, number: int) -> HttpResponse:
    """One version as it was approved, and what it changed against the one before."""
    known(guide)
    asked = get_object_or_404(
        GuideVersion.objects.select_related("approved_by"), guide=guide, number=number, state="approved"
    )
    earlier = GuideVersion.objects.filter(guide=guide, state="approved", number__lt=number).first()
    rows = guides.words_of(asked)
    found = comparing.changes(guides.words_of(earlier), rows) if earlier else []
    held = guides.current(guide)
    context = {
        "here": guide,
        "guide": guide,
        "name": guides.NAMES[guide],
        "version": asked,
        "holds": held is not None and held.pk == asked.pk,
        "earlier": earlier,
        "chapters": chapters(rows),
        "changes": found,
        "affected": [(rule, ruling.name_of(rule)) for rule in comparing.affected(found)],
    }
    return render(request, "policy/version.html", context)


@allow("see_policy")
@require_POST
def acknowledge(request: HttpRequest, guide: str) -> HttpResponse:
    """“I have read this”: for the version that was on the page."""
    known(guide)
    asked = guides.current(guide)
    if asked is None or str(asked.key) != request.POST.get("version"):
        raise LostRace("Another version holds by now.", next_step="Read that one, then acknowledge it.")
    guides.acknowledge(asked, by=person(request), now=now_of(request))
    messages.success(request, f"Noted: you have read {asked}.")
    return redirect("policy:handbook")


@allow("write_policy")
def readers(request: HttpRequest, guide: str) -> HttpResponse:
    """Who has read the version in force, and who has not yet."""
    known(guide)
    asked = guides.current(guide)
    read = asked.acknowledgements.select_related("user").order_by("-at") if asked else []
    waiting = guides.outstanding(asked, now_of(request)) if asked else []
    rows = [(user, guides.due_at(asked, user)) for user in waiting] if asked else []
    context = {"here": guide, "guide": guide, "name": guides.NAMES[guide], "version": asked}
    return render(request, "policy/readers.html", context | {"read": read, "waiting": rows, "now": now_of(request)})


@allow("write_policy")
@require_POST
def remind(request: HttpRequest, guide: str) -> HttpResponse:
    """Tell everybody who has not read it yet."""
    known(guide)
    asked = guides.current(guide)
    count = guides.remind(asked, by=person(request), now=now_of(request)) if asked else 0
    messages.success(request, f"{count} {'person is' if count == 1 else 'people are'} reminded.")
    return redirect("policy:readers", guide=guide)


@allow("see_policy")
def export(request: HttpRequest, guide: str, form: str) -> HttpResponse:
    """The version in force as a file, Markdown or HTML that opens anywhere."""
    known(guide)
    held = guides.current(guide)
    if held is None or form not in {"md", "html"}:
        raise Http404
    context = {"version": held, "name": guides.NAMES[guide], "chapters": chapters(guides.words_of(held))}
    response = render(request, f"policy/export.{form}", context | {"known": filling.known(), "town": Town.here()})
    response["Content-Type"] = {"md": "text/markdown", "html": "text/html"}[form] + "; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="{guide}-version-{held.number}.{form}"'
    return response


def known(guide: str) -> None:
    if guide not in guides.NAMES:
        raise Http404


def chapters(rows: tuple[Words, ...]) -> list[Chapter]:
    """The clauses by chapter, each with the names of what rests on it."""
    found: dict[str, Chapter] = {}
    names = ruling.every()
    for row in rows:
        number = row.number.partition(".")[0]
        chapter = found.setdefault(row.chapter, Chapter(row.chapter, number, f"chapter-{number}", []))
        chapter.clauses.append((row, [(rule, names.get(rule, _family(rule))) for rule in row.rules]))
    return list(found.values())


def now_of(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined,no-any-return]


def today_of(request: HttpRequest) -> date:
    """What day it is in the town."""
    return now_of(request).astimezone(Town.here().tz).date()


def _family(rule: str) -> str:
    return f"Every check of the family {rule}"
