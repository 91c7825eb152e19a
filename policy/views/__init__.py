"""Pages of the policy workspace."""
