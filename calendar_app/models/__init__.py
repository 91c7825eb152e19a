"""Speaking: posts, and where and when they go out."""

from calendar_app.models.composing import GoodHour, Presence
from calendar_app.models.emergencies import EmergencyCopy, EmergencyMessage, Frozen, OutsideAlert, Rumour
from calendar_app.models.placements import Placement, Release
from calendar_app.models.posts import Campaign, Post, PostFact, PostPicture, PostVersion

__all__ = [
    "Campaign",
    "EmergencyCopy",
    "EmergencyMessage",
    "Frozen",
    "GoodHour",
    "OutsideAlert",
    "Placement",
    "Post",
    "PostFact",
    "PostPicture",
    "PostVersion",
    "Presence",
    "Release",
    "Rumour",
]
