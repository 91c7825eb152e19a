"""Legal requests, as words catch them."""

from __future__ import annotations

from typing import Any

from channels_app.models import Channel
from engagement.models import LegalRequest
from tests.factories_inbox import make_conversation

FOI = "Under the Freedom of Information Act: what did the new crossing cost?"


def make_request(channel: Channel | None = None, text: str = FOI, **facts: Any) -> LegalRequest:
    """One that the words of a message suggest and nobody has looked at."""
    return LegalRequest.objects.get(conversation=make_conversation(channel, text, **facts))
