"""The table's part on escalation, on choosing between answers, and on decisions; read with `access`."""

from __future__ import annotations

ACTS = """
choose_answer         .OPA...
"""

ROUTES = """
inbox:escalate                       GET,POST   .OP....    CONVERSATION
inbox:choose-answer                  GET,POST   .OPA...    CONVERSATION
inbox:edit-and-approve-reply         GET,POST   ...A...    CONVERSATION
inbox:decisions                      GET        .OPAMRD
inbox:decision                       GET        .OPAMRD    DECISION
"""
