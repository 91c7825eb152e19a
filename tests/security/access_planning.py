"""The routes of planning, a part of the table in `access.py`, in its words."""

# route                              methods    who        about
PLANNING = """
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
