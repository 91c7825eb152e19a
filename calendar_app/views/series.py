"""Pages of series: making one from a post, looking at its parts, stopping it, and what a change is meant for."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from accounts.walltime import to_wall
from calendar_app import linking, recurring, series, spreading
from calendar_app.models import Post, Series, SeriesPart
from calendar_app.recurring import Asks, Slot
from calendar_app.series_forms import SeriesForm, initial_of
from calendar_app.views.finding import find_post, now_of, town_of

NEXT_WEEK = timedelta(days=7)
SHOWN = 100


@allow("see_calendar")
def list_series(request: HttpRequest) -> HttpResponse:
    user, now = person(request), now_of(request)
    found = Series.objects.visible_to(user, now).select_related("author").prefetch_related("parts__post__placements")
    rows = [(one, recurring.of_json(one.rule).words, *_count(one)) for one in found[:SHOWN]]
    return render(request, "calendar_app/series/list.html", {"rows": rows, "may_write": may(user, "write_post", now)})


def _count(one: Series) -> tuple[int, int]:
    """How many parts there are, and how many of them were not dropped."""
    parts = list(one.parts.all())
    return len(parts), sum(part.post.dropped_at is None for part in parts)


@allow("write_post")
def new_series(request: HttpRequest, key: UUID) -> HttpResponse:
    """First the rule, then every date it means, then the parts."""
    post, now, town = find_post(request, key), now_of(request), town_of(request)
    known = series.part_of(post)
    if known:
        return redirect("series:series", key=known.series.key)
    wall = series.wall_of(post)
    initial = initial_of(str(post), wall, (to_wall(now, town.zone) + NEXT_WEEK).date())
    form = SeriesForm(request.POST or None, initial=initial)
    slots: list[Slot] = []
    if request.method == "POST" and form.is_valid():
        slots = _slots(request, form)
        if slots and not form.errors and request.POST.get("act") == "make":
            return _make(request, post, form, slots)
    context = {"post": post, "form": form, "slots": slots, "zone": town.zone}
    context |= {"rule": form.rule().words if slots else "", "moved": sum(bool(one.moved_from) for one in slots)}
    return render(request, "calendar_app/series/new.html", context, status=422 if form.errors else 200)


def _slots(request: HttpRequest, form: SeriesForm) -> list[Slot]:
    """The dates the form means; what is wrong with them is said on the form."""
    data = form.cleaned_data
    try:
        return series.planned(form.rule(), town_of(request).zone, data["fold"], data["gaps"], now_of(request))
    except Asks as asked:
        form.ask(asked)
    except Invalid as why:
        form.add_error(None, f"{why.words} {why.next_step}".strip())
    return []


def _make(request: HttpRequest, post: Post, form: SeriesForm, slots: list[Slot]) -> HttpResponse:
    data, zone = form.cleaned_data, town_of(request).zone
    made = series.make(
        post, data["name"], form.rule(), slots, zone=zone, fold=data["fold"], by=person(request), now=now_of(request)
    )
    messages.success(request, f"The series has {len(slots)} parts. They are drafts: nothing goes out yet.")
    return redirect("series:series", key=made.key)


@allow("see_calendar")
def one_series(request: HttpRequest, key: UUID) -> HttpResponse:
    """Its rule and its parts, each with where it stands."""
    user, now = person(request), now_of(request)
    found = _find(request, key)
    seen = set(Post.objects.visible_to(user, now).filter(part__series=found).values_list("pk", flat=True))
    parts = [one for one in series.parts_of(found) if one.post_id in seen]
    can_write = may(user, "write_post", now)
    drafts = [one for one in parts if can_write and _waits(one, request)]
    context = {
        "series": found,
        "rule": recurring.of_json(found.rule).words,
        "parts": [(one, series.living(one.post), spreading.is_open(one)) for one in parts],
        "drafts": drafts,
        "can_write": can_write,
        "can_publish": may(user, "schedule_post", now),
        "left": [one for one in parts if not one.post.dropped_at and not series.is_out(one.post)],
    }
    return render(request, "calendar_app/series/series.html", context)


def _waits(part: SeriesPart, request: HttpRequest) -> bool:
    rows = series.living(part.post)
    now = now_of(request)
    return not part.post.dropped_at and any(one.state == "draft" and one.due_at and one.due_at > now for one in rows)


def _find(request: HttpRequest, key: UUID) -> Series:
    return get_object_or_404(Series.objects.visible_to(person(request), now_of(request)), key=key)


@allow("write_post")
@require_POST
def stop_series(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _find(request, key)
    outcome = series.stop(found, by=person(request), now=now_of(request))
    words = f"Stopped. {_parts(len(outcome.done))} dropped"
    messages.success(request, f"{words}; {_parts(len(outcome.left))} out already." if outcome.left else f"{words}.")
    return redirect("series:series", key=found.key)


@allow("write_post")
@require_POST
def schedule_series(request: HttpRequest, key: UUID) -> HttpResponse:
    """Schedule the drafts that were ticked, each by its own checks; what cannot go is said part by part."""
    found = _find(request, key)
    wanted = {UUID(one) for one in request.POST.getlist("part") if _is_key(one)}
    if not wanted:
        raise Invalid("Tick the parts that are to be scheduled.")
    outcome, asked = series.schedule(found, wanted, by=person(request), now=now_of(request))
    if len(outcome.done) - asked:
        messages.success(request, f"Scheduled: {_parts(len(outcome.done) - asked, '')}.")
    if asked:
        messages.info(request, f"Asked for sign-off: {_parts(asked, '')}.")
    for part, why in outcome.left:
        messages.warning(request, f"Part {part.n} was not scheduled. {why}")
    return redirect("series:series", key=found.key)


@allow("write_post")
@require_POST
def carry_change(request: HttpRequest, key: UUID) -> HttpResponse:
    """The answer: this part alone, this and the following, or all."""
    part = _part(request, key)
    outcome = spreading.carry(part, request.POST.get("which", ""), by=person(request), now=now_of(request))
    if outcome.done:
        messages.success(request, f"Changed {_parts(len(outcome.done), 'as well')}.")
    elif not outcome.left:
        messages.success(request, "The change is for this part alone.")
    for other, why in outcome.left:
        messages.warning(request, f"Part {other.n}: {why}")
    return redirect("calendar:post", key=key)


@allow("write_post")
@require_POST
def link_part(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put the address of another part into this post."""
    part, n = _part(request, key), request.POST.get("n", "")
    saved = linking.link(part, int(n) if n.isdigit() else 0, by=person(request), now=now_of(request))
    messages.success(request, f"Part {n} is linked.")
    if saved.back:
        messages.info(request, "It is a draft again: its words changed, so it needs to be scheduled anew.")
    return redirect("calendar:post", key=key)


def _part(request: HttpRequest, key: UUID) -> SeriesPart:
    post = find_post(request, key)
    part = series.part_of(post)
    if part is None:
        raise Invalid("This post is in no series.")
    part.post = post
    return part


def _parts(number: int, verb: str = "is") -> str:
    plural = {"is": "are"}.get(verb, verb)
    return f"{number} part{'' if number == 1 else 's'} {verb if number == 1 else plural}".strip()


def _is_key(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True
