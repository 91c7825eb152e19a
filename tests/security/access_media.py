"""The part of the access table about the media library and links; read with `access`."""

from __future__ import annotations

# route                              methods    who        about (objects of a channel are in capitals)
MEDIA = """
media:library                        GET        COPAMRD
media:add                            POST       COP....
media:picture                        GET,POST   COPAMRD    media
media:add-consent                    POST       COP....    media
media:withdraw-consent               POST       COP.MR.    consent
media:captions                       GET        COPAMRD    film
media:add-captions                   POST       COP....    film
media:note-captions-read             POST       COP....    captions
media:put-away                       POST       COP....    media
media:take-up                        POST       COP....    media
media:put-into                       POST       COP....    media
short-link                           GET        public     code
news-feed                            GET        public
news-picture                         GET        public     media
webhook                              GET,POST   public     platform
links:links                          GET        COPAMRD
links:set-scheme                     POST       ....M.D
links:set-marks                      POST       ....M.D
links:services                       GET        COPAMRD
links:add-service                    POST       ....M.D
links:service                        GET,POST   ....M.D    service
links:put-service-away               POST       ....M.D    service
"""
