"""The table's part on words that are used again, guided forms and departments; read with `access`."""

from __future__ import annotations

ACTS = """
keep_saved_reply      .OP.M.D
share_saved_reply     ..P.M.D   town
decide_answer         .OPAMRD
answer_handed         COPAMRD
settle_request        .OPAMR.
"""

ROUTES = """
inbox:saved-replies                  GET        .OPAMRD
inbox:new-saved-reply                GET,POST   .OP.M.D
inbox:edit-saved-reply               GET,POST   .OP.M.D    saved-reply
inbox:put-saved-reply-away           POST       .OP.M.D    saved-reply
inbox:answers                        GET        .OPAMRD
inbox:answer                         GET        .OPAMRD    library
inbox:edit-answer                    GET,POST   .OP....    library
inbox:ask-for-answer                 POST       .OP....    library
inbox:approve-answer                 POST       .OPAMRD    library
inbox:send-answer-back               POST       .OPAMRD    library
inbox:renew-answer                   POST       .OPAMRD    library
inbox:retire-answer                  POST       .OP....    library
inbox:reasons                        GET        .OPAMRD
inbox:legal-requests                 GET        .OPAMRD
inbox:legal-request                  GET        .OPAMRD    LEGAL
inbox:confirm-request                POST       .OPAM..    LEGAL
inbox:decline-request                POST       .OPAM..    LEGAL
inbox:hand-request                   POST       .OP.M..    LEGAL
inbox:settle-request                 POST       .OPAMR.    LEGAL
inbox:put-receipt                    POST       .OP....    LEGAL
inbox:note-request                   POST       .OPAM..    CONVERSATION
inbox:all-handed                     GET        COPAMRD
inbox:handed                         GET        COPAMRD    HANDED
inbox:answer-handed                  POST       COPAMRD    HANDED
inbox:ask-again                      POST       .OP.M..    HANDED
inbox:finish-handed                  POST       .OP.M..    HANDED
inbox:take-handed-back               POST       .OP.M..    HANDED
inbox:pick                           GET        .OP....    CONVERSATION
inbox:put                            POST       .OP....    CONVERSATION
inbox:make-reusable                  GET,POST   .OP....    CONVERSATION
inbox:promise-a-fix                  GET,POST   .OP....    CONVERSATION
inbox:say-no                         GET,POST   .OP....    CONVERSATION
inbox:drop-form                      POST       .OP....    CONVERSATION
inbox:hand                           GET,POST   .OP.M..    CONVERSATION
inbox:answer-together                GET,POST   .OP....    CONVERSATION
inbox:give-reference                 POST       .OP....    CONVERSATION
inbox:like                           POST       .OP....    CONVERSATION
inbox:unlike                         POST       .OP....    CONVERSATION
"""
