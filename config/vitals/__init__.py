"""Is it working? What is read about the machinery (`facts`), what of it is wrong (`rules`), and who is told
(`alarms`); for people as a page and for machines as JSON and Prometheus text (`config.working`, `exposition`).
"""
