"""The part of the access table about campaigns, share kits and production; read with `access`."""

from __future__ import annotations

# route                              methods    who        about (objects of a channel are in capitals)
CAMPAIGNS = """
open-kit                             GET        public     sealed-kit
campaigns:all                        GET        COPAMRD
campaigns:audiences                  GET,POST   COPAMRD
campaigns:reach                      GET,POST   .OP.M..    audience
campaigns:put-audience-away          POST       .OP.M..    audience
campaigns:campaign                   GET,POST   COPAMRD    campaign
campaigns:add-activity               POST       .OP.M..    campaign
campaigns:add-notice                 POST       .OP.M..    campaign
campaigns:complete                   POST       .OP.M..    campaign
campaigns:new-kit                    GET,POST   ..P.M..    campaign
campaigns:settle-activity            POST       .OP.M..    activity
campaigns:notice                     GET,POST   .OP.M..    notice
campaigns:drop-notice                POST       .OP.M..    notice
campaigns:kit                        GET,POST   COPAMRD    kit
campaigns:give-kit                   POST       ..P.M..    kit
production:board                     GET        COPAMRD
production:new-asset                 GET,POST   .OP.M..
production:asset                     GET,POST   .OP.M..    asset
production:move-asset                POST       .OP.M..    asset
"""
