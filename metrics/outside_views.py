"""Figures from other systems: the files so far, setting one up, bringing it in, taking it back, and what holds now."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import tables
from accounts.access import allow, may, person
from accounts.reentry import after_password
from accounts.refusals import Invalid
from calendar_app import reading
from calendar_app.reading import Table
from metrics.models import OutsideFigure, OutsideFile
from metrics.outside import bringing_in, held
from metrics.outside.kinds import KINDS, ROUTES, Kind
from metrics.outside_forms import ColumnsForm, ReadForm, TakeBackForm, TakeForm

FILES, BAD_ROWS, GOOD_ROWS = 30, 50, 10
WEEKS = 26


@allow("see_objectives")
def outside(request: HttpRequest) -> HttpResponse:
    """Which figures there are, and the files they came from."""
    return _outside(request, TakeForm())


def _outside(request: HttpRequest, form: TakeForm) -> HttpResponse:
    now = request.now  # type: ignore[attr-defined]
    files = list(OutsideFile.objects.exclude(state="dropped").select_related("by").defer("data")[:FILES])
    context = {
        "form": form,
        "files": [(one, KINDS[one.kind]) for one in files],
        "kinds": [(kind, OutsideFigure.objects.filter(kind=kind.key, file__state="made").exists())
                  for kind in KINDS.values()],
        "may_bring_in": may(person(request), bringing_in.ACT, now),
    }  # fmt: skip
    return render(request, "metrics/outside.html", context, status=422 if form.errors else 200)


@allow("bring_in_figures")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    form = TakeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _outside(request, form)
    upload = form.cleaned_data["file"]
    try:
        data = upload.read(reading.LARGEST + 1)
        now = request.now  # type: ignore[attr-defined]
        file = bringing_in.take(data, upload.name or "", form.cleaned_data["kind"], by=person(request), now=now)
    except Invalid as why:
        form.add_error("file", f"{why.words} {why.next_step}".strip())
        return _outside(request, form)
    return redirect("measures:outside-file", key=file.key)


def _find(key: UUID) -> OutsideFile:
    return get_object_or_404(OutsideFile.objects.select_related("by"), key=key)


@allow("bring_in_figures")
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """A file to be set up, or what came of it."""
    file = _find(key)
    if file.state == "new":
        return _set_up(request, file)
    return _made(request, file, TakeBackForm())


def _made(request: HttpRequest, file: OutsideFile, form: TakeBackForm) -> HttpResponse:
    kind = KINDS[file.kind]
    rows = [_cells(row, kind) for row in file.figures.select_related("topic", "channel")[:BAD_ROWS]]
    facts = {"file": file, "kind": kind, "names": _names(kind), "rows": rows, "count": file.figures.count()}
    return render(request, "metrics/outside_made.html", facts | {"form": form}, status=422 if form.errors else 200)


def _set_up(
    request: HttpRequest, file: OutsideFile, read: ReadForm | None = None, columns: ColumnsForm | None = None
) -> HttpResponse:
    """How to read it and what its columns mean, beside what that gives so far."""
    kind, table = KINDS[file.kind], _table(file)
    known = {name: value for name, value in file.read.items() if value} | {"source": file.source}
    bad = bool((read and read.errors) or (columns and columns.errors))
    checked = None
    if table and file.total and not bad:
        checked = bringing_in.checked(file, request.now)  # type: ignore[attr-defined]
    context = {
        "file": file,
        "kind": kind,
        "read": read or ReadForm(initial={"encoding": "cp1252", **known}),
        "columns": columns or (ColumnsForm(kind=kind, table=table, known=file.columns) if table else None),
        "checked": checked,
        "bad": checked.bad[:BAD_ROWS] if checked else [],
        "names": _names(kind),
        "good": [_cells(row, kind) for row in checked.good[:GOOD_ROWS]] if checked else [],
        "again": OutsideFile.objects.filter(sha256=file.sha256, state="made").first(),
    }
    return render(request, "metrics/outside_set_up.html", context, status=422 if bad else 200)


def _table(file: OutsideFile, read: dict[str, str] | None = None) -> Table | None:
    """The file read that way, or None where it cannot be."""
    try:
        return bringing_in.table_of(file, read)
    except Invalid:
        return None


@allow("bring_in_figures")
@require_POST
def set_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """Read it as the form says and check every row."""
    file, read = _find(key), ReadForm(request.POST)
    if not read.is_valid():
        return _set_up(request, file, read)
    table = _table(file, read.read())
    if table is None:
        read.add_error("encoding", "The file cannot be read that way. Try another encoding or separator.")
        return _set_up(request, file, read)
    columns = ColumnsForm(request.POST, kind=KINDS[file.kind], table=table, known={})
    if not columns.is_valid():
        return _set_up(request, file, read, columns)
    source, now = read.cleaned_data["source"], request.now  # type: ignore[attr-defined]
    bringing_in.set_up(file, read.read(), columns.columns(), source, by=person(request), now=now)
    return redirect("measures:outside-file", key=key)


@allow("bring_in_figures")
@require_POST
def bring_in(request: HttpRequest, key: UUID) -> HttpResponse:
    bringing_in.bring_in(_find(key), by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, "Brought in. The figures count from now on.")
    return redirect("measures:outside-file", key=key)


@allow("bring_in_figures")
@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    file, form = _find(key), TakeBackForm(request.POST)
    if not form.is_valid():
        return _made(request, file, form)
    now = request.now  # type: ignore[attr-defined]
    bringing_in.take_back(file, form.cleaned_data["why"], by=person(request), now=now)
    messages.success(request, "Taken back. Its figures count no longer.")
    return redirect("measures:outside-file", key=key)


@allow("bring_in_figures")
@require_POST
def discard(request: HttpRequest, key: UUID) -> HttpResponse:
    bringing_in.discard(_find(key), by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, "Discarded. Nothing of it ever counted.")
    return redirect("measures:outside")


@allow("see_objectives")
def figures(request: HttpRequest, kind: str) -> HttpResponse:
    """What holds for one kind of figures, and what was restated."""
    found, first, last = _kind(kind), *_span(request)
    rows = held.current(kind, first, last)
    context = {
        "kind": found,
        "names": [*_names(found), "Source"],
        "rows": [[*_cells(row, found), row.file.source] for row in reversed(rows)],
        "restated": held.restated(kind, first, last),
        "weeks": WEEKS,
    }
    return render(request, "metrics/outside_figures.html", context)


@allow("see_objectives")
@after_password
def figures_csv(request: HttpRequest, kind: str) -> HttpResponse:
    found, first, last = _kind(kind), *_span(request)
    rows = ([*_cells(row, found), row.file.source, row.file.name] for row in held.current(kind, first, last))
    return tables.as_csv(f"{kind}.csv", [*_names(found), "Source", "File"], rows)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _span(request: HttpRequest) -> tuple[date, date]:
    today = request.now.astimezone(request.town.tz).date()  # type: ignore[attr-defined]
    return today - timedelta(weeks=WEEKS), today


def _names(kind: Kind) -> list[str]:
    return list(kind.columns.values())


def _cells(row: object, kind: Kind) -> list[str]:
    """A row as it is shown, in the order of the kind's columns."""
    shown = []
    for name in kind.columns:
        value = getattr(row, name)
        if name == "route":
            value = ROUTES.get(value, value)
        if name == "local":
            value = {True: "yes", False: "no", None: ""}[value]
        if name == "value":
            value = f"{value:,.0f}" if kind.whole else f"{value:,.2f}"
        shown.append("" if value is None else str(value))
    return shown
