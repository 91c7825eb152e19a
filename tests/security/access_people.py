"""The routes of asking people and of working with organisations, a part of the table in `access.py`, in its words."""

from __future__ import annotations

# route                              methods    who        about
PEOPLE = """
inbox:kickstarters                   GET        .OPAMRD
inbox:ask-kickstarter                GET,POST   .OPAM..
inbox:kickstarter                    GET        .OPAMRD    KICKSTARTER
inbox:kickstarter-table              GET        .OPAMRD    KICKSTARTER
inbox:close-kickstarter              POST       .OPAM..    KICKSTARTER
inbox:read-reply                     POST       .OPAM..    KICKSTARTER
inbox:calls                          GET        .OPAMRD
inbox:new-call                       GET,POST   .OPAM..
inbox:call                           GET        .OPAMRD    call
inbox:change-call                    GET,POST   .OPAM..    call
inbox:open-call                      POST       .OPAM..    call
inbox:drop-call                      POST       .OPAM..    call
inbox:add-theme                      POST       .OPAM..    call
inbox:group-replies                  POST       .OPAM..    call
inbox:say-heard                      POST       .OPAM..    call
inbox:give-back                      POST       .OP....    call
inbox:close-call                     POST       .OPAM..    call
inbox:call-table                     GET        .OPAMRD    call
inbox:settle-theme                   POST       .OPAM..    theme
inbox:idea-box                       GET        .OPAMRD
inbox:change-suggestion              GET,POST   .OPAM..    SUGGESTION
inbox:mark-idea                      POST       .OPAM..    CONVERSATION
inbox:relationships                  GET        .OPAMRD
inbox:new-relationship               GET,POST   .OPAM..
inbox:relationship                   GET        .OPAMRD    relationship
inbox:change-relationship            GET,POST   .OPAM..    relationship
inbox:put-relationship-away          POST       .OPAM..    relationship
inbox:note-contact                   POST       .OPAM..    relationship
inbox:snooze-relationship            POST       .OPAM..    relationship
inbox:follow-up                      POST       .OPAM..    relationship
inbox:stakeholder-map                GET        .OPAMRD
inbox:set-weights                    POST       .OPAM..
inbox:add-stake                      POST       .OPAM..
inbox:drop-stake                     POST       .OPAM..    stake
inbox:outreach                       GET        .OPAMRD
inbox:choose-outreach                POST       ....M.D
inbox:new-place                      GET,POST   .OPAM..
inbox:place                          GET        .OPAMRD    outreach-place
inbox:change-place                   GET,POST   .OPAM..    outreach-place
inbox:log-outreach                   POST       .OPAM..    outreach-place
inbox:follow-plan                    GET        .OPAMRD
inbox:note-follow                    POST       .OPAM..    followed
inbox:supporters                     GET        .OPAMRD
inbox:add-supporter                  GET,POST   .OPAM..
inbox:thank-supporter                POST       .OPAM..    supporter
inbox:withdraw-supporter             POST       .OPAM..    supporter
inbox:time-log                       GET        .OPAMRD
inbox:log-time                       POST       .OPAMRD
inbox:take-time-back                 POST       .OPAMRD    minutes
"""
