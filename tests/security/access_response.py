"""The table's part on response promises: set, acknowledged, kept and missed; read with `access`."""

from __future__ import annotations

ACTS = """
explain_miss          .OP.M..
set_response_promise  ....M.D   town
set_acknowledgement   ....M.D   town
"""

ROUTES = """
inbox:kept                           GET        .OPAMRD
inbox:kept-table                     GET        .OPAMRD
inbox:explain                        GET,POST   .OP.M..    CONVERSATION
channels:set-purpose                 POST       ......D    CHANNEL
channels:set-sign-off                POST       ......D    CHANNEL
response:promises                    GET        ....M.D
response:set-promise                 POST       ....M.D
response:close-day                   POST       ....M.D
response:open-day                    POST       ....M.D    closing
response:acknowledgements            GET        ....M.D
response:set-acknowledgement         GET,POST   ....M.D    acknowledging
"""
