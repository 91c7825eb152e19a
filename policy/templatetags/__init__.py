"""Template tags of the policy."""
