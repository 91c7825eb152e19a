"""What other systems know, brought in from files: calls, hours, spend, followers and who they are."""
