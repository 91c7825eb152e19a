"""Pages about people and the town."""
