"""Who may do what, written down by hand: the table that the code is held against. A new route gets a line here.

C contributor, O officer, P publisher, A approver, M manager, R records officer, D administrator.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.security import (
    access_channels,
    access_deciding,
    access_listening,
    access_measures,
    access_promises,
    access_queue,
    access_replies,
    access_response,
)
from tests.security.access_calendar import CALENDAR
from tests.security.access_campaigns import CAMPAIGNS
from tests.security.access_media import MEDIA
from tests.security.access_people import PEOPLE
from tests.security.access_plan import PLAN
from tests.security.access_policy import POLICY

INBOX = (
    access_channels,
    access_queue,
    access_response,
    access_replies,
    access_deciding,
    access_promises,
    access_listening,
    access_measures,
)

ROLES = {
    "C": "contributor",
    "O": "officer",
    "P": "publisher",
    "A": "approver",
    "M": "manager",
    "R": "records_officer",
    "D": "administrator",
}

# act                 roles     town: a right over one channel is not enough
ACTS = """
see_today             COPAMRD
see_notifications     COPAMRD
see_styleguide        COPAMRD
see_mailbox           COPAMRD
see_search            COPAMRD
see_signoff           .OPAM..
see_channels          .OPAMRD
add_channel           ......D   town
connect_channel       ......D
pause_channel         ..P.M.D
look_at_profile       ..P.M.D
stop_publishing       ..PAM.D
resume_publishing     ....M.D   town
see_calendar          COPAMRD
write_post            COP....
schedule_post         ..P....
cancel_post           ..P....
approve_post          ...A...
decide_delivery       ..P....
delete_post           ..P....
set_rhythm            ..P.M.D
change_dates          ..P.M.D   town
see_media             COPAMRD
upload_media          COP....
withdraw_consent      COP.MR.
change_links          ....M.D   town
plan_campaign         .OP.M..
share_kit             ..P.M..
see_inbox             .OPAMRD
answer                .OP....
assign                .OP.M..
note                  .OPAM..
close                 .OP....
approve_reply         ...A...
see_measures          .OPAMRD
see_objectives        .OPAMRD
set_objective         ....M.D   town
see_policy            COPAMRD
see_incidents         .OPAMRD
log_incident          .OPAM.D
change_voice          ....M.D   town
override_check        .OP....
see_checks            ...AMRD
write_policy          ....M.D   town
approve_policy        ....M.D   town
set_up                ......D   town
see_emergency         .OPAMRD
issue_emergency       ..P...D
end_emergency         ..P.M.D   town
note_rumour           .OPAM.D
plan_emergency        ....M.D   town
set_mode              ....M.D   town
permit_exception      ...AM..
do_mode_task          .OP.M.D
change_final_say      ....M.D   town
review_pack           ....M.D   town
see_settings          ....M.D
change_settings       ......D   town
change_lists          ....M.D   town
see_people            ....M.D
invite                ......D   town
grant                 ......D   town
disable_person        ......D   town
reset_password        ......D   town
take_training         COPAMRD
see_training          ....M.D
change_training       ....M.D   town
see_departures        ....M.D
keep_departures       ......D   town
end_sessions          ......D   town
see_audit             ....MRD   town
change_sign_in        ......D   town
run_parley            ......D   town
remark_on_post        COPAM..
see_receipts          .OPAMRD
see_corrections       .OPAMRD
correct_post          ..P....
see_ideas             COPAM..
send_idea             COP....
judge_idea            .OP....
see_contributors      COPAM..
"""

# route                              methods    who        about (objects of a channel are in capitals)
ROUTES = """
health-live                          GET        public
health-ready                         GET        public
health-deep                          GET        public
health-metrics                       GET        public
styleguide                           GET        COPAMRD
styleguide-page                      GET        COPAMRD    name
account_login                        GET,POST   public
account_logout                       GET,POST   signed-in
account_inactive                     GET        public
account_reauthenticate               GET,POST   signed-in
account_change_password              GET,POST   signed-in
account_reset_password               GET,POST   public
account_reset_password_done          GET        public
account_reset_password_from_key_done GET        public
account_reset_password_from_key      GET,POST   public     reset
mfa_index                            GET        signed-in
mfa_authenticate                     GET,POST   public
mfa_reauthenticate                   GET,POST   signed-in
mfa_activate_totp                    GET,POST   signed-in
mfa_deactivate_totp                  GET,POST   signed-in
mfa_view_recovery_codes              GET        signed-in
mfa_generate_recovery_codes          GET,POST   signed-in
mfa_list_webauthn                    GET        signed-in
mfa_add_webauthn                     GET,POST   signed-in
mfa_remove_webauthn                  GET,POST   signed-in  passkey
mfa_reauthenticate_webauthn          GET,POST   signed-in
mfa_login_webauthn                   GET,POST   public
usersessions_list                    GET,POST   signed-in
desk:today                           GET        COPAMRD
desk:search                          GET        COPAMRD
desk:working                         GET        COPAMRD
desk:take-down                       POST       ..P....    ALARM
desk:help                            GET        signed-in
desk:help-running                    GET        ......D    running
desk:help-page                       GET        signed-in  help
desk:frame                           GET        COPAMRD
desk:lists                           GET        ....M.D
desk:choose-pack                     POST       ......D
desk:add-to-list                     POST       ....M.D    list
desk:put-away                        POST       ....M.D    topic
desk:checks-month                    GET        ...AMRD
desk:checks-month-csv                GET        ...AMRD
desk:drift                           GET        COPAMRD
desk:my-writing                      GET        COPAMRD
desk:trust                           GET        COPAMRD
desk:arrived                         GET        COPAMRD
desk:way-round                       POST       .OP....
desk:set-up                          GET        ......D
desk:set-up-step                     GET,POST   ......D    step
desk:set-up-end                      GET,POST   ......D
desk:set-up-mail-test                POST       ......D
desk:sign-off                        GET        .OPAM..
accounts:accept-invitation           GET,POST   public     invited
accounts:town-sign-in                GET        public
accounts:town-back                   GET        public
accounts:town-sign-out               GET        public
accounts:identities                  GET        signed-in
accounts:connect-identity            GET        signed-in
accounts:disconnect-identity         POST       signed-in  identity
accounts:identity                    GET,POST   ......D
accounts:try-identity                POST       ......D
accounts:add-claim-rule              POST       ......D
accounts:drop-claim-rule             POST       ......D    claim
accounts:profile                     GET,POST   signed-in
accounts:theme                       POST       signed-in
accounts:mail-choices                GET,POST   signed-in
accounts:notifications               GET        COPAMRD
accounts:read-notifications          POST       COPAMRD
accounts:open-notification           POST       COPAMRD    note
accounts:mailbox                     GET        COPAMRD
accounts:audit                       GET        ....MRD
accounts:audit-table                 GET        ....MRD
accounts:verify-audit                POST       ....MRD
accounts:training                    GET        COPAMRD
accounts:take-training               GET,POST   COPAMRD    module
accounts:training-attempt            GET        COPAMRD    attempt
accounts:skills                      GET        ....M.D
accounts:skills-table                GET        ....M.D
accounts:modules                     GET        ....M.D
accounts:new-training                GET,POST   ....M.D
accounts:ship-training               POST       ....M.D
accounts:edit-training               GET,POST   ....M.D    module
accounts:put-away-training           POST       ....M.D    module
accounts:set-practice-desk           POST       ....M.D
accounts:settings                    GET,POST   ....M.D
accounts:mail-settings               GET        ....M.D
accounts:mail-tests                  GET        ....M.D
accounts:send-test-mail              POST       ......D
accounts:people                      GET        ....M.D
accounts:grid                        GET        ....M.D
accounts:preview-rights              POST       ......D
accounts:change-rights               POST       ......D
accounts:undo-rights                 POST       ......D    change
accounts:rights-table                GET        ....M.D
accounts:invite                      GET,POST   ......D
accounts:take-back-invitation        POST       ......D    invitation
accounts:person                      GET        ....M.D    person
accounts:grant-role                  POST       ......D    person
accounts:end-grant                   POST       ......D    grant
accounts:make-reset-link             POST       ......D    person
accounts:disable-person              POST       ......D    person
accounts:end-sessions                POST       ......D    person
accounts:add-native-role             POST       ......D    person
accounts:end-native-role             POST       ......D    native
accounts:departures                  GET        ....M.D
accounts:rehearse                    POST       ......D
accounts:departure                   GET        ....M.D    departure
accounts:tick-departure              POST       ......D    task
accounts:enable-person               POST       ......D    person
channels:list                        GET        .OPAMRD
channels:stop-publishing             POST       ..PAM.D
channels:resume-publishing           POST       ....M.D
channels:choose-platform             GET        ......D
channels:connect-channel             GET,POST   ......D    platform
channels:app-keys                    GET,POST   ......D    platform
channels:let-in                      POST       ......D    platform
channels:going                       GET        ......D    joining
channels:come-back                   GET        ......D
channels:pick-account                GET,POST   ......D    joining
channels:let-in-again                POST       ......D    CHANNEL
channels:access                      GET        .OPAMRD    CHANNEL
channels:channel                     GET        .OPAMRD    CHANNEL
channels:trial                       GET        .OPAMRD    CHANNEL
channels:reconnect-channel           GET,POST   ......D    CHANNEL
channels:try-channel                 POST       ......D    CHANNEL
channels:pause-channel               POST       ..P.M.D    CHANNEL
channels:resume-channel              POST       ..P.M.D    CHANNEL
channels:outside-editors             POST       ......D    CHANNEL
channels:disconnect-channel          POST       ......D    CHANNEL
channels:profile                     GET        .OPAMRD    CHANNEL
channels:look-at-profile             POST       ..P.M.D    CHANNEL
channels:media-file                  GET        public     picture
emergency:now                        GET        .OPAMRD
emergency:switch-on                  POST       ..P...D
emergency:switch-off                 GET,POST   ..P.M.D
emergency:write                      GET,POST   ..P...D
emergency:message                    GET        .OPAMRD    warning
emergency:cap                        GET        .OPAMRD    warning
emergency:frozen                     GET        .OPAMRD
emergency:decide                     POST       ..P....    FROZEN
emergency:rumours                    GET        .OPAMRD
emergency:note-rumour                POST       .OPAM.D
emergency:settle-rumour              POST       .OPAM.D    rumour
emergency:alerts                     GET        .OPAMRD
emergency:take-alert                 POST       ..P...D
emergency:plan                       GET        .OPAMRD
emergency:set-plan                   POST       ....M.D
emergency:add-issuer                 POST       ....M.D
emergency:end-issuer                 POST       ....M.D    issuer
emergency:chronology                 GET        .OPAMRD    emergency
modes:all                            GET        COPAMRD
modes:plan                           GET,POST   ....M.D
modes:names                          GET        COPAMRD
modes:add-name                       POST       ....M.D
modes:put-name-away                  POST       ....M.D    listed
modes:mark-picture                   POST       ....M.D    listed
modes:mode                           GET        COPAMRD    election
modes:set-rules                      POST       ....M.D    election
modes:end                            POST       ....M.D    election
modes:exempt                         POST       ...AM..    election
modes:withdraw                       POST       ...AM..    exemption
modes:do-task                        POST       .OP.M.D    task
inbox:queue                          GET        .OPAMRD
inbox:conversation                   GET        .OPAMRD    CONVERSATION
inbox:reply                          POST       .OP....    CONVERSATION
inbox:draft                          POST       .OP....    CONVERSATION
inbox:withdraw                       POST       .OP....    CONVERSATION
inbox:approve-reply                  POST       ...A...    CONVERSATION
inbox:look-again                     POST       .OP....    CONVERSATION
inbox:send-back-reply                POST       ...A...    CONVERSATION
inbox:decide                         GET,POST   ..P....    CONVERSATION
inbox:take                           POST       .OP....    CONVERSATION
inbox:assign                         GET,POST   .OP.M..    CONVERSATION
inbox:close                          GET,POST   .OP....    CONVERSATION
inbox:reopen                         POST       .OP....    CONVERSATION
inbox:wait                           POST       .OP....    CONVERSATION
inbox:label                          GET,POST   .OPAM..    CONVERSATION
inbox:note                           POST       .OPAM..    CONVERSATION
measures:objectives                  GET        .OPAMRD
measures:new-objective               GET,POST   ....M.D
measures:objective                   GET        .OPAMRD    objective
measures:set-objective               GET,POST   ....M.D    objective
measures:objective-weeks             GET        .OPAMRD    objective
voice:profile                        GET        COPAMRD
voice:change-profile                 GET,POST   ....M.D
voice:versions                       GET        COPAMRD
voice:lists                          GET        COPAMRD
voice:export-lists                   GET        COPAMRD
voice:import-lists                   POST       ....M.D
voice:list                           GET        COPAMRD    word-list
voice:change-list                    POST       ....M.D    word-list
voice:checks                         GET        COPAMRD
voice:try-checks                     POST       COPAMRD
voice:change-rule                    POST       ....M.D    rule
voice:positions                      GET        COPAMRD
voice:new-position                   GET,POST   ....M.D
voice:change-position                GET,POST   ....M.D    position
voice:end-position                   POST       ....M.D    position
"""

# Routes whose act concerns the whole town: over one channel nobody is let in.
TOWN = {
    "issues:set-thresholds", "issues:add-place", "issues:import-places", "issues:edit-place", "issues:put-away-place",
    "inbox:choose-outreach",
    "links:set-scheme", "links:set-marks", "links:add-service", "links:service", "links:put-service-away",
    "emergency:switch-off", "emergency:set-plan", "emergency:add-issuer", "emergency:end-issuer", "modes:plan",
    "modes:add-name", "modes:put-name-away", "modes:mark-picture", "modes:set-rules", "modes:end",
    "policy:name-final-say", "policy:be-away", "policy:be-back", "policy:change-final-say", "policy:end-final-say",
    "policy:review-pack", "calendar:add-date", "calendar:take-over-holidays", "calendar:edit-date",
    "calendar:remove-date", "calendar:new-topic", "calendar:edit-topic", "calendar:set-limits",
    "voice:change-profile", "voice:import-lists", "voice:change-list", "voice:change-rule",
    "voice:new-position", "voice:change-position", "voice:end-position",
    "desk:help-running", "desk:choose-pack", "desk:add-to-list", "desk:put-away", "accounts:send-test-mail",
    "accounts:invite", "accounts:take-back-invitation", "accounts:grant-role", "accounts:end-grant",
    "accounts:new-training", "accounts:ship-training", "accounts:edit-training", "accounts:put-away-training",
    "accounts:identity", "accounts:try-identity", "accounts:add-claim-rule", "accounts:drop-claim-rule",
    "accounts:audit", "accounts:audit-table", "accounts:verify-audit",
    "accounts:preview-rights", "accounts:change-rights", "accounts:undo-rights",
    "accounts:set-practice-desk", "accounts:end-sessions", "accounts:add-native-role", "accounts:end-native-role",
    "accounts:rehearse", "accounts:tick-departure",
    "accounts:make-reset-link", "accounts:disable-person", "accounts:enable-person", "channels:resume-publishing",
    "policy:readers", "policy:remind", "policy:adopt", "policy:begin-draft", "policy:draft", "policy:ask-approval",
    "policy:back-to-draft", "policy:drop-draft", "policy:approve-guide", "policy:new-clause", "policy:edit-clause",
    "policy:remove-clause", "policy:move-clause", "policy:permit", "policy:narrow", "policy:widen",
    "policy:add-signing-rule", "policy:end-signing-rule", "policy:settle-floor",
    "response:set-promise", "response:close-day", "response:open-day", "response:set-acknowledgement",
    "desk:set-up", "desk:set-up-step", "desk:set-up-end", "desk:set-up-mail-test",
    "channels:app-keys", "channels:let-in",
    "channels:choose-platform", "channels:connect-channel", "measures:new-objective", "measures:set-objective",
} | access_listening.TOWN | access_channels.TOWN | access_measures.TOWN  # fmt: skip


class Act(NamedTuple):
    """`roles` are the letters of those who may; `town`: only with a right over everything."""

    name: str
    roles: str
    town: bool


class Route(NamedTuple):
    """`who` is "public", "signed-in" or letters; `about` names the thing in the address, in capitals if a channel's."""

    name: str
    methods: tuple[str, ...]
    who: str
    about: str

    @property
    def scoped(self) -> bool:
        return self.about.isupper()


def acts() -> dict[str, Act]:
    whole = ACTS + "".join(room.ACTS for room in INBOX if hasattr(room, "ACTS"))
    rows = (line.split() for line in whole.strip().splitlines() if line.strip())
    return {row[0]: Act(row[0], row[1].replace(".", ""), "town" in row[2:]) for row in rows}


def table() -> dict[str, Route]:
    whole = ROUTES + CALENDAR + PLAN + MEDIA + CAMPAIGNS + POLICY + PEOPLE
    whole += "".join(room.ROUTES for room in INBOX)
    rows = (line.split() for line in whole.strip().splitlines() if line.strip())
    return {row[0]: Route(row[0], tuple(row[1].split(",")), row[2], "".join(row[3:])) for row in rows}
