"""Filters for pages about people."""
