"""Who may do what: the table of acts and roles, and the two ways it is asked.

`@allow("approve_post")` on a view says which act the route is; `may(user, act, now, scope)` asks for one object.
Everything not in the table is refused. The acts in KEYS want current training besides the role (see `gate`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import NamedTuple, TypeVar, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from accounts import gate
from accounts.models import Grant, Scope, User
from accounts.refusals import NotAllowed

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

CONTRIBUTOR, OFFICER, PUBLISHER, APPROVER = "contributor", "officer", "publisher", "approver"
MANAGER, RECORDS, ADMIN = "manager", "records_officer", "administrator"
EVERYONE = frozenset({CONTRIBUTOR, OFFICER, PUBLISHER, APPROVER, MANAGER, RECORDS, ADMIN})
WRITERS = frozenset({OFFICER, PUBLISHER})
DESK = EVERYONE - {CONTRIBUTOR}

ACTS: dict[str, frozenset[str]] = {
    # the desk
    "see_today": EVERYONE,
    "see_notifications": EVERYONE,
    "see_styleguide": EVERYONE,
    "see_mailbox": EVERYONE,
    "see_search": EVERYONE,
    "see_signoff": frozenset({APPROVER, PUBLISHER, OFFICER, MANAGER}),
    # channels
    "see_channels": DESK,
    "add_channel": frozenset({ADMIN}),
    "connect_channel": frozenset({ADMIN}),
    "pause_channel": frozenset({ADMIN, PUBLISHER, MANAGER}),
    "look_at_profile": frozenset({ADMIN, PUBLISHER, MANAGER}),
    "look_at_mention": WRITERS | {MANAGER, ADMIN},
    "enter_price": frozenset({ADMIN, MANAGER}),
    "write_case": frozenset({ADMIN, MANAGER}),
    "open_channel": frozenset({ADMIN, MANAGER}),
    "see_keys": frozenset({ADMIN, MANAGER}),
    "keep_keys": frozenset({ADMIN}),
    "review_channels": frozenset({ADMIN, MANAGER}),
    "stop_publishing": frozenset({ADMIN, PUBLISHER, MANAGER, APPROVER}),
    "resume_publishing": frozenset({ADMIN, MANAGER}),
    # calendar
    "see_calendar": EVERYONE,
    "write_post": WRITERS | {CONTRIBUTOR},
    "schedule_post": frozenset({PUBLISHER}),
    "cancel_post": frozenset({PUBLISHER}),
    "approve_post": frozenset({APPROVER}),
    "remark_on_post": WRITERS | {CONTRIBUTOR, APPROVER, MANAGER},
    "decide_delivery": frozenset({PUBLISHER}),
    "delete_post": frozenset({PUBLISHER}),
    "see_receipts": DESK,
    "see_corrections": DESK,
    "correct_post": frozenset({PUBLISHER}),
    "see_ideas": WRITERS | {CONTRIBUTOR, APPROVER, MANAGER},
    "send_idea": WRITERS | {CONTRIBUTOR},
    "judge_idea": WRITERS,
    "see_contributors": WRITERS | {CONTRIBUTOR, APPROVER, MANAGER},
    "set_rhythm": frozenset({PUBLISHER, MANAGER, ADMIN}),
    "change_dates": frozenset({PUBLISHER, MANAGER, ADMIN}),
    "see_media": EVERYONE,
    "upload_media": WRITERS | {CONTRIBUTOR},
    "withdraw_consent": WRITERS | {CONTRIBUTOR, MANAGER, RECORDS},
    "change_links": frozenset({MANAGER, ADMIN}),
    "plan_campaign": WRITERS | {MANAGER},
    "share_kit": frozenset({PUBLISHER, MANAGER}),
    # inbox
    "see_inbox": DESK,
    "answer": WRITERS,
    "assign": WRITERS | {MANAGER},
    "note": WRITERS | {APPROVER, MANAGER},
    "close": WRITERS,
    "settle_request": WRITERS | {APPROVER, MANAGER, RECORDS},
    "approve_reply": frozenset({APPROVER}),
    "explain_miss": WRITERS | {MANAGER},
    "set_response_promise": frozenset({MANAGER, ADMIN}),
    "set_acknowledgement": frozenset({MANAGER, ADMIN}),
    "keep_saved_reply": WRITERS | {MANAGER, ADMIN},
    "share_saved_reply": frozenset({PUBLISHER, MANAGER, ADMIN}),
    "decide_answer": DESK,
    "answer_handed": EVERYONE,
    "choose_answer": WRITERS | {APPROVER},
    "see_rules": DESK,
    "change_rules": frozenset({MANAGER, ADMIN}),
    # listening
    "see_listening": DESK,
    "keep_watch": frozenset({MANAGER, ADMIN}),
    "take_hit": WRITERS | {MANAGER},
    "see_own_watch": EVERYONE,
    # evidence
    "see_measures": DESK,
    "see_objectives": DESK,
    "set_objective": frozenset({MANAGER, ADMIN}),
    "bring_in_figures": frozenset({MANAGER, ADMIN}),
    "draw_sample": frozenset({MANAGER, ADMIN}),
    "keep_paid": frozenset({PUBLISHER, MANAGER}),
    "code_sample": WRITERS | {APPROVER, MANAGER},
    "read_report": DESK,
    "sign_report": frozenset({MANAGER}),
    "log_change": frozenset({PUBLISHER, MANAGER}),
    # policy
    "see_policy": EVERYONE,
    "change_voice": frozenset({MANAGER, ADMIN}),
    "override_check": WRITERS,
    "see_checks": frozenset({APPROVER, MANAGER, RECORDS, ADMIN}),
    "write_policy": frozenset({MANAGER, ADMIN}),
    "approve_policy": frozenset({MANAGER, ADMIN}),
    "set_up": frozenset({ADMIN}),
    "see_incidents": DESK,
    "log_incident": WRITERS | {APPROVER, MANAGER, ADMIN},
    # modes
    "see_emergency": DESK,
    "issue_emergency": frozenset({PUBLISHER, ADMIN}),
    "end_emergency": frozenset({PUBLISHER, MANAGER, ADMIN}),
    "note_rumour": WRITERS | {APPROVER, MANAGER, ADMIN},
    "plan_emergency": frozenset({MANAGER, ADMIN}),
    "set_mode": frozenset({MANAGER, ADMIN}),
    "permit_exception": frozenset({APPROVER, MANAGER}),
    "do_mode_task": WRITERS | {MANAGER, ADMIN},
    "change_final_say": frozenset({MANAGER, ADMIN}),
    "review_pack": frozenset({MANAGER, ADMIN}),
    # training
    "take_training": EVERYONE,
    "see_training": frozenset({ADMIN, MANAGER}),
    "change_training": frozenset({ADMIN, MANAGER}),
    # people who leave, and the audit trail
    "see_departures": frozenset({ADMIN, MANAGER}),
    "keep_departures": frozenset({ADMIN}),
    "end_sessions": frozenset({ADMIN}),
    "see_audit": frozenset({ADMIN, MANAGER, RECORDS}),
    "change_sign_in": frozenset({ADMIN}),
    # settings
    "see_settings": frozenset({ADMIN, MANAGER}),
    "change_settings": frozenset({ADMIN}),
    "change_lists": frozenset({ADMIN, MANAGER}),
    "see_people": frozenset({ADMIN, MANAGER}),
    "invite": frozenset({ADMIN}),
    "grant": frozenset({ADMIN}),
    "disable_person": frozenset({ADMIN}),
    "reset_password": frozenset({ADMIN}),
    "run_parley": frozenset({ADMIN}),
}

# Acts that concern the whole town: a right over single channels does not include them, or whoever administers one
# channel could give themselves every other. Stopping all publishing is not among them: it must be easy.
WHOLE = frozenset(
    {
        "change_rules",
        "keep_watch",
        "change_links",
        "set_response_promise",
        "set_acknowledgement",
        "share_saved_reply",
        "change_voice",
        "add_channel",
        "enter_price",
        "see_keys",
        "keep_keys",
        "review_channels",
        "resume_publishing",
        "set_objective",
        "bring_in_figures",
        "draw_sample",
        "keep_paid",
        "read_report",
        "sign_report",
        "log_change",
        "change_dates",
        "write_policy",
        "approve_policy",
        "set_up",
        "end_emergency",
        "plan_emergency",
        "set_mode",
        "change_final_say",
        "review_pack",
        "change_settings",
        "change_lists",
        "invite",
        "grant",
        "disable_person",
        "reset_password",
        "run_parley",
        "change_training",
        "keep_departures",
        "end_sessions",
        "see_audit",
        "change_sign_in",
    }
)

# Acts that put words before the public or sign them: whoever owes a training has the role, but not the key.
# Deciding what became of a delivery and taking something down stay open: they repair, and publish nothing new.
KEYS = frozenset({"schedule_post", "answer", "approve_post", "approve_reply"})

# Routes that need no sign-in, by name. They are the only ones that carry `login_not_required`.
PUBLIC = frozenset(
    {
        "account_login",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "accounts:accept-invitation",
        "accounts:town-sign-in",
        "accounts:town-back",
        "accounts:town-sign-out",
        "channels:media-file",
        "plan:feed",
        "calendar:public-corrections",
        "short-link",
        "webhook",
        "open-kit",
        "news-feed",
        "news-picture",
        "policy:public",
        "health-live",
        "health-ready",
        "health-deep",
        "health-metrics",
    }
)
# Routes about one's own account: whoever is signed in may use them, with or without a role.
SIGNED_IN = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_remove_webauthn",
        "mfa_reauthenticate_webauthn",
        "usersessions_list",
        "accounts:profile",
        "accounts:theme",
        "accounts:mail-choices",
        "accounts:identities",
        "accounts:connect-identity",
        "accounts:disconnect-identity",
        "desk:help",
        "desk:help-page",
    }
)


def person(request: HttpRequest) -> User:
    """Who asks; only behind a sign-in."""
    return cast(User, request.user)


class Held(NamedTuple):
    """One right of a person now: the role, over which scope (None: everything), and what keeps its keys away."""

    role: str
    where: int | None
    lapses: tuple[gate.Lapse, ...]


class Untrained(NotAllowed):
    """The role includes it, the training does not; `url` and `link` lead to the cure."""

    def __init__(self, lapses: list[gate.Lapse]) -> None:
        more = f" Besides that: {' '.join(one.words for one in lapses[1:])}" if lapses[1:] else ""
        super().__init__(lapses[0].words + more, next_step="Until then a trained colleague can do it for you.")
        self.url, self.link = lapses[0].url, lapses[0].link


def roles_of(user: User, now: datetime, scope: Scope | None = None) -> frozenset[str]:
    """The roles a person has now: over `scope` (general grants included), or anywhere when no scope is named."""
    return frozenset(one.role for one in held(user, now) if scope is None or one.where in {None, scope.pk})


def held(user: User, now: datetime) -> list[Held]:
    """The person's rights, with what is owed for each, in one query; none where `remember` has read them already."""
    if not user.is_authenticated or not user.is_active:
        return []
    known = getattr(user, "grants_read_at", None)
    if known and known[0] == now:
        return cast("list[Held]", known[1])
    return [Held(*right) for right in gate.rights_of(user, now)]


