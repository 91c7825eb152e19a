"""The trial's town: what no platform could give (names, objectives, notes), and its weeks lived in fast motion."""
