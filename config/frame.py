"""What the frame around every page needs: rail, bands, counts."""

from __future__ import annotations

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    return {"nav": [], "bands": [], "unread": 0, "can_write_post": False}
