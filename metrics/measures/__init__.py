"""Every measure as one rule: the rows it is counted from, and a pure function from those rows to its figure."""
