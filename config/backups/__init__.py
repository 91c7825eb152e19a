"""Backups: made by `manage.py backup`, brought back by `manage.py restore`."""
