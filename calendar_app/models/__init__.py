"""Speaking: posts, and where and when they go out."""

from calendar_app.models.campaigns import WAYS, Activity, Asset, Audience, Notice, Reach, ShareKit
from calendar_app.models.emergencies import EmergencyCopy, EmergencyMessage, Frozen, OutsideAlert, Rumour
from calendar_app.models.placements import Placement, Release
from calendar_app.models.posts import Campaign, Post, PostFact, PostPicture, PostVersion

__all__ = [
    "WAYS",
    "Activity",
    "Asset",
    "Audience",
    "Campaign",
    "EmergencyCopy",
    "EmergencyMessage",
    "Frozen",
    "Notice",
    "OutsideAlert",
    "Placement",
    "Post",
    "PostFact",
    "PostPicture",
    "PostVersion",
    "Reach",
    "Release",
    "Rumour",
    "ShareKit",
]
