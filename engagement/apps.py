"""Inbox: what is heard, and the answer in time."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    name = "engagement"
