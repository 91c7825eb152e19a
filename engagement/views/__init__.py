"""The pages of the inbox: the queue, one conversation, and the acts on it."""
