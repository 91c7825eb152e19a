"""A stand-in for the platforms that speaks their real HTTP dialects, and the town behind it.

It imports no Django, keeps its state in one SQLite file and answers on 127.0.0.1 only. `control` documents every
control call; `client.Emulator` speaks them; `process.start` runs the server for a test.
"""
