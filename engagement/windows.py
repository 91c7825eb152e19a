"""How long a platform still lets us answer a private message."""

from __future__ import annotations

from datetime import datetime

from channels_app import platforms
from engagement.models import Conversation
from engagement.nudges import span
from engagement.words import Pill, when


def closes_at(conversation: Conversation, heard_at: datetime | None) -> datetime | None:
    """When the platform's window closes, counted from the resident's newest message; None where there is none."""
    if not conversation.private or heard_at is None or conversation.channel.platform not in platforms.REGISTRY:
        return None
    window = platforms.reply_window(conversation.channel.platform, conversation.kind)
    return heard_at + window if window else None


def pill(conversation: Conversation, heard_at: datetime | None, now: datetime) -> Pill | None:
    """closes in 3 h · closed; None where the platform sets no time."""
    closes = closes_at(conversation, heard_at)
    if closes is None:
        return None
    name = conversation.channel.get_platform_display()
    if closes <= now:
        return Pill("closed", "late", f"{name} took answers until {when(closes, now)}", closes)
    return Pill(f"closes in {span(closes - now)}", "soon", f"{name} takes answers until {when(closes, now)}", closes)
