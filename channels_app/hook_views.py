"""Where platforms send webhooks: answered at once, and with nothing that tells a stranger anything."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.throttling import Limit
from channels_app import hooks

FORGERIES, MESSAGES, MINUTE = 60, 1200, 60  # at most so many a minute: wrong ones of one place, right ones altogether


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, platform: str) -> HttpResponse:
    """GET: the platform asks whether this address is ours. POST: it says that there is something to read."""
    if platform not in hooks.PLATFORMS:
        raise Http404
    if hooks.why_off() or not (request.is_secure() or settings.PRACTICE):
        return _answer(403)
    wrong = Limit(f"webhook {get_adapter().get_client_ip(request)}", FORGERIES, MINUTE)
    if wrong.count() >= wrong.most:
        return _answer(429)
    answer = _asked(request, platform) if request.method == "GET" else _told(request, platform)
    if answer.status_code == 403:
        wrong.add()
    return answer


def _asked(request: HttpRequest, platform: str) -> HttpResponse:
    words = hooks.handshake(platform, request.GET)
    mime = "application/json" if platform == hooks.X else "text/plain"
    return _answer(403) if words is None else _answer(200, words, mime)


def _told(request: HttpRequest, platform: str) -> HttpResponse:
    """The size is looked at before a byte is read, the signature before anything is understood."""
    size = request.META.get("CONTENT_LENGTH") or "0"
    if not size.isdigit() or int(size) > hooks.MOST:
        return _answer(413)
    body = request.body
    if not body or not hooks.is_signed(platform, body, request.headers.get(hooks.SIGNATURE[platform], "")):
        return _answer(403)
    right = Limit(f"webhooks of {platform}", MESSAGES, MINUTE)
    if right.count() >= right.most:
        return _answer(429)
    right.add()
    hooks.take(platform, body, request.now)  # type: ignore[attr-defined]
    return _answer(200)


def _answer(status: int, words: str = "", mime: str = "text/plain") -> HttpResponse:
    return HttpResponse(words, status=status, content_type=mime, headers={"Cache-Control": "no-store"})
