"""Importing a plan: upload, the meaning of the columns, the check of every row, the import, its undoing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import tables
from accounts.access import allow, person
from accounts.refusals import Invalid
from calendar_app import importing, reading, sheets
from calendar_app.models import Import
from calendar_app.reading import Table
from calendar_app.transfer_forms import ColumnsForm, ReadForm, UploadForm
from calendar_app.views.finding import now_of

A_PAGE = 50
SHOWN = 30
MEANS = tuple(sheets.COLUMNS)


@allow("write_post")
def imports(request: HttpRequest) -> HttpResponse:
    """The files brought in so far, and the form for another."""
    return _imports(request, UploadForm())


def _imports(request: HttpRequest, form: UploadForm) -> HttpResponse:
    seen = Import.objects.visible_to(person(request), now_of(request)).select_related("by").defer("data")
    rows = [(one, importing.counts(one)) for one in seen[:SHOWN]]
    status = 422 if form.errors else 200
    return render(request, "calendar_app/plan/imports.html", {"form": form, "rows": rows}, status=status)


@allow("write_post")
@require_POST
def take_file(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _imports(request, form)
    upload = form.cleaned_data["file"]
    try:
        data = upload.read(reading.LARGEST + 1)
        batch = importing.take(data, upload.name or "", by=person(request), now=now_of(request))
    except Invalid as why:
        form.add_error("file", f"{why.words} {why.next_step}".strip())
        return _imports(request, form)
    return redirect("plan:import", key=batch.key)


def _find(request: HttpRequest, key: UUID) -> Import:
    return get_object_or_404(Import.objects.visible_to(person(request), now_of(request)).select_related("by"), key=key)


@allow("write_post")
def one_import(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where an import stands: to be set up, at work, checked, or in the calendar."""
    batch = _find(request, key)
    if batch.state == "new":
        return _set_up(request, batch)
    return render(request, "calendar_app/plan/import.html", _context(request, batch))


@allow("write_post")
def progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far the worker is; when it is done the page is loaded again."""
    batch = _find(request, key)
    response = render(request, "calendar_app/plan/_progress.html", {"batch": batch, "counts": importing.counts(batch)})
    if batch.state not in Import.WORK:
        response["HX-Refresh"] = "true"
    return response


def _context(request: HttpRequest, batch: Import) -> dict[str, object]:
    bad = batch.rows.filter(state="bad")
    page = Paginator(bad, A_PAGE).get_page(request.GET.get("page"))
    good = batch.rows.exclude(state="bad").select_related("post")[: importing.PREVIEW]
    return {
        "batch": batch,
        "counts": importing.counts(batch),
        "page": page,
        "good": [(row, _preview(row.cells)) for row in good] if batch.state == "checked" else [],
        "kept": batch.rows.filter(state="kept").select_related("post")[:A_PAGE],
        "made": good if batch.state == "made" else [],
        "heads": [sheets.COLUMNS[one] for one in PREVIEWED],
        "again": importing.same_before(batch) if batch.state in {"new", "checked"} else None,
    }


PREVIEWED = ("date", "time", "channels", "text", "topic")


def _preview(cells: dict[str, str]) -> list[str]:
    return [cells.get(one, "")[:140] for one in PREVIEWED]


def _set_up(
    request: HttpRequest, batch: Import, read: ReadForm | None = None, columns: ColumnsForm | None = None
) -> HttpResponse:
    """How to read it, and what its columns mean."""
    table = columns.table if columns else _table(batch, batch.read)
    bad = bool((read and read.errors) or (columns and columns.errors))
    context = {
        "batch": batch,
        "read": read or ReadForm(initial={"encoding": "cp1252", **_known(batch.read)}),
        "columns": columns or (ColumnsForm(table=table, known=batch.columns) if table else None),
        "asks_encoding": not batch.read.get("encoding") or batch.read.get("encoding") == "cp1252",
        "rows": len(table.rows) if table else 0,
        "again": importing.same_before(batch),
    }
    return render(request, "calendar_app/plan/set_up.html", context, status=422 if bad else 200)


def _known(read: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in read.items() if value}


def _table(batch: Import, read: dict[str, str]) -> Table | None:
    """The file read that way, or None where it cannot be."""
    try:
        return importing.table_of(batch, read)
    except Invalid:
        return None


@allow("write_post")
@require_POST
def check_import(request: HttpRequest, key: UUID) -> HttpResponse:
    """Read it as the form says: with `act=look` show the columns that gives, else have the rows checked."""
    batch = _find(request, key)
    read = ReadForm(request.POST)
    if not read.is_valid():
        return _set_up(request, batch, read)
    how = read.read()
    try:
        table = importing.table_of(batch, how)
    except Invalid as why:
        read.add_error("separator" if "Line" not in why.words else "encoding", f"{why.words} {why.next_step}".strip())
        return _set_up(request, batch, read)
    by, now = person(request), now_of(request)
    if request.POST.get("act") == "look" or not any(name.startswith("column_") for name in request.POST):
        known = importing.guessed(table.heads, by)
        return _set_up(request, batch, read, ColumnsForm(table=table, known=known))
    columns = ColumnsForm(request.POST, table=table, known={})
    if not columns.is_valid():
        return _set_up(request, batch, read, columns)
    importing.set_up(batch, how, columns.columns(), by=by, now=now)
    return redirect("plan:import", key=key)


@allow("write_post")
@require_POST
def make_import(request: HttpRequest, key: UUID) -> HttpResponse:
    importing.begin(_find(request, key), by=person(request), now=now_of(request))
    return redirect("plan:import", key=key)


@allow("write_post")
@require_POST
def change_import(request: HttpRequest, key: UUID) -> HttpResponse:
    importing.change(_find(request, key), by=person(request), now=now_of(request))
    return redirect("plan:import", key=key)


@allow("write_post")
@require_POST
def discard_import(request: HttpRequest, key: UUID) -> HttpResponse:
    importing.discard(_find(request, key), by=person(request), now=now_of(request))
    messages.success(request, "Discarded. Nothing of it is in the calendar.")
    return redirect("plan:imports")


@allow("write_post")
@require_POST
def undo_import(request: HttpRequest, key: UUID) -> HttpResponse:
    importing.undo(_find(request, key), by=person(request), now=now_of(request))
    return redirect("plan:import", key=key)


@allow("write_post")
def bad_rows(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every row that was not taken, with its line and why, as a table to mend and bring in again."""
    batch = _find(request, key)
    meanings = [one for one in MEANS if one in batch.columns]
    rows = (
        [row.line, row.why, *(row.cells.get(one, "") for one in meanings)] for row in batch.rows.filter(state="bad")
    )
    return tables.as_csv("rows-to-mend.csv", ["Line", "Why", *(sheets.COLUMNS[one] for one in meanings)], rows)