def remember(user: User, now: datetime) -> None:
    """Read the person's grants once for everything asked with this very `now`; for the one request it came with."""
    user.grants_read_at = (now, held(user, now))  # type: ignore[attr-defined]


def may(user: User, act: str, now: datetime, scope: Scope | None = None) -> bool:
    """Whether this person may do this act on things of this scope (anywhere at all, when no scope is named)."""
    places = places_for(user, act, now)
    return places is None or (bool(places) if scope is None else scope.pk in places)


def require(user: User, act: str, now: datetime, scope: Scope | None = None) -> None:
    """Raise NotAllowed unless `may(…)`."""
    if may(user, act, now, scope):
        return
    if not roles_of(user, now):
        raise NotAllowed(
            "You have no role yet, so nothing here is open to you but your own account.",
            next_step="Ask an administrator to give you a role.",
        )
    owed = hindrances(user, act, now, scope)
    if owed:
        raise Untrained(owed)
    raise NotAllowed(
        f"Your role does not include this: {act.replace('_', ' ')}.",
        next_step="Ask an administrator for the right, or a colleague who has it.",
    )


def hindrances(user: User, act: str, now: datetime, scope: Scope | None = None) -> list[gate.Lapse]:
    """What alone keeps the person from an act their role includes; nothing where they may, or have no such role."""
    if may(user, act, now, scope):
        return []
    rows = [one for one in held(user, now) if one.role in ACTS[act] and (not scope or one.where in {None, scope.pk})]
    fewest = min(rows, key=lambda one: len(one.lapses), default=None)
    return list(fewest.lapses) if fewest else []


