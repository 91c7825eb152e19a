"""People: who has which rights, and the way in."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from accounts import audit, invitations, leaving, mailing, people, second_factor, skills, trail
from accounts.access import allow, may, person
from accounts.models import AuditEntry, Grant, NativeRole, User
from accounts.reentry import after_password
from accounts.refusals import Invalid
from accounts.views.leaving import NativeRoleForm
from accounts.views.people_forms import GrantForm, InviteForm

HISTORY = 20


@allow("see_people")
def list_people(request: HttpRequest) -> HttpResponse:
    """Everybody with their rights, and the invitations that are open."""
    now = request.now  # type: ignore[attr-defined]
    current = Grant.objects.current(now).select_related("scope").order_by("role", "scope__name")
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factor.FACTORS)
    everybody = User.objects.annotate(has_second_factor=Exists(totp)).prefetch_related(
        Prefetch("grants", current, to_attr="current_grants")
    )
    context = {
        "people": everybody.order_by("-is_active", "name"),
        "invitations": invitations.open_invitations(now).select_related("scope", "by").order_by("created_at"),
        "without_factor": second_factor.without(now),
        "may_invite": may(person(request), "invite", now),
        "here": "people",
    }
    return render(request, "accounts/people/list.html", context)


@allow("invite")
@after_password
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invite somebody; where no mail can go out, the link is shown once."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            invitation, path = invitations.invite(
                data["email"], data["role"], by=me, now=now, name=data["name"], scope=data["scope"]
            )
        except Invalid as refused:
            form.add_error("email", f"{refused.words} {refused.next_step}".strip())
        else:
            url = request.build_absolute_uri(path)
            if mailing.is_on():
                invitations.mail_link(invitation, url, now)
            context = {"invitation": invitation, "link": url, "mailed": mailing.is_on(), "here": "people"}
            return render(request, "accounts/people/invited.html", context)
    status = 422 if form.errors else 200
    return render(request, "accounts/people/invite.html", {"form": form, "here": "people"}, status=status)


@allow("invite")
@require_POST
def take_back_invitation(request: HttpRequest, key: UUID) -> HttpResponse:
    now = request.now  # type: ignore[attr-defined]
    invitation = get_object_or_404(invitations.open_invitations(now), key=key)
    invitations.take_back(invitation, by=person(request), now=now)
    messages.success(request, f"The invitation of {invitation.email} is taken back; its link no longer works.")
    return redirect("accounts:people")


@allow("see_people")
def show_person(request: HttpRequest, key: UUID) -> HttpResponse:
    """One person: rights now, a form to give one, and what was done about them."""
    return _person_page(request, _find(key), GrantForm())


@allow("grant")
@require_POST
@after_password
def grant_role(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give the person one right."""
    him, form = _find(key), GrantForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            grant = people.give(
                him,
                data["role"],
                by=person(request),
                now=request.now,  # type: ignore[attr-defined]
                scope=data["scope"],
                ends_at=form.ends_at(request.town.zone),  # type: ignore[attr-defined]
            )
        except Invalid as refused:
            form.add_error(None, f"{refused.words} {refused.next_step}".strip())
        else:
            messages.success(request, f"{him.name} is now: {grant}.")
            return redirect("accounts:person", key=him.key)
    return _person_page(request, him, form)


@allow("grant")
@require_POST
@after_password
def end_grant(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """End one right of the person at once."""
    grant = get_object_or_404(Grant.objects.select_related("user", "scope"), user=_find(key), pk=pk)
    people.end(grant, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"{grant.user.name} is no longer: {grant}.")
    return redirect("accounts:person", key=key)


@allow("disable_person")
@require_POST
@after_password
def disable_person(request: HttpRequest, key: UUID) -> HttpResponse:
    """Switch the person off: sessions and rights end at once; what is left to do elsewhere comes as a list."""
    him = _find(key)
    departure = leaving.leave(him, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"{him.name} is switched off: every session and every right has ended.")
    return redirect("accounts:departure", key=departure.key)


@allow("disable_person")
@require_POST
@after_password
def enable_person(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let the person sign in again."""
    him = _find(key)
    people.enable(him, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"{him.name} can sign in again; give the rights anew.")
    return redirect("accounts:person", key=key)


@allow("reset_password")
@require_POST
@after_password
def make_reset_link(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where no mail can go out, an administrator passes the link to a new password on; it is shown once."""
    him = _find(key)
    path = people.reset_link(him, by=person(request), now=request.now)  # type: ignore[attr-defined]
    context = {"him": him, "link": request.build_absolute_uri(path), "here": "people"}
    return render(request, "accounts/people/reset_link.html", context)


def _find(key: UUID) -> User:
    return get_object_or_404(User, key=key)


def told(entry: AuditEntry) -> dict[str, object]:
    """One line of the history, as the timeline shows it."""
    at = timezone.localtime(entry.at)
    return {
        "words": trail.sentence(entry),
        "more": "; ".join(trail.lines(entry)),
        "at": at,
        "at_words": date_format(at, "j M Y, H:i"),
        "icon": "dot",
    }


def _person_page(request: HttpRequest, him: User, form: GrantForm) -> HttpResponse:
    me, now = person(request), request.now  # type: ignore[attr-defined]
    context = {
        "him": him,
        "form": form,
        "grants": people.current_grants(him, now),
        "native_roles": NativeRole.objects.held().filter(user=him),
        "native_form": NativeRoleForm(),
        "may_keep": may(me, "keep_departures", now),
        "may_end_sessions": may(me, "end_sessions", now) and him.is_active,
        "sessions": UserSession.objects.filter(user=him).count(),
        "skills": [one for one in skills.of(him, now) if one.needed],
        "history": [told(entry) for entry in audit.history_of(him)[:HISTORY]],
        "may_grant": may(me, "grant", now) and him.is_active,
        "may_reset": may(me, "reset_password", now) and him.is_active and not mailing.is_on() and him != me,
        "may_disable": may(me, "disable_person", now) and him != me,
        "here": "people",
    }
    return render(request, "accounts/people/person.html", context, status=422 if form.errors else 200)
