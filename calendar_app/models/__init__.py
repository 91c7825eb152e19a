"""Speaking: posts, and where and when they go out."""

from calendar_app.models.placements import Placement, Release
from calendar_app.models.posts import Campaign, Post, PostPicture, PostVersion

__all__ = ["Campaign", "Placement", "Post", "PostPicture", "PostVersion", "Release"]
