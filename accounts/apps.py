"""Accounts: who may act, who did act, who is told."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
