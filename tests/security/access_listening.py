"""The table's part on the inbox's rules and on listening; read with `access`."""

from __future__ import annotations

ACTS = """
see_rules             .OPAMRD
change_rules          ....M.D   town
see_listening         .OPAMRD
keep_watch            ....M.D   town
take_hit              .OP.M..
see_own_watch         COPAMRD
"""

ROUTES = """
inbox:rules                          GET        .OPAMRD
inbox:new-rule                       GET,POST   ....M.D
inbox:rule                           GET        .OPAMRD    inbox-rule
inbox:edit-rule                      GET,POST   ....M.D    inbox-rule
inbox:try-rule                       POST       ....M.D    inbox-rule
inbox:switch-rule                    POST       ....M.D    inbox-rule
inbox:move-rule                      POST       ....M.D    inbox-rule
inbox:drop-rule                      POST       ....M.D    inbox-rule
inbox:undo-firing                    POST       .OP.M..    FIRING
listening:all                        GET        .OPAMRD
listening:watch                      GET        .OPAMRD    watch
listening:days                       GET        .OPAMRD    watch
listening:new-watch                  GET,POST   ....M.D
listening:edit-watch                 GET,POST   ....M.D    watch
listening:end-watch                  POST       ....M.D    watch
listening:take-hit                   POST       .OP.M..    HIT
listening:hold-hit                   POST       .OP.M..    HIT
listening:release-hit                POST       .OP.M..    HIT
listening:set-hit-aside              POST       .OP.M..    HIT
listening:author                     GET,POST   .OP.M..    HIT
listening:voices                     GET        .OPAMRD
listening:add-voice                  POST       ....M.D
listening:end-voice                  POST       ....M.D    voice
listening:set-limits                 POST       ....M.D
listening:about-me                   GET        COPAMRD
listening:agree                      POST       COPAMRD
listening:withdraw                   POST       COPAMRD
"""

TOWN = {
    "inbox:new-rule", "inbox:edit-rule", "inbox:try-rule", "inbox:switch-rule", "inbox:move-rule", "inbox:drop-rule",
    "listening:new-watch", "listening:edit-watch", "listening:end-watch", "listening:add-voice",
    "listening:end-voice", "listening:set-limits",
}  # fmt: skip
