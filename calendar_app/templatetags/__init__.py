"""What the calendar's templates need."""
