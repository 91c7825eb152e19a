"""The practice mailbox."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import mailbox
from accounts.access import allow


@allow("see_mailbox")
def list_mails(request: HttpRequest) -> HttpResponse:
    """Every mail that practice did not send."""
    if not settings.PRACTICE:
        raise Http404
    return render(request, "accounts/mailbox.html", {"letters": mailbox.letters(settings.MAIL_FOLDER)})
