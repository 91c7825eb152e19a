"""Keeping what a process has loaded apart from what it makes and drops while it works."""

from __future__ import annotations

import gc

OFTEN = 10_000  # new objects between two looks for garbage; a page alone makes a few thousand and drops them by itself


def keep_loaded() -> None:
    """What is loaded by now stays as long as the process: leave it out of every search for garbage from here on.

    Before a fork, it also keeps that memory shared. A search through everything would hold a page up for some 25 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OFTEN)
