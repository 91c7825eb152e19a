"""Speaking: posts, and where and when they go out."""

from calendar_app.models.afterwards import Correction, LinkClaim, Readback, TakedownDecision
from calendar_app.models.campaigns import WAYS, Activity, Asset, Audience, Notice, Reach, ShareKit
from calendar_app.models.comments import CommentWindow
from calendar_app.models.composing import GoodHour, HoursLook, Presence
from calendar_app.models.emergencies import EmergencyCopy, EmergencyMessage, Frozen, OutsideAlert, Rumour
from calendar_app.models.ideas import ContributorCard, Idea, IdeaPicture
from calendar_app.models.limits import MixLimits
from calendar_app.models.placements import Placement, Release
from calendar_app.models.posts import Campaign, Post, PostFact, PostPicture, PostVersion
from calendar_app.models.rhythm import Cadence, Moving, Slot
from calendar_app.models.series import Series, SeriesPart
from calendar_app.models.signing import Remark, Signature, SignReminder
from calendar_app.models.transfers import Feed, Import, ImportRow

__all__ = [
    "Cadence",
    "WAYS",
    "Activity",
    "Asset",
    "Audience",
    "Campaign",
    "CommentWindow",
    "ContributorCard",
    "Correction",
    "EmergencyCopy",
    "EmergencyMessage",
    "Feed",
    "Frozen",
    "Import",
    "ImportRow",
    "Idea",
    "IdeaPicture",
    "LinkClaim",
    "MixLimits",
    "Moving",
    "Notice",
    "GoodHour",
    "HoursLook",
    "OutsideAlert",
    "Placement",
    "Post",
    "PostFact",
    "PostPicture",
    "PostVersion",
    "Readback",
    "Reach",
    "Presence",
    "Release",
    "Remark",
    "Rumour",
    "Series",
    "SeriesPart",
    "SignReminder",
    "Signature",
    "TakedownDecision",
    "Slot",
    "ShareKit",
]
