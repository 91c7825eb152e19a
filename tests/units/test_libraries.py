"""What prints reports is brought by the test command where it may; where not, a sentence says what to install."""

from __future__ import annotations

import io

import pytest

from config import installing
from config.management.commands.test import Command
from metrics import printing

NOWHERE = {"Pango": ("libnowhere.so.0",), "libc": ("libc.so.6",)}
LEFT_OUT = "--ignore=tests/stories/test_papers.py"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine without Pango, where nothing may be installed."""
    words: list[str] = []
    monkeypatch.setattr(printing, "LIBRARIES", NOWHERE)
    monkeypatch.setattr(installing, "install_debian", lambda *packages: words.extend(packages))
    return words


def test_missing_libraries_are_asked_for_and_the_rest_is_run_without_them(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    said = io.StringIO()
    assert printing.lacking() == ["Pango"]
    assert Command(stdout=said).without_missing_libraries(["-q"]) == ["-q", LEFT_OUT]
    assert asked == list(printing.PACKAGES)
    assert "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in said.getvalue()


def test_in_ci_missing_libraries_are_a_failure(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit):
        Command(stdout=io.StringIO()).without_missing_libraries([])
