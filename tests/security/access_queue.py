"""The table's part on the queue: many at once, saved views, merging and splitting; read with `access`."""

from __future__ import annotations

ROUTES = """
inbox:many                           GET,POST   .OPAM..
inbox:views                          GET        .OPAMRD
inbox:save-view                      POST       .OPAMRD
inbox:change-view                    POST       .OPAMRD    saved-view
inbox:delete-view                    POST       .OPAMRD    saved-view
inbox:rank                           GET,POST   .OP.M..    CONVERSATION
inbox:entrust                        GET,POST   .OP.M..    CONVERSATION
inbox:snooze                         GET,POST   .OP....    CONVERSATION
inbox:end-snooze                     POST       .OP....    CONVERSATION
inbox:merge                          GET,POST   .OP....    CONVERSATION
inbox:split                          GET,POST   .OP....    CONVERSATION
inbox:take-apart                     POST       .OP....    REHOUSED
inbox:attend                         POST       .OP....    CONVERSATION
"""
