"""How a delivery gets out: once, in every fault, and never silently.

PostgreSQL decides. A delivery is claimed by one statement, its steps before sending are repeatable, its intent is
committed before the first byte, and every later write names the fence it was claimed under. What a call proves is
written down; what it leaves open is looked up on the platform, and then asked of a person. Nothing here sends again
what may be out already.
"""
