"""Signing in with the town's own account: going there, coming back, connecting it, and signing out there."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import identities, mailing, oidc
from accounts.access import person
from accounts.models import Identity, IdentityProvider, User
from accounts.oidc import Begun, Rejected
from accounts.reentry import after_password
from accounts.second_factor import HAS_IT
from accounts.town_factor import TRUSTED

WAITING, INVITED, BY_TOWN = "town-sign-in", "town-invitation", "signed-in-at-town"
BUTTON = "connect-button"  # what proves that connecting was begun on our own page
SIGN_IN, CONNECT, AGAIN, INVITATION = "sign-in", "connect", "again", "invitation"


@login_not_required
@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Go to the town's sign-in; why is remembered in this browser's session, with what proves the answer."""
    given, why = _provider(), request.GET.get("why", SIGN_IN)
    if why == AGAIN and not request.user.is_authenticated:
        why = SIGN_IN
    if why not in {SIGN_IN, AGAIN, INVITATION}:
        raise Http404
    return _go(request, given, why)


@never_cache
@require_GET
@after_password
def connect(request: HttpRequest) -> HttpResponse:
    """Go to the town's sign-in to say which account there is mine.

    Only from the button on our own page: a link on a foreign one could have somebody connect another person's account.
    """
    given, pressed = _provider(), request.GET.get("pressed", "")
    if not constant_time_compare(pressed, request.session.get(BUTTON, "")) or not pressed:
        messages.info(request, "Nothing is connected yet: press “Connect an account” here.")
        return redirect("accounts:identities")
    return _go(request, given, CONNECT)


@login_not_required
@never_cache
@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Where the town's sign-in sends people back to. What was remembered counts once."""
    given, kept = _provider(), request.session.pop(WAITING, None)
    try:
        if kept is None or request.now.timestamp() - kept["at"] > oidc.LIFE:  # type: ignore[attr-defined]
            raise Rejected("This sign-in was not begun here, or took too long.", next_step="Begin again.")
        begun, why = Begun(**kept["begun"]), kept["why"]
        answer = {name: request.GET.get(name, "") for name in ("state", "code")}
        answer |= {name: request.GET[name] for name in ("error", "iss") if name in request.GET}
        now = request.now  # type: ignore[attr-defined]
        claims = oidc.finish(given, begun, answer, back(request), now, again=why == AGAIN)
        return _came(request, given, claims, why, kept["next"])
    except Rejected as refused:
        return render(request, "accounts/town/refused.html", {"refusal": refused}, status=refused.status)


@login_not_required
@never_cache
@require_GET
def leave_town(request: HttpRequest) -> HttpResponse:
    """Sign out at the town's sign-in as well, where it can; here that has been done before."""
    given = _provider()
    end = str(oidc.describe(given).get("end_session_endpoint", ""))
    home = mailing.absolute(reverse("account_login"))
    home = home if home.startswith("http") else request.build_absolute_uri(home)
    if not end.startswith(("https://", "http://")):
        return redirect("account_login")
    words = urlencode({"client_id": given.client_id, "post_logout_redirect_uri": home})
    return redirect(f"{end}{'&' if '?' in end else '?'}{words}")


def own_identities(request: HttpRequest) -> HttpResponse:
    """Which accounts at the town's sign-in are mine."""
    button = request.session.setdefault(BUTTON, secrets.token_urlsafe(16))
    context = {
        "provider": identities.provider(),
        "connect": f"{reverse('accounts:connect-identity')}?{urlencode({'pressed': button})}",
        "identities": Identity.objects.filter(user=person(request)),
        "here": "identities",
    }
    return render(request, "accounts/town/own.html", context)


@require_POST
@after_password
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    me = person(request)
    found = get_object_or_404(Identity, pk=pk, user=me)
    identities.disconnect(found, by=me, now=request.now)  # type: ignore[attr-defined]
    messages.success(request, "It is disconnected; it no longer lets you in here.")
    return redirect("accounts:identities")


def _go(request: HttpRequest, given: IdentityProvider, why: str) -> HttpResponse:
    begun, after = Begun(), request.GET.get("next", "")
    inside = url_has_allowed_host_and_scheme(after, allowed_hosts=None) and after.startswith("/")
    now = request.now.timestamp()  # type: ignore[attr-defined]
    try:
        where = oidc.address(given, begun, back(request), again=why == AGAIN)
    except Rejected as refused:
        return render(request, "accounts/town/refused.html", {"refusal": refused}, status=refused.status)
    request.session[WAITING] = {"begun": asdict(begun), "why": why, "at": now, "next": after if inside else ""}
    return redirect(where)


def _came(request: HttpRequest, given: IdentityProvider, claims: dict[str, Any], why: str, after: str) -> HttpResponse:
    now = request.now  # type: ignore[attr-defined]
    if why == CONNECT:
        if not request.user.is_authenticated:
            raise Rejected("You are no longer signed in here.", next_step="Sign in and connect it once more.")
        identities.connect(given, person(request), claims, now)
        messages.success(request, f"From now on {given.name} lets you in here.")
        return redirect("accounts:identities")
    if why == AGAIN:
        found = Identity.objects.filter(issuer=given.issuer, subject=claims["sub"]).first()
        if not request.user.is_authenticated or found is None or found.user_id != request.user.pk:
            raise Rejected("That is another person's account.", next_step="Sign in with your own.")
        record_authentication(request, request.user, method="town", reauthenticated=True)
        return redirect(after or "/")
    if why == INVITATION:
        key, secret = request.session.pop(INVITED, ("", ""))
        if not key:
            raise Rejected("Open the link of your invitation once more.")
        user = identities.accept_invitation(given, UUID(key), secret, claims, now)
    else:
        user = identities.sign_in(given, claims, now)
    return _let_in(request, given, user, claims, after)


def _let_in(
    request: HttpRequest, given: IdentityProvider, user: User, claims: dict[str, Any], after: str
) -> HttpResponse:
    """A person's own second factor is asked for, unless the provider's word on its own one is taken."""
    logout(request)
    seen = identities.second_factor_seen(given, claims)
    request.session[TRUSTED] = request.session[HAS_IT] = seen
    request.session[BY_TOWN] = True
    record_authentication(request, user, method="town")
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=after or None))
    return response


def _provider() -> IdentityProvider:
    given = identities.provider()
    if given is None:
        raise Http404
    return given


def back(request: HttpRequest) -> str:
    """The address the provider knows; behind PUBLIC_URL it is that one, whatever name the request came by."""
    path = reverse("accounts:town-back")
    return mailing.absolute(path) if settings.PUBLIC_URL else request.build_absolute_uri(path)
