"""Pages of the calendar, one noun to a file."""
