"""Help: everybody signed in may read it, and how Parley is run is its administrators' alone."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.test import Client

from config import help as topics
from tests.factories import make_town, make_user

ROOT = Path(__file__).resolve().parents[2]
PAGES = [f"/help/{topic.name}/" for topic in topics.EVERYBODY]
RUNNING = [f"/help/running/{topic.name}/" for topic in topics.RUNNING]


@pytest.fixture
def browser(db: None, client: Client) -> Client:
    make_town()
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["contributor", "administrator", ""])
def test_who_reads_what(browser: Client, role: str):
    browser.force_login(make_user(role))
    index = browser.get("/help/").content.decode()
    assert all(browser.get(path).status_code == 200 for path in PAGES)
    runs = role == "administrator"
    assert [browser.get(path).status_code for path in RUNNING] == [200 if runs else 403] * len(RUNNING)
    assert [path in index for path in RUNNING] == [runs] * len(RUNNING)


@pytest.mark.django_db
def test_a_page_that_is_not_there(browser: Client):
    browser.force_login(make_user("administrator"))
    for path in ("/help/frame/", "/help/backups/", "/help/running/publishing/", "/help/nothing/"):
        assert browser.get(path).status_code == 404


def test_every_command_the_help_names_is_one_with_these_options():
    text = "".join(path.read_text("utf-8") for path in (ROOT / "templates" / "help").glob("*.html"))
    found = re.findall(r"manage\.py (backup|restore) ([^<\n]*)", text)
    assert len(found) >= 4
    for command, words in found:
        parser = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
        parser.parse_args(words.split())


STUB = """#!/bin/bash
echo "$(basename "$0") $*" >> "$LOG"
[[ "$*" == "describe"* ]] && echo v0.1.0
[[ -z "$FAILS" || "$*" != *"$FAILS"* ]]
"""


def upgrade(tmp_path: Path, fails: str = "") -> tuple[int, list[str]]:
    """Run the upgrade with git and docker that only write down what they were asked."""
    for name in ("git", "docker"):
        (tmp_path / name).write_text(STUB)
        (tmp_path / name).chmod(0o700)
    log = tmp_path / "log"
    log.unlink(missing_ok=True)
    words = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LOG": str(log), "FAILS": fails}
    script = ROOT / "config" / "deploy" / "upgrade.sh"
    done = subprocess.run([script, "v0.2.0"], env=words, capture_output=True, check=False)
    said = [line.removeprefix("docker compose ") for line in log.read_text().splitlines()]
    return done.returncode, said


def test_an_upgrade_stops_saves_changes_checks_and_starts(tmp_path: Path):
    status, said = upgrade(tmp_path)
    order = ["build", "stop --timeout 60 publisher", "exec -T backup", "run --rm -T migrate", "check --deploy", "up -d"]
    places = [next(n for n, line in enumerate(said) if step in line) for step in order]
    assert (status, places) == (0, sorted(places))
    assert said.index("git checkout --quiet v0.2.0") < places[0]


@pytest.mark.parametrize("step", ["build", "stop", "exec -T backup", "run --rm -T migrate", "check --deploy"])
def test_whatever_fails_the_version_from_before_runs_again(tmp_path: Path, step: str):
    status, said = upgrade(tmp_path, fails=step)
    assert (status, said[-2:]) == (1, ["git checkout --quiet v0.1.0", "up -d"])
