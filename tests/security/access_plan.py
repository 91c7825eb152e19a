"""The part of the access table about series, and about what enters and leaves the plan."""

from __future__ import annotations

# route                              methods    who        about (objects of a channel are in capitals)
PLAN = """
plan:ways                            GET        COPAMRD
plan:export                          GET        COPAMRD
plan:print                           GET        COPAMRD
plan:feed                            GET        public     feed
plan:renew-feed                      POST       COPAMRD
plan:revoke-feed                     POST       COPAMRD
plan:imports                         GET        COP....
plan:take-file                       POST       COP....
plan:import                          GET        COP....    import
plan:progress                        GET        COP....    import
plan:check                           POST       COP....    import
plan:make                            POST       COP....    import
plan:change                          POST       COP....    import
plan:discard                         POST       COP....    import
plan:undo                            POST       COP....    import
plan:bad-rows                        GET        COP....    import
series:list                          GET        COPAMRD
series:series                        GET        COPAMRD    SERIES
series:stop                          POST       COP....    SERIES
series:schedule                      POST       COP....    SERIES
series:new                           GET,POST   COP....    POST
series:carry                         POST       COP....    POST
series:link                          POST       COP....    POST
"""
