"""Speaking: posts, and where and when they go out."""

from calendar_app.models.emergencies import EmergencyCopy, EmergencyMessage, Frozen, OutsideAlert, Rumour
from calendar_app.models.placements import Placement, Release
from calendar_app.models.posts import Campaign, Post, PostFact, PostPicture, PostVersion
from calendar_app.models.rhythm import Cadence, Moving, Slot

__all__ = [
    "Cadence",
    "Campaign",
    "EmergencyCopy",
    "EmergencyMessage",
    "Frozen",
    "Moving",
    "OutsideAlert",
    "Placement",
    "Post",
    "PostFact",
    "PostPicture",
    "PostVersion",
    "Release",
    "Rumour",
    "Slot",
]
