"""The emulator keeps its word: its dialects, its faults, its pages."""
