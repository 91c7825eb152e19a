"""Speaking: posts, and where and when they go out."""

from calendar_app.models.emergencies import EmergencyCopy, EmergencyMessage, Frozen, OutsideAlert, Rumour
from calendar_app.models.placements import Placement, Release
from calendar_app.models.posts import Campaign, Post, PostFact, PostPicture, PostVersion
from calendar_app.models.series import Series, SeriesPart
from calendar_app.models.transfers import Feed, Import, ImportRow

__all__ = [
    "Campaign",
    "EmergencyCopy",
    "EmergencyMessage",
    "Feed",
    "Frozen",
    "Import",
    "ImportRow",
    "OutsideAlert",
    "Placement",
    "Post",
    "PostFact",
    "PostPicture",
    "PostVersion",
    "Release",
    "Rumour",
    "Series",
    "SeriesPart",
]
