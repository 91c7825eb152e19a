"""The part of the access table about the calendar, posts and what follows them; read with `access`."""

from __future__ import annotations

# route                              methods    who        about (objects of a channel are in capitals)
CALENDAR = """
calendar:month                       GET        COPAMRD
calendar:day                         GET        COPAMRD    day
calendar:drafts                      GET        COP....
calendar:new-post                    GET,POST   COP....
calendar:look                        POST       COP....
calendar:post                        GET        COPAMRD    POST
calendar:post-states                 GET        COPAMRD    POST
calendar:edit-post                   GET,POST   COP....    POST
calendar:attend                      POST       COP....    POST
calendar:versions                    GET        COP....    POST
calendar:use-version                 POST       COP....    VERSION
calendar:publish-post                GET,POST   ..P....    POST
calendar:schedule-post               POST       COP....    POST
calendar:move-post                   GET,POST   COP....    POST
calendar:cancel-post                 POST       COP....    POST
calendar:drop-post                   POST       COP....    POST
calendar:take-up-post                POST       COP....    POST
calendar:withdraw-post               POST       COP....    POST
calendar:approve-post                POST       ...A...    POST
calendar:look-again                  POST       COP....    POST
calendar:send-back-post              POST       ...A...    POST
calendar:decide                      GET,POST   ..P....    PLACEMENT
calendar:send-again                  POST       ..P....    PLACEMENT
calendar:decide-part                 GET,POST   ..P....    PART
calendar:send-part-again             POST       ..P....    PART
calendar:delete-post                 GET,POST   ..P....    PLACEMENT
calendar:edit-and-approve-post       POST       ...A...    POST
calendar:remark-on-post              POST       COPAM..    POST
calendar:take-change-back            POST       COPAM..    REMARK
calendar:send-signed                 POST       COP....    POST
calendar:clone-post                  POST       COP....    POST
calendar:correct-post                GET,POST   ..P....    PLACEMENT
calendar:attach-link                 POST       ..P....    PLACEMENT
calendar:post-by-hand                GET,POST   ..P....    PLACEMENT
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
calendar:move-many                   POST       COP....
calendar:moving                      GET        COP....    moving
calendar:undo-move                   POST       COP....    moving
calendar:dates                       GET        COPAMRD
calendar:add-date                    POST       ..P.M.D
calendar:take-over-holidays          POST       ..P.M.D
calendar:edit-date                   GET,POST   ..P.M.D    date
calendar:remove-date                 POST       ..P.M.D    date
calendar:rhythm                      GET        COPAMRD
calendar:add-slots                   POST       ..P.M.D    CHANNEL
calendar:remove-slot                 POST       ..P.M.D    SLOT
calendar:set-cadence                 POST       ..P.M.D    CHANNEL
calendar:topics                      GET        COPAMRD
calendar:new-topic                   GET,POST   ....M.D
calendar:edit-topic                  GET,POST   ....M.D    register
calendar:balance                     GET        COPAMRD
calendar:balance-rows                GET        COPAMRD    share
calendar:set-limits                  POST       ....M.D
"""
