"""The table's part on signatures, on what follows a post, and on ideas from services; read with `access`."""

from __future__ import annotations

ACTS = """
remark_on_post        COPAM..
see_receipts          .OPAMRD
see_corrections       .OPAMRD
correct_post          ..P....
see_ideas             COPAM..
send_idea             COP....
judge_idea            .OP....
see_contributors      COPAM..
"""

ROUTES = """
calendar:edit-and-approve-post       POST       ...A...    POST
calendar:remark-on-post              POST       COPAM..    POST
calendar:take-change-back            POST       COPAM..    REMARK
calendar:send-signed                 POST       COP....    POST
calendar:clone-post                  POST       COP....    POST
calendar:correct-post                GET,POST   ..P....    PLACEMENT
calendar:attach-link                 POST       ..P....    PLACEMENT
calendar:read-again                  POST       .OPAMRD    PLACEMENT
calendar:choose-workaround           POST       ..P....    PLACEMENT
calendar:set-comment-window          POST       ..P....    PLACEMENT
calendar:drop-comment-window         POST       ..P....    PLACEMENT
desk:close-comments                  POST       ..P....    PLACEMENT
calendar:receipts                    GET        .OPAMRD
calendar:corrections                 GET        .OPAMRD
calendar:corrections-table           GET        .OPAMRD
calendar:public-corrections          GET        public
calendar:ideas                       GET        COPAM..
calendar:send-idea                   GET,POST   COP....
calendar:idea                        GET        COPAM..    idea
calendar:add-idea-photo              POST       COP....    idea
calendar:take-up-idea                POST       .OP....    idea
calendar:decline-idea                POST       .OP....    idea
calendar:contributors                GET        COPAM..
calendar:contributor-card            GET,POST   COP....
policy:signing-rules                 GET        COPAMRD
policy:add-signing-rule              POST       ....M.D
policy:end-signing-rule              POST       ....M.D    signing-rule
"""
