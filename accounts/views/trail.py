"""The audit trail: searched by words, person, act, thing and day; taken away as a table; checked for wholeness."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import audit, trail
from accounts.access import allow, person
from accounts.models import AuditSeal, User
from accounts.reentry import after_password
from accounts.tables import as_csv

DAY = forms.DateInput(attrs={"type": "date"})


class TrailForm(forms.Form):
    """What is looked for; all of it may be left empty."""

    words = forms.CharField(label="Words or name", required=False, max_length=120)
    person = forms.UUIDField(label="Done by", required=False)
    act = forms.CharField(label="Act", required=False, max_length=60)
    kind = forms.CharField(label="Thing", required=False, max_length=40)
    since = forms.DateField(label="From", required=False, widget=DAY)
    until = forms.DateField(label="To", required=False, widget=DAY)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def asked(self) -> trail.Asked:
        data = self.cleaned_data
        return trail.Asked(
            words=data["words"].strip(),
            person=str(data["person"] or ""),
            act=data["act"],
            kind=data["kind"],
            since=data["since"],
            until=data["until"],
            before=data["before"],
        )

    def query(self, **changes: Any) -> str:
        kept = {name: self.data.get(name, "") for name in self.fields if name != "before"} | changes
        return urlencode({name: value for name, value in kept.items() if value})


@allow("see_audit")
def audit_trail(request: HttpRequest) -> HttpResponse:
    """The newest first, fifty a page; the address holds what is looked for."""
    form = TrailForm(request.GET)
    rows, more = trail.page(form.asked(), request.town.zone) if form.is_valid() else ([], None)  # type: ignore[attr-defined]
    acts, kinds = trail.known_words()
    context = {
        "form": form,
        "rows": rows,
        "older": form.query(before=more) if more else "",
        "newest": form.query(),
        "is_first": not request.GET.get("before"),
        "filtered": bool(form.query()),
        "acts": [(one, one.replace("_", " ")) for one in acts],
        "kinds": sorted(((one, trail.thing(one)) for one in kinds), key=lambda pair: pair[1]),
        "people": User.objects.all(),
        "head": AuditSeal.objects.order_by("-seq").select_related("entry").first(),
        "here": "audit",
    }
    return render(request, "accounts/trail.html", context, status=422 if form.errors else 200)


@allow("see_audit")
@after_password
def audit_table(request: HttpRequest) -> HttpResponse:
    """What was found, as a table; that it was taken away is an entry itself."""
    form = TrailForm(request.GET)
    if not form.is_valid():
        return redirect("accounts:audit")
    me, now, zone = person(request), request.now, request.town  # type: ignore[attr-defined]
    found = list(trail.find(form.asked(), zone.zone)[: trail.MOST + 1])
    if len(found) > trail.MOST:
        messages.error(request, f"More than {trail.MOST:,} entries fit. Narrow the days, and take them in parts.")
        return redirect(f"{reverse('accounts:audit')}?{form.query()}")
    rows = [
        [
            trail.moment_words(timezone.localtime(entry.at)),
            entry.actor_words,
            entry.act,
            entry.kind,
            entry.subject,
            trail.sentence(entry),
            "; ".join(trail.lines(entry)),
        ]
        for entry in found
    ]
    audit.record("exported_audit", None, by=me, now=now, subject="Audit trail", rows=len(rows), search=form.query())
    return as_csv("audit-trail.csv", ["When", "Who", "Act", "Thing", "Which", "In words", "Details"], rows)


@allow("see_audit")
@require_POST
def verify_audit(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain and say whether anything was changed or taken out."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    broken, seen = audit.patrol()
    audit.record("verified_audit", None, by=me, now=now, subject="Audit trail", whole=broken is None, entries=seen)
    if broken is None:
        messages.success(request, f"The trail is whole: all {seen} sealed entries fit together.")
    else:
        at = timezone.localtime(broken.at)
        messages.error(
            request,
            f"The trail is broken at an entry of {at.day} {at:%B %Y, %H:%M} ({broken.actor_words}, {broken.act})."
            " Somebody changed the database around Parley. Tell whoever runs it, and keep a backup as it is.",
        )
    return redirect("accounts:audit")
