"""The Graph API: whether a Page lets an app be told what happens there. Facebook's and Instagram's accounts alike.

Whom it tells is set with the `hooks` of `control`, so nothing follows from this but that it is remembered.
"""

import json
from typing import Any

from . import facebook, ig
from .facebook import V, bad, refusal
from .wire import Answer, Refuse
from .world import Call, extra

FIELDS = {"feed", "mention", "messages"}


def _ask(call: Call) -> Answer:
    wanted = set(call.request.arg("subscribed_fields").split(",")) - {""}
    if not wanted or wanted - FIELDS:
        raise bad("(#100) Param subscribed_fields[0] must be one of the known fields")
    scopes = set(call.token["scopes"].split()) if call.token else set()
    if "messages" in wanted and not scopes & {"pages_messaging", "instagram_manage_messages"}:
        raise Refuse(refusal("forbidden", call))
    told: dict[str, Any] = extra(call.me) | {"notices": sorted(wanted)}
    call.store.update("accounts", {"id": call.me["id"]}, extra=json.dumps(told))
    return Answer({"success": True})


def _asked(call: Call) -> Answer:
    fields = extra(call.me).get("notices", [])
    return Answer({"data": [{"id": "1420", "name": "Parley", "subscribed_fields": fields}] if fields else []})


for _routes in (facebook.ROUTES, ig.ROUTES):
    _routes.on("POST", V + "/me/subscribed_apps", "notices")(_ask)
    _routes.on("GET", V + "/me/subscribed_apps", "notices")(_asked)
