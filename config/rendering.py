"""Making the models of each state of a migration no more often than its statements need.

After each operation Django makes anew every model that is related to the changed one, however far: with two hundred
models that is nearly all of them, hundreds of times, and nineteen twentieths of the time of an installation. To work
out statements for PostgreSQL the changed model is enough, as models find what points to them by name; only where a
column that others point to changes its kind or its name must they be made anew as well. Django makes all of them anew
before it runs a function of a migration, as it is told that some are old (`is_delayed`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState

FOUND_BY = "_find_reload_model"
FELT_BY_OTHERS = ("alter_field", "rename_field", "rename_model")


@contextmanager
def sparing() -> Iterator[None]:
    """Within it a change makes its own model anew, and all of them only where others may feel it."""
    changes: list[str] = []

    def find(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
        if changes and not delay:
            return set(state.models)
        state.is_delayed = True
        return {(app_label, model_name)}

    def felt(method: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(method)
        def change(*words: Any, **named: Any) -> None:
            changes.append(method.__name__)
            try:
                method(*words, **named)
            finally:
                changes.pop()

        return change

    known = {name: getattr(ProjectState, name) for name in (FOUND_BY, *FELT_BY_OTHERS)}
    try:
        setattr(ProjectState, FOUND_BY, find)
        for name in FELT_BY_OTHERS:
            setattr(ProjectState, name, felt(known[name]))
        yield
    finally:
        for name, method in known.items():
            setattr(ProjectState, name, method)
