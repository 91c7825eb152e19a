"""The routes of policy and voice, a part of the table in `access.py`, in its words."""

from __future__ import annotations

# route                              methods    who        about
POLICY = """
policy:final-say                     GET        COPAMRD
policy:name-final-say                GET,POST   ....M.D
policy:be-away                       POST       ....M.D
policy:be-back                       POST       ....M.D    absence
policy:final-say-history             GET        COPAMRD    say
policy:change-final-say              GET,POST   ....M.D    say
policy:end-final-say                 POST       ....M.D    say
policy:pack                          GET        COPAMRD
policy:review-pack                   POST       ....M.D
policy:incidents                     GET        .OPAMRD
policy:log-incident                  GET,POST   .OPAM.D
policy:incidents-table               GET        .OPAMRD
policy:incident                      GET        .OPAMRD    incident
policy:amend-incident                GET,POST   .OPAM.D    incident
policy:settle-incident               POST       .OPAM.D    incident
policy:handbook                      GET        COPAMRD
policy:permitted                     GET        COPAMRD
policy:permit                        POST       ....M.D
policy:narrow                        POST       ....M.D
policy:widen                         POST       ....M.D    permission
policy:ask                           GET        COPAMRD
policy:clause                        GET        COPAMRD    clause
policy:choices                       GET,POST   COPAMRD
policy:public                        GET        public     guide
policy:guide                         GET        COPAMRD    guide
policy:versions                      GET        COPAMRD    guide
policy:version                       GET        COPAMRD    version
policy:acknowledge                   POST       COPAMRD    guide
policy:readers                       GET        ....M.D    guide
policy:remind                        POST       ....M.D    guide
policy:export                        GET        COPAMRD    export
policy:adopt                         POST       ....M.D    guide
policy:begin-draft                   POST       ....M.D    guide
policy:draft                         GET        ....M.D    guide
policy:ask-approval                  POST       ....M.D    guide
policy:back-to-draft                 POST       ....M.D    guide
policy:drop-draft                    POST       ....M.D    guide
policy:approve-guide                 POST       ....M.D    guide
policy:new-clause                    GET,POST   ....M.D    guide
policy:edit-clause                   GET,POST   ....M.D    clause
policy:remove-clause                 POST       ....M.D    clause
policy:move-clause                   POST       ....M.D    clause
policy:signing-rules                 GET        COPAMRD
policy:add-signing-rule              POST       ....M.D
policy:end-signing-rule              POST       ....M.D    signing-rule
policy:floors                        GET        COPAMRD
policy:settle-floor                  POST       ....M.D
"""
