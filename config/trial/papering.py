"""Why Fernhill is on its networks, and who could get back in. Facebook is in order; of the others some things wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from channels_app import cases, kit
from channels_app.models import Channel
from policy.models import Objective

DAY = timedelta(days=1)
CASES: dict[str, dict[str, Any]] = {
    "facebook": {
        "audience": "61 of 100 households asked in the spring survey look at Facebook each week, families most of all.",
        "owner": "amara",
        "weekly_hours": Decimal("9.0"),
        "moderation": "Tom on weekdays from nine to five, Amara in his absence. At weekends the duty phone, once a day.",
        "exit_plan": "We leave if fewer than one household in five is left there. Two months' notice, pinned; records stay.",
    },
    "mastodon": {
        "audience": "The cycle network, the history society and two local papers write there (counted in May).",
        "owner": "tom",
        "weekly_hours": Decimal("2.0"),
        "moderation": "Tom on weekdays from nine to five.",
    },
    "instagram": {
        "audience": "58 of 100 at the youth club and the leisure centre name it first (asked in March).",
        "owner": "amara",
        "weekly_hours": Decimal("2.5"),
        "moderation": "Amara on weekdays from nine to five; comments are closed over Christmas.",
    },
    "pinterest": {
        "audience": "Plot holders collect planting plans there (33 of 214 in the allotment survey).",
        "owner": "tom",
    },
    "x": {
        "audience": "Reporters and the county's flood desk follow it; few residents do (poll of 214, April).",
        "owner": "amara",
        "weekly_hours": Decimal("0.0"),
    },
}
KEYS: dict[str, dict[str, Any]] = {
    "facebook": {
        "recovery": "Recovery mail goes to comms@fernhill.example, read by Inge and Dev.",
        "second_factor": "Screenshot of the Page's settings, in the comms folder.",
    },
    "x": {"recovery": "The town's own telephone number, in the safe of the town hall."},
}


def settle(staff: dict[str, User], now: datetime) -> None:
    """The papers as they were written one after another."""
    objective = Objective.objects.filter(active=True).first()
    for channel in Channel.objects.living().order_by("pk"):
        facts = dict(CASES.get(channel.platform, {}))
        if not facts:
            continue
        facts["owner"] = staff[facts["owner"]]
        if channel.platform == "facebook":
            facts["objective"] = objective
        cases.write(channel, facts, by=staff["dev"], now=max(now - 30 * DAY, channel.created_at))
        _kit(channel, staff, now)
        keys = KEYS.get(channel.platform, {})
        if "second_factor" in keys:
            keys = keys | {"second_factor_on": (now - 60 * DAY).date()}
        if keys:
            cases.write(channel, keys, by=staff["inge"], now=now - 28 * DAY, act="kept_keys")


def _kit(channel: Channel, staff: dict[str, User], now: datetime) -> None:
    note = "Pinned the house rules and wrote the hours beside them; alt text is asked for before each post."
    if channel.platform == "facebook":
        kit.tick(channel, ["kit_rules", "kit_promise", "kit_access"], note, by=staff["amara"], now=now - 25 * DAY)
    elif channel.platform == "mastodon":
        kit.tick(channel, ["kit_access"], "The server asks for alt text now.", by=staff["tom"], now=now - 25 * DAY)
