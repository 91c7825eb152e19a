"""The table's part on the health, the papers and the keys of channels; read with `access`."""

from __future__ import annotations

ACTS = """
enter_price           ....M.D   town
look_at_mention       .OP.M.D
write_case            ....M.D
open_channel          ....M.D
see_keys              ....M.D   town
keep_keys             ......D   town
review_channels       ....M.D   town
"""

ROUTES = """
channels:health                      GET        .OPAMRD
channels:enter-price                 POST       ....M.D
channels:look-at-mention             POST       .OP.M.D    UNHEARD
channels:look-at-comments            POST       .OP.M.D    WITHHELD
channels:case                        GET        .OPAMRD    CHANNEL
channels:case-text                   GET        .OPAMRD    CHANNEL
channels:write-case                  POST       ....M.D    CHANNEL
channels:tick-kit                    POST       ..P.M.D    CHANNEL
channels:open-channel                POST       ....M.D    CHANNEL
channels:keys                        GET        ....M.D
channels:keys-table                  GET        ....M.D
channels:keep-keys                   GET,POST   ......D    registered
channels:add-administrator           POST       ......D    registered
desk:review-channels                 GET        .OPAMRD
desk:decide-channel                  POST       ....M.D    registered
"""
TOWN = {
    "channels:enter-price",
    "channels:keys",
    "channels:keys-table",
    "channels:keep-keys",
    "channels:add-administrator",
    "desk:decide-channel",
}
