"""The paid register: all of it beside the invoices, one thing with its money and results, and what may be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import tables
from accounts.access import allow, may, person
from accounts.reentry import after_password
from accounts.refusals import Invalid
from calendar_app.models import Post
from channels_app.models import Channel
from metrics import paying
from metrics.measures.tracing import HIDDEN
from metrics.models import Paid, PaidEntry
from metrics.paid_forms import EntryForm, PaidForm, WhyForm

NAMES = (
    *("reference", "title", "kind", "state", "objective", "campaign", "channel", "supplier", "from", "to", "label"),
    *("who pays", "shown to", "left out", "budget", "spent", "invoiced", "result", "results", "cost of each"),
)


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


def _all() -> list[Paid]:
    return list(Paid.objects.select_related("objective", "campaign", "channel__scope", "by", "permitted_by"))


@allow("see_objectives")
def register(request: HttpRequest) -> HttpResponse:
    """What is and was paid for, with its sums, and the invoices beside it."""
    now = _now(request)
    books = paying.books(_all(), now)
    context = {"books": books, "may_keep": may(person(request), paying.KEEP, now)}
    return render(request, "metrics/paid.html", context)


@allow("see_objectives")
@after_password
def register_table(request: HttpRequest) -> HttpResponse:
    """The register with its sums as a table."""
    now = _now(request)
    seen = {one.pk for one in Channel.objects.visible_to(person(request), now)}
    rows = []
    for one in paying.books(_all(), now).accounts:
        row = one.paid
        channel = "" if row.channel is None else str(row.channel) if row.channel_id in seen else HIDDEN
        rows.append([
            row.reference, row.title, row.get_kind_display(), row.get_state_display(), row.objective.sentence,
            str(row.campaign or ""), channel, row.supplier, row.starts_on, row.ends_on, row.get_label_display(),
            row.disclaimer, row.shown_to, row.left_out, row.budget, one.spent, one.invoiced, row.outcome, one.outcomes,
            None if one.each is None else round(one.each, 4),
        ])  # fmt: skip
    return tables.as_csv("paid-register.csv", NAMES, rows)


@allow("keep_paid")
def put_down(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """Write down something that is to be paid for, or change it while it is planned."""
    row, user, now = (get_object_or_404(Paid, key=key) if key else None), person(request), _now(request)
    form = PaidForm(request.POST or None, instance=row, user=user, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            found = get_object_or_404(Paid, key=key) if key else None  # as it is, before the form laid its words on it
            told = form.cleaned_data
            made = (paying.change(found, told, by=user, now=now) if found
                    else paying.register(told, by=user, now=now))  # fmt: skip
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, "Saved.")
            return redirect("measures:paid-one", key=made.key)
    return render(
        request, "metrics/put_down_paid.html", {"form": form, "paid": row}, status=422 if form.errors else 200
    )


def _find(key: UUID) -> Paid:
    rows = Paid.objects.select_related("objective", "campaign", "channel__scope", "post", "by", "permitted_by")
    return get_object_or_404(rows, key=key)


@allow("see_objectives")
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One thing paid for: what it says, whether it may start, its money and its results."""
    return _one(request, _find(key))


def _one(
    request: HttpRequest,
    row: Paid,
    *,
    entry: EntryForm | None = None,
    permit: WhyForm | None = None,
    failed: PaidEntry | None = None,
    back: WhyForm | None = None,
    wrong: str = "",
) -> HttpResponse:
    now, user = _now(request), person(request)
    entries = list(row.entries.select_related("by"))
    for each in entries:
        each.form = back if each == failed else WhyForm(auto_id=f"id_{each.key}_%s")  # type: ignore[attr-defined]
    (account,) = paying.books([row], now).accounts
    planned = row.state == "planned"
    context = {
        "paid": row,
        "account": account,
        "entries": entries,
        "failed": failed,
        "reasons": paying.wrong(row, now) if planned else [],
        "spoken": paying.spoken(row) if planned else [],
        "sees_channel": row.channel is not None and Channel.objects.visible_to(user, now).filter(paid=row).exists(),
        "sees_post": row.post is not None and Post.objects.visible_to(user, now).filter(paid=row).exists(),
        "entry_form": entry or EntryForm(),
        "permit_form": permit or WhyForm(prefix="permit"),
        "wrong": wrong,
        "may_keep": may(user, paying.KEEP, now),
        "may_permit": may(user, paying.PERMIT, now) and row.by_id != user.pk,
    }
    bad = wrong or any(form is not None and form.errors for form in (entry, permit, back))
    return render(request, "metrics/paid_one.html", context, status=422 if bad else 200)


@allow("keep_paid")
@require_POST
def add(request: HttpRequest, key: UUID) -> HttpResponse:
    row, form = _find(key), EntryForm(request.POST)
    if form.is_valid():
        try:
            paying.add(row, **form.cleaned_data, by=person(request), now=_now(request))
        except Invalid as why:
            form.add_error(None, why.words)
        else:
            messages.success(request, "Written down.")
            return redirect("measures:paid-one", key=key)
    return _one(request, row, entry=form)


@allow("keep_paid")
@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    entry = get_object_or_404(PaidEntry.objects.select_related("paid"), key=key)
    form = WhyForm(request.POST, auto_id=f"id_{entry.key}_%s")
    if not form.is_valid():
        return _one(request, _find(entry.paid.key), failed=entry, back=form)
    paying.take_back(entry, form.cleaned_data["why"], by=person(request), now=_now(request))
    messages.success(request, "Taken back. It counts no longer.")
    return redirect("measures:paid-one", key=entry.paid.key)


@allow("permit_exception")
@require_POST
def permit(request: HttpRequest, key: UUID) -> HttpResponse:
    row, form = _find(key), WhyForm(request.POST, prefix="permit")
    if form.is_valid():
        paying.permit(row, form.cleaned_data["why"], by=person(request), now=_now(request))
        messages.success(request, "Permitted, with your name.")
        return redirect("measures:paid-one", key=key)
    return _one(request, row, permit=form)


def _moved(request: HttpRequest, key: UUID, act: Callable[..., Paid], said: str) -> HttpResponse:
    row = _find(key)
    try:
        act(row, by=person(request), now=_now(request))
    except Invalid as why:
        return _one(request, row, wrong=why.words)
    messages.success(request, said)
    return redirect("measures:paid-one", key=key)


@allow("keep_paid")
@require_POST
def start(request: HttpRequest, key: UUID) -> HttpResponse:
    return _moved(request, key, paying.start, "It runs.")


@allow("keep_paid")
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    return _moved(request, key, paying.end, "It has ended. Late invoices and results can still be written down.")


@allow("keep_paid")
@require_POST
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    return _moved(request, key, paying.drop, "Dropped.")
