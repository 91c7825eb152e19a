"""Who may do what in the room of evidence; the letters are those of `access`."""

from __future__ import annotations

ACTS = """
bring_in_figures      ....M.D   town
draw_sample           ....M.D   town
keep_paid             ..P.M..   town
code_sample           .OPAM..
read_report           .OPAMRD   town
sign_report           ....M..   town
log_change            ..P.M..   town
"""

ROUTES = """
measures:measures                    GET        .OPAMRD
measures:figure                      GET        .OPAMRD    measure
measures:figure-rows                 GET        .OPAMRD    measure
figures:overview                     GET        .OPAMRD
figures:table                        GET        .OPAMRD
figures:series                       GET        .OPAMRD    measure
figures:channel                      GET        .OPAMRD    CHANNEL
figures:campaign                     GET        .OPAMRD    campaign
figures:objective                    GET        .OPAMRD    objective
figures:resonance                    GET        .OPAMRD
figures:resonance-table              GET        .OPAMRD
figures:resonance-rows               GET        .OPAMRD
figures:case                         GET        .OPAMRD
figures:case-table                   GET        .OPAMRD
measures:coverage                    GET        .OPAMRD
measures:costs                       GET        .OPAMRD
measures:settle-cost                 POST       ....M.D
reports:all                          GET        .OPAMRD
reports:report                       GET        .OPAMRD    report
reports:report-table                 GET        .OPAMRD    report
reports:reputation                   GET        .OPAMRD
reports:reputation-table             GET        .OPAMRD
reports:report-paper                 GET        .OPAMRD    report
reports:sign-report                  POST       ....M..    report
reports:changes                      GET        .OPAMRD
reports:decide-change                POST       ..P.M..
reports:review-change                POST       ..P.M..    shift
measures:samples                     GET        .OPAMRD
measures:draw-sample                 POST       ....M.D
measures:sample                      GET        .OPAMRD    sample
measures:sample-table                GET        .OPAMRD    sample
measures:read-sample                 GET,POST   .OPAM..    sample
measures:take-back-reading           POST       .OPAM..    sample
measures:finish-sample               POST       ....M.D    sample
measures:drop-sample                 POST       ....M.D    sample
measures:effects                     GET        .OPAMRD
measures:effect                      GET        .OPAMRD    campaign
measures:effect-weeks                GET        .OPAMRD    campaign
measures:set-goal                    GET,POST   ....M.D    campaign
measures:write-down-count            POST       ....M.D    campaign
measures:note-recall                 POST       .OP.M..    campaign
measures:take-back-recall            POST       .OP.M..    recall
measures:paid                        GET        .OPAMRD
measures:paid-table                  GET        .OPAMRD
measures:new-paid                    GET,POST   ..P.M..
measures:paid-one                    GET        .OPAMRD    paid
measures:change-paid                 GET,POST   ..P.M..    paid
measures:permit-paid                 POST       ...AM..    paid
measures:start-paid                  POST       ..P.M..    paid
measures:end-paid                    POST       ..P.M..    paid
measures:drop-paid                   POST       ..P.M..    paid
measures:add-paid                    POST       ..P.M..    paid
measures:take-back-paid              POST       ..P.M..    paid-entry
measures:audience-cards              GET        .OPAMRD
measures:audience-card               GET        .OPAMRD    audience
measures:claim                       POST       .OP.M..    audience
measures:withdraw-claim              POST       .OP.M..    audience-claim
measures:outside                     GET        .OPAMRD
measures:take-outside                POST       ....M.D
measures:outside-file                GET        ....M.D    outside-file
measures:set-up-outside              POST       ....M.D    outside-file
measures:bring-in-outside            POST       ....M.D    outside-file
measures:take-back-outside           POST       ....M.D    outside-file
measures:discard-outside             POST       ....M.D    outside-file
measures:outside-figures             GET        .OPAMRD    outside-kind
measures:outside-figures-table       GET        .OPAMRD    outside-kind
"""

TOWN = {
    *("reports:report", "reports:report-table", "reports:report-paper"),
    *("measures:draw-sample", "measures:finish-sample", "measures:drop-sample"),
    *("measures:set-goal", "measures:write-down-count"),
    *("measures:new-paid", "measures:change-paid", "measures:start-paid", "measures:end-paid", "measures:drop-paid"),
    *("measures:add-paid", "measures:take-back-paid"),
    *("measures:settle-cost", "reports:sign-report", "reports:decide-change", "reports:review-change"),
    *("measures:take-outside", "measures:outside-file", "measures:set-up-outside", "measures:bring-in-outside"),
    *("measures:take-back-outside", "measures:discard-outside"),
}