def lapses_of(user: User, now: datetime) -> list[gate.Lapse]:
    """Everything that keeps keys of this person away, each once; nothing for roles that carry none."""
    roles = frozenset().union(*(ACTS[act] for act in KEYS))
    return list(dict.fromkeys(lapse for one in held(user, now) if one.role in roles for lapse in one.lapses))


def why_not(user: User, act: str, now: datetime, scope: Scope | None = None) -> str:
    """What is to be said of a person who may not do it any more, after their name."""
    owed = hindrances(user, act, now, scope)
    return owed[0].about if owed else "may no longer publish here"


def places_for(user: User, act: str, now: datetime) -> list[int] | None:
    """The scopes over which this person may do `act`, as row ids; None means everywhere."""
    keys = act in KEYS
    places = {one.where for one in held(user, now) if one.role in ACTS[act] and not (keys and one.lapses)}
    if None in places:
        return None
    return [] if act in WHOLE else sorted(where for where in places if where is not None)


def scopes_for(user: User, act: str, now: datetime) -> Q:
    """A condition on `scope` for the rows this person may do `act` on: everything, some scopes, or nothing."""
    places = places_for(user, act, now)
    return Q() if places is None else Q(scope__in=places)


def who_may(act: str, now: datetime, scope: Scope | None = None, *, keys: bool = True) -> QuerySet[User]:
    """The active people who may do `act` (or who have the role of that name) over `scope`.

    Without `keys`, those whose training has lapsed are among them: they are to be told, though they may not act.
    """
    roles = ACTS.get(act) or frozenset({act}) & EVERYONE
    if not roles:
        raise KeyError(act)
    rights: QuerySet[Grant] = Grant.objects.current(now).filter(role__in=roles)
    if act in WHOLE:
        rights = rights.filter(scope=None)
    elif scope is not None:
        rights = rights.filter(Q(scope=None) | Q(scope=scope))
    if keys and act in KEYS:
        rights = gate.without_lapses(rights, now)
    return User.objects.filter(is_active=True, pk__in=rights.values("user"))


def allow(act: str) -> Callable[[View], View]:
    """Mark a view as one act and refuse those without it. `request.now` is read once by the desk's middleware."""
    if act not in ACTS:
        raise KeyError(act)

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            user, now = cast(User, request.user), request.now  # type: ignore[attr-defined]
            remember(user, now)
            require(user, act, now)
            return view(request, *args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        return cast(View, guarded)

    return wrap
