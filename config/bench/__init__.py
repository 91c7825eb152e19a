"""What Parley must bear, measured: each row seeds a town of that size, does the work, and holds it against a budget."""
