"""One visit to a page: who goes there, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.browser.desk import Desk


@dataclass(frozen=True)
class Page:
    """`keys`: for each part of the address a question to the desk's database, or the part itself. `phone`: also looked
    at with axe as narrow as a phone; without `frame` it stands alone."""

    who: str = "publisher"
    keys: tuple[tuple[str, str], ...] = ()
    query: str = ""
    phone: bool = False
    frame: bool = True

    def address(self, name: str, desk: Desk) -> str:
        found = {key: desk.one(said) if said.startswith("SELECT") else said for key, said in self.keys}
        assert all(found.values()), f"nothing in the trial for {name}: {found}"
        return reverse(name, kwargs=found) + self.query


def keyed(question: str, who: str = "publisher", **more: Any) -> Page:
    return Page(who, (("key", question),), **more)


def reffed(question: str, who: str = "publisher", **more: Any) -> Page:
    return Page(who, (("ref", question),), **more)
