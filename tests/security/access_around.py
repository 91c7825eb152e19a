"""Who may do what around posts: the rows of the access table for media, links, campaigns and production."""

from __future__ import annotations

# route                              methods    who        about
AROUND = """short-link                           GET        public     code
open-kit                             GET        public     sealed-kit
media:library                        GET        COPAMRD
media:add                            POST       COP....
media:picture                        GET,POST   COPAMRD    media
media:add-consent                    POST       COP....    media
media:withdraw-consent               POST       COP.MR.    consent
media:put-away                       POST       COP....    media
media:take-up                        POST       COP....    media
media:put-into                       POST       COP....    media
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
links:links                          GET        COPAMRD
links:set-scheme                     POST       ....M.D
links:set-marks                      POST       ....M.D
links:services                       GET        COPAMRD
links:add-service                    POST       ....M.D
links:service                        GET,POST   ....M.D    service
links:put-service-away               POST       ....M.D    service
"""
