"""The table's part on promises, issues, places and what is hot; read with `access`."""

from __future__ import annotations

ROUTES = """
promises:all                         GET        .OPAMRD
promises:table                       GET        .OPAMRD
promises:catch                       POST       .OP....    CONVERSATION
promises:decline                     POST       .OP....    CONVERSATION
promises:new                         GET,POST   .OP....    CONVERSATION
promises:join                        POST       .OP....    CONVERSATION
promises:promise                     GET        .OPAMRD    PROMISE
promises:re-date                     POST       .OP.M..    PROMISE
promises:hand-over                   POST       .OP.M..    PROMISE
promises:keep                        POST       .OP....    PROMISE
promises:break                       POST       .OP....    PROMISE
promises:withdraw                    POST       .OP....    PROMISE
promises:leave                       POST       .OP....    PROMISE
promises:draft                       POST       .OP....    PROMISE
promises:send                        POST       .OP....    PROMISE
issues:all                           GET        .OPAMRD
issues:set-thresholds                POST       ....M.D
issues:places                        GET        .OPAMRD
issues:add-place                     POST       ....M.D
issues:import-places                 POST       ....M.D
issues:edit-place                    GET,POST   ....M.D    place
issues:put-away-place                POST       ....M.D    place
issues:sort                          POST       .OPAM..    CONVERSATION
issues:mark                          POST       .OPAM..    CONVERSATION
issues:add                           POST       .OP....    CONVERSATION
issues:issue                         GET        .OPAMRD    ISSUE
issues:say                           POST       .OP....    ISSUE
issues:take-out                      POST       .OP....    ISSUE
issues:promise                       POST       .OP....    ISSUE
issues:close                         POST       .OP....    ISSUE
issues:draft                         POST       .OP....    ISSUE
issues:send                          POST       .OP....    ISSUE
desk:post-the-end                    GET        COP....    ISSUE
desk:post-the-fix                    GET        COP....    PROMISE
"""
