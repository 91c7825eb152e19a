"""Every page there is: each route of the desk with the person who may open it, or the reason why it is no page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.browser.desk import Desk

CONVERSATION = "SELECT key FROM engagement_conversation WHERE state = 'open' AND NOT private ORDER BY last_at LIMIT 1"
POST = "SELECT key FROM calendar_app_post WHERE dropped_at IS NULL ORDER BY id LIMIT 1"
DRAFT = (
    "SELECT o.key FROM calendar_app_post o JOIN calendar_app_placement p ON p.post_id = o.id "
    "WHERE o.dropped_at IS NULL AND p.state = 'draft' ORDER BY o.id LIMIT 1"
)
COMING = (
    "SELECT o.key FROM calendar_app_post o JOIN calendar_app_placement p ON p.post_id = o.id "
    "JOIN channels_app_delivery d ON d.id = p.delivery_id WHERE d.state = 'scheduled' ORDER BY d.due_at DESC LIMIT 1"
)
PUBLISHED = (
    "SELECT p.key FROM calendar_app_placement p JOIN channels_app_delivery d ON d.id = p.delivery_id "
    "WHERE d.state = 'published' ORDER BY p.id LIMIT 1"
)
IDEA = (
    "SELECT o.key FROM calendar_app_post o JOIN accounts_user u ON u.id = o.author_id "
    "WHERE u.email LIKE 'lena@%' LIMIT 1"
)
PART = "SELECT o.key FROM calendar_app_post o JOIN calendar_app_seriespart s ON s.post_id = o.id WHERE s.n = 2 LIMIT 1"
SERIES = "SELECT key FROM calendar_app_series ORDER BY id LIMIT 1"
TAKEN, CHECKED, MADE = (
    f"SELECT key FROM calendar_app_import WHERE state = '{state}' ORDER BY id LIMIT 1"
    for state in ("new", "checked", "made")
)
SENT_IN = "SELECT key FROM calendar_app_idea WHERE state = 'sent' ORDER BY id LIMIT 1"
CHANNEL = "SELECT key FROM channels_app_channel ORDER BY id LIMIT 1"
OBJECTIVE = "SELECT key FROM policy_objective ORDER BY id LIMIT 1"
MODULE = "SELECT key FROM accounts_trainingmodule ORDER BY place LIMIT 1"
ATTEMPT = (
    "SELECT a.key FROM accounts_trainingattempt a JOIN accounts_user u ON u.id = a.user_id "
    "WHERE u.email LIKE 'tom@%' ORDER BY a.id LIMIT 1"
)
DEPARTURE = "SELECT key FROM accounts_departure ORDER BY finished_at NULLS FIRST LIMIT 1"
WARNING = "SELECT key FROM calendar_app_emergencymessage WHERE state = 'sent' ORDER BY id LIMIT 1"
PRACTISED = "SELECT key FROM policy_modespan WHERE mode = 'emergency' ORDER BY id LIMIT 1"
ELECTION = "SELECT key FROM policy_modespan WHERE mode = 'election' ORDER BY id LIMIT 1"
OPEN_INCIDENT = "SELECT key FROM policy_incident WHERE settled_at IS NULL ORDER BY id LIMIT 1"
SETTLED_INCIDENT = "SELECT key FROM policy_incident WHERE settled_at IS NOT NULL ORDER BY id LIMIT 1"
SAY = "SELECT key FROM policy_finalsay ORDER BY id LIMIT 1"
POSITION = "SELECT key FROM policy_position WHERE ends_at IS NULL LIMIT 1"
PICTURE = "SELECT key FROM channels_app_media WHERE state = 'ready' ORDER BY name = 'youth.png' DESC, id LIMIT 1"
CAMPAIGN = "SELECT key FROM calendar_app_campaign WHERE name = 'Winter ready'"
NOTICE = "SELECT key FROM calendar_app_notice ORDER BY id LIMIT 1"
AUDIENCE = "SELECT key FROM calendar_app_audience ORDER BY id LIMIT 1"
KIT = "SELECT key FROM calendar_app_sharekit ORDER BY id LIMIT 1"
ASSET = "SELECT key FROM calendar_app_asset WHERE kind = 'video' LIMIT 1"
SERVICE = "SELECT key FROM channels_app_servicelink ORDER BY id LIMIT 1"
PERSON = "SELECT key FROM accounts_user WHERE email LIKE 'tom@%'"


@dataclass(frozen=True)
class Page:
    """`keys`: for each part of the address a question to the desk's database, or the part itself. `phone`: also looked
    at with axe as narrow as a phone; without `frame` it stands alone."""

    who: str = "publisher"
    keys: tuple[tuple[str, str], ...] = ()
    query: str = ""
    phone: bool = False
    frame: bool = True

    def address(self, name: str, desk: Desk) -> str:
        found = {key: desk.one(said) if said.startswith("SELECT") else said for key, said in self.keys}
        assert all(found.values()), f"nothing in the trial for {name}: {found}"
        return reverse(name, kwargs=found) + self.query


def keyed(question: str, who: str = "publisher", **more: Any) -> Page:
    return Page(who, (("key", question),), **more)


PAGES: dict[str, list[Page]] = {
    "desk:today": [Page(phone=True), Page("manager"), Page("contributor"), Page("records officer")],
    "desk:working": [Page("administrator", phone=True), Page("contributor")],
    "desk:search": [Page(query="?q=bin", phone=True), Page(query="?q=xyzzyx")],
    "desk:help": [Page(phone=True), Page("administrator")],
    "desk:help-page": [Page(keys=(("name", name),), phone=True) for name in ("publishing", "emergency")],
    "desk:help-running": [
        Page("administrator", (("name", name),), phone=name == "backups")
        for name in ("backups", "restoring", "monitoring", "copies", "upgrading")
    ],
    "desk:lists": [Page("administrator"), Page("manager")],
    "desk:checks-month": [Page("manager", phone=True), Page("manager", query="?rows=1&end=fired")],
    "desk:drift": [Page("manager", phone=True)],
    "desk:my-writing": [Page(phone=True), Page("administrator")],
    "desk:trust": [Page("manager", phone=True)],
    "desk:arrived": [Page("publisher", phone=True)],
    "desk:set-up-step": [
        Page("administrator", (("name", name),), phone=name in {"hours", "colleague"})
        for name in ("town", "hours", "pack", "mail", "policy", "colleague", "channel")
    ],
    "desk:set-up-end": [Page("administrator", phone=True)],
    "desk:sign-off": [Page("approver", phone=True), Page("officer")],
    "accounts:profile": [Page(phone=True)],
    "accounts:notifications": [Page(phone=True), Page("administrator")],
    "accounts:mailbox": [Page("administrator")],
    "accounts:settings": [Page("administrator", phone=True), Page("manager")],
    "accounts:mail-settings": [Page("administrator")],
    "accounts:training": [Page("officer", phone=True), Page("approver"), Page("untrained", phone=True)],
    "accounts:take-training": [keyed(MODULE, "officer", phone=True)],
    "accounts:training-attempt": [keyed(ATTEMPT, "officer")],
    "accounts:mail-choices": [Page("officer", phone=True), Page(query="?stop=day")],
    "accounts:departures": [Page("administrator", phone=True), Page("manager")],
    "accounts:departure": [keyed(DEPARTURE, "administrator", phone=True), keyed(DEPARTURE, "manager")],
    "accounts:grid": [Page("administrator", phone=True), Page("manager", query="?may=answer")],
    "accounts:identity": [Page("administrator", phone=True)],
    "accounts:identities": [Page("officer")],
    "accounts:audit": [Page("records officer", phone=True), Page("administrator", query="?words=tom&act=granted"),
                       Page("manager", query="?words=xyzzyx")],
    "accounts:skills": [Page("manager", phone=True), Page("administrator", query="?show=gaps&role=officer")],
    "accounts:modules": [Page("administrator", phone=True)],
    "accounts:new-training": [Page("manager")],
    "accounts:edit-training": [keyed(MODULE, "administrator", phone=True)],
    "accounts:people": [Page("administrator", phone=True)],
    "accounts:invite": [Page("administrator")],
    "accounts:person": [keyed(PERSON, "administrator"), keyed(PERSON, "manager")],
    "channels:list": [Page(phone=True), Page("administrator")],
    "channels:choose-platform": [Page("administrator")],
    "channels:connect-channel": [Page("administrator", (("platform", one),)) for one in ("x", "facebook", "mastodon")],
    "channels:channel": [keyed(CHANNEL, "administrator", phone=True), keyed(CHANNEL)],
    "channels:reconnect-channel": [keyed(CHANNEL, "administrator")],
    "calendar:month": [Page(phone=True), Page(query="?view=agenda", phone=True), Page("contributor"),
                       Page(query="?view=week", phone=True), Page(query="?select=1&kind=event&state=scheduled")],
    "calendar:dates": [Page(phone=True), Page("officer")],
    "calendar:edit-date": [Page(keys=(("pk", "SELECT id::text FROM policy_civicdate ORDER BY day LIMIT 1"),))],
    "calendar:rhythm": [Page(phone=True), Page("officer")],
    "calendar:topics": [Page("manager", phone=True), Page()],
    "calendar:new-topic": [Page("manager")],
    "calendar:edit-topic": [Page("manager", (("pk", "SELECT id::text FROM policy_topic ORDER BY id LIMIT 1"),))],
    "calendar:balance": [Page("manager", phone=True), Page()],
    "calendar:balance-rows": [Page("manager", (("which", "about-us"),), phone=True)],
    "calendar:day": [Page(keys=(("day", "2026-11-20"),))],
    "calendar:drafts": [Page(phone=True)],
    "calendar:new-post": [Page(phone=True), Page("contributor")],
    "calendar:post": [keyed(POST, phone=True), keyed(COMING), keyed(DRAFT), keyed(PART),
                      keyed(IDEA, "contributor")],
    "calendar:edit-post": [keyed(DRAFT, phone=True), keyed(COMING)],
    "calendar:versions": [keyed(POST), keyed(POST, query="?compare=1")],
    "calendar:publish-post": [keyed(DRAFT), keyed(COMING)],
    "calendar:move-post": [keyed(COMING)],
    "calendar:decide": [keyed(PUBLISHED)],
    "plan:ways": [Page(phone=True), Page("contributor"), Page("manager")],
    "plan:print": [Page(phone=True)],
    "plan:imports": [Page(phone=True)],
    "plan:import": [keyed(TAKEN, phone=True), keyed(CHECKED, phone=True), keyed(MADE)],
    "series:list": [Page(phone=True), Page("manager")],
    "series:series": [keyed(SERIES, phone=True), keyed(SERIES, "manager")],
    "series:new": [keyed(DRAFT, phone=True)],
    "calendar:delete-post": [keyed(PUBLISHED, phone=True)],
    "calendar:correct-post": [keyed(PUBLISHED, phone=True)],
    "calendar:receipts": [Page(phone=True), Page("manager", query="?show=whole")],
    "calendar:corrections": [Page(phone=True), Page("manager")],
    "calendar:public-corrections": [Page("", phone=True, frame=False)],
    "calendar:ideas": [Page(phone=True), Page("contributor", phone=True)],
    "calendar:send-idea": [Page("contributor", phone=True)],
    "calendar:idea": [keyed(SENT_IN, phone=True), keyed(SENT_IN, "contributor", phone=True)],
    "calendar:contributors": [Page(phone=True), Page("contributor")],
    "calendar:contributor-card": [Page("contributor")],
    "media:library": [Page(phone=True), Page(query="?q=xyzzyx"), Page("contributor")],
    "media:picture": [keyed(PICTURE, phone=True), keyed(PICTURE, "manager")],
    "campaigns:all": [Page(phone=True)],
    "campaigns:campaign": [keyed(CAMPAIGN, phone=True), keyed(CAMPAIGN, "contributor")],
    "campaigns:notice": [keyed(NOTICE)],
    "campaigns:audiences": [Page(phone=True)],
    "campaigns:reach": [keyed(AUDIENCE)],
    "campaigns:new-kit": [keyed(CAMPAIGN)],
    "campaigns:kit": [keyed(KIT, phone=True)],
    "production:board": [Page(phone=True)],
    "production:new-asset": [Page()],
    "production:asset": [keyed(ASSET, phone=True)],
    "links:links": [Page("manager", phone=True), Page()],
    "links:services": [Page("manager", phone=True)],
    "links:service": [keyed(SERVICE, "manager")],
    "emergency:now": [Page(phone=True), Page("officer"), Page("administrator")],
    "emergency:message": [keyed(WARNING, phone=True)],
    "emergency:frozen": [Page()],
    "emergency:rumours": [Page(phone=True), Page("approver")],
    "emergency:alerts": [Page(), Page("manager")],
    "emergency:plan": [Page("administrator", phone=True), Page()],
    "emergency:chronology": [keyed(PRACTISED, phone=True)],
    "modes:all": [Page("manager", phone=True), Page("contributor")],
    "modes:plan": [Page("manager")],
    "modes:names": [Page("manager", phone=True), Page()],
    "modes:mode": [keyed(ELECTION, "manager", phone=True), keyed(ELECTION)],
    "policy:final-say": [Page("manager", phone=True), Page(query="?subject=Planning&at=2026-11-03T21:10")],
    "policy:name-final-say": [Page("manager")],
    "policy:final-say-history": [keyed(SAY)],
    "policy:change-final-say": [keyed(SAY, "manager")],
    "policy:incidents": [Page(phone=True), Page("records officer")],
    "policy:log-incident": [Page("approver")],
    "policy:incident": [keyed(OPEN_INCIDENT, phone=True), keyed(SETTLED_INCIDENT, "records officer")],
    "policy:amend-incident": [keyed(SETTLED_INCIDENT, "manager")],
    "policy:pack": [Page("manager", phone=True), Page(query="?pack=wales"), Page(query="?pack=us&on=2026-04-19")],
    "voice:profile": [Page(phone=True), Page("manager")],
    "voice:change-profile": [Page("manager", phone=True)],
    "voice:versions": [Page()],
    "voice:lists": [Page("manager", phone=True)],
    "voice:list": [Page("manager", (("name", "banned"),)), Page(keys=(("name", "contacts"),))],
    "voice:checks": [Page("manager", phone=True), Page()],
    "voice:positions": [Page("manager", phone=True)],
    "voice:new-position": [Page("manager")],
    "voice:change-position": [keyed(POSITION, "manager")],
    "inbox:queue": [Page(phone=True), Page(query="?tab=done"), Page(query="?tab=waiting"), Page("manager")],
    "inbox:conversation": [keyed(CONVERSATION, phone=True), keyed(CONVERSATION, query="?show=context"),
                           keyed(CONVERSATION, "approver")],
    "inbox:assign": [keyed(CONVERSATION)],
    "inbox:close": [keyed(CONVERSATION)],
    "inbox:label": [keyed(CONVERSATION)],
    "measures:objectives": [Page("manager", phone=True), Page()],
    "measures:new-objective": [Page("manager")],
    "measures:objective": [keyed(OBJECTIVE, "manager", phone=True)],
    "measures:set-objective": [keyed(OBJECTIVE, "manager")],
    "policy:permitted": [Page("manager", phone=True), Page("officer")],
    "policy:ask": [
        Page(query="?ask=photo+of+child&open=1", phone=True),
        Page(query="?ask=xyzzyx"),
        Page("contributor"),
    ],
    "policy:clause": [Page(keys=(("guide", "policy"), ("anchor", "photos-of-children")))],
    "policy:signing-rules": [Page("manager", phone=True), Page()],
    "policy:choices": [Page("manager", phone=True), Page("officer")],
    "policy:public": [Page("", (("guide", "policy"),), phone=True, frame=False)],
    "policy:guide": [Page(keys=(("guide", one),), phone=one == "policy") for one in ("policy", "voice")]
    + [Page("manager", (("guide", "policy"),))],
    "policy:versions": [Page(keys=(("guide", "policy"),))],
    "policy:version": [Page("manager", (("guide", "policy"), ("number", one))) for one in ("1", "2")],
    "policy:readers": [Page("manager", (("guide", "policy"),))],
    "policy:draft": [Page("manager", (("guide", "voice"),), phone=True)],
    "policy:new-clause": [Page("manager", (("guide", "voice"),))],
    "policy:edit-clause": [Page("manager", (("guide", "voice"), ("anchor", "emoji")), phone=True)],
    "policy:handbook": [Page(phone=True), Page("contributor"), Page("manager")],
    "account_login": [Page("", phone=True), Page("", query="?over=1")],
    "account_inactive": [Page("")],
    "account_reset_password": [Page("")],
    "account_reset_password_done": [Page("")],
    "account_reset_password_from_key_done": [Page("")],
    "account_reauthenticate": [Page("administrator", frame=False)],
    "account_change_password": [Page()],
    "mfa_index": [Page()],
    "mfa_list_webauthn": [Page()],
    "usersessions_list": [Page()],
    "styleguide": [Page()],
    "styleguide-page": [
        Page(keys=(("name", name),))
        for name in ("calendar", "composer", "elements", "forms", "inbox", "lists", "numbers", "settings", "signoff",
                     "states", "today", "words")
    ],
}  # fmt: skip

# Reached only by doing something first; `test_ways_in.py` and the last story do it and look at each.
ON_THE_WAY = {
    "emergency:write", "emergency:switch-off", "calendar:moving",
    "open-kit",
    "accounts:accept-invitation", "account_reset_password_from_key", "account_logout",
    "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn",
}  # fmt: skip

NO_PAGES = {
    "policy:export": "a file",
    "short-link": "leads on to where the desk said",
    "desk:set-up": "leads to the first step that is not done",
    "health-live": "an answer for machines",
    "health-ready": "an answer for machines",
    "health-deep": "an answer for machines",
    "health-metrics": "an answer for machines",
    "emergency:cap": "a file for other systems",
    "desk:frame": "a fragment of the frame of every page",
    "accounts:mail-tests": "a fragment of the mail settings",
    "channels:trial": "a fragment of a channel's page",
    "plan:export": "a table for a spreadsheet",
    "plan:bad-rows": "a table for a spreadsheet",
    "plan:progress": "a fragment of the page of an import",
    "plan:feed": "a file for calendar programs",
    "calendar:corrections-table": "a table for a spreadsheet",
    "policy:incidents-table": "a table for a spreadsheet",
    "calendar:post-states": "a fragment of a post's page",
    "calendar:decide-part": "the page of calendar:decide for a part, of which the trial has none that waits",
    "channels:media-file": "a picture",
    "inbox:decide": "the form of inbox:close with other fields, there only while nobody knows whether an answer is out",
    "accounts:town-sign-in": "leads on to the town's own sign-in",
    "accounts:town-back": "where the town's own sign-in sends people back to",
    "accounts:town-sign-out": "leads on to the town's own sign-in",
    "accounts:connect-identity": "leads on to the town's own sign-in",
    "accounts:audit-table": "a table for a spreadsheet",
    "mfa_login_webauthn": "the browser's question whom a passkey may let in",
    "accounts:rights-table": "a table for a spreadsheet",
    "accounts:skills-table": "a table for a spreadsheet",
    "measures:objective-weeks": "a table for a spreadsheet",
    "voice:export-lists": "a text file",
    "desk:checks-month-csv": "a table for a spreadsheet",
}

ACTS = {
    "calendar:set-comment-window", "calendar:drop-comment-window", "desk:close-comments",
    "media:add", "media:add-consent", "media:withdraw-consent", "media:put-away", "media:take-up", "media:put-into",
    "campaigns:put-audience-away", "campaigns:add-activity", "campaigns:add-notice", "campaigns:complete",
    "campaigns:settle-activity", "campaigns:drop-notice", "campaigns:give-kit", "production:move-asset",
    "links:set-scheme", "links:set-marks", "links:add-service", "links:put-service-away",
    "voice:import-lists", "voice:change-list", "voice:try-checks", "voice:change-rule", "voice:end-position",
    "emergency:switch-on", "emergency:decide", "emergency:note-rumour", "emergency:settle-rumour",
    "emergency:take-alert", "emergency:set-plan", "emergency:add-issuer", "emergency:end-issuer", "modes:add-name",
    "modes:put-name-away", "modes:mark-picture", "modes:set-rules", "modes:end", "modes:exempt", "modes:withdraw",
    "modes:do-task", "policy:be-away", "policy:be-back", "policy:end-final-say", "policy:review-pack",
    "plan:renew-feed", "plan:revoke-feed", "plan:take-file", "plan:check", "plan:make", "plan:change", "plan:discard",
    "plan:undo", "series:stop", "series:schedule", "series:carry", "series:link",
    "desk:choose-pack", "desk:add-to-list", "desk:put-away", "desk:take-down",
    "desk:way-round",
    "accounts:ship-training", "accounts:put-away-training", "accounts:set-practice-desk",
    "accounts:end-sessions", "accounts:add-native-role", "accounts:end-native-role", "accounts:rehearse",
    "accounts:tick-departure",
    "accounts:preview-rights", "accounts:change-rights", "accounts:undo-rights",
    "accounts:disconnect-identity", "accounts:try-identity", "accounts:add-claim-rule", "accounts:drop-claim-rule",
    "accounts:verify-audit",
    "accounts:theme", "accounts:read-notifications", "accounts:open-notification",
    "accounts:send-test-mail", "accounts:take-back-invitation", "accounts:grant-role", "accounts:end-grant",
    "accounts:make-reset-link", "accounts:disable-person", "accounts:enable-person", "channels:stop-publishing",
    "channels:resume-publishing", "channels:try-channel", "channels:pause-channel", "channels:resume-channel",
    "channels:outside-editors", "channels:disconnect-channel", "calendar:look", "calendar:attend",
    "calendar:send-part-again", "calendar:use-version",
    "calendar:schedule-post", "calendar:cancel-post", "calendar:drop-post", "calendar:take-up-post",
    "calendar:withdraw-post", "calendar:edit-and-approve-post", "calendar:remark-on-post", "calendar:take-change-back",
    "calendar:send-signed", "calendar:clone-post", "calendar:attach-link", "calendar:read-again",
    "calendar:choose-workaround", "calendar:add-idea-photo", "calendar:take-up-idea", "calendar:decline-idea",
    "policy:add-signing-rule", "policy:end-signing-rule", "policy:settle-incident",
    "policy:acknowledge", "policy:remind", "policy:adopt", "policy:begin-draft",
    "calendar:move-many", "calendar:undo-move", "calendar:add-date", "calendar:remove-date",
    "calendar:take-over-holidays", "calendar:add-slots", "calendar:remove-slot", "calendar:set-cadence",
    "calendar:set-limits",
    "policy:ask-approval", "policy:back-to-draft", "policy:drop-draft", "policy:approve-guide",
    "policy:remove-clause", "policy:move-clause", "desk:set-up-mail-test", "policy:permit", "policy:narrow",
    "policy:widen",
    "calendar:approve-post", "calendar:send-back-post", "calendar:look-again", "inbox:look-again",
    "calendar:send-again", "inbox:reply", "inbox:draft",
    "inbox:approve-reply", "inbox:send-back-reply", "inbox:withdraw", "inbox:take", "inbox:reopen", "inbox:wait",
    "inbox:note",
}  # fmt: skip

Visit = tuple[str, Page]
VISITS: list[Visit] = [(name, page) for name, pages in PAGES.items() for page in pages]


def title(visit: Visit) -> str:
    name, page = visit
    parts = [value for _, value in page.keys if not value.startswith("SELECT")]
    return "-".join([name, page.who or "stranger", *parts]) + page.query
