"""A backup is worth what a restore of it is: everything equal, the tokens shut without their key ring, nothing sent."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts import audit, clock, keyring
from accounts.models import AuditSeal, last_good_backup
from channels_app import outbox, vault
from channels_app.models import Credential, Delivery, Instance, Media
from channels_app.publishing import instance, rounds
from channels_app.publishing.claim import EMERGENCY, claim
from channels_app.publishing.sending import work
from config import secret_files
from config.backups import making
from config.backups import manifest as listing
from policy import records
from policy.models import RecordSeal
from tests.factories import make_delivery, make_user
from tests.faults import cluster
from tests.faults.cluster import Servers
from tests.filled import TOKEN, fill
from tests.stage import Stage, stage

__all__ = ["stage"]

POSTS, POSTS_LONG = 2_000, 50_000
LONGEST = 120  # seconds for both ways at full size


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Servers]:
    """A second PostgreSQL, as a new machine has it: two roles and an empty database."""
    with cluster.running(tmp_path / "second") as servers:
        yield servers


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def every_table() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models} - set(making.LEFT_OUT)


def other_ring(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(secret_files.new_keyring())


def open_token() -> str:
    row = Credential.objects.filter(field="token").select_related("channel").first()
    assert row
    return vault.open_(row.channel.key, row.field, row.sealed).reveal()


def test_everything_comes_back_and_nothing_is_sent(
    transactional_db: str, empty: Servers, settings: Any, tmp_path: Path, stage: Stage, long: bool, record_property
):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PARLEY_INSTANCE_FILE = str(tmp_path / "instance.json")
    fill(POSTS_LONG if long else POSTS)
    instance.check(clock.now())
    started = time.monotonic()
    backups, escrow = tmp_path / "backups", tmp_path / "escrow"
    call_command("backup", to=backups, keys_to=escrow)
    took = time.monotonic() - started
    [folder] = making.backups(backups)
    manifest, pictures = listing.verify(folder), hashes(settings.MEDIA_ROOT)
    assert [
        model for model in apps.get_models(include_auto_created=True) if manifest.counts.get(model._meta.db_table) == 0
    ] == []
    assert manifest.media.keys() == pictures.keys()
    assert len(pictures) == 6
    assert last_good_backup()

    settings.MEDIA_ROOT = tmp_path / "new machine" / "media"
    settings.PARLEY_INSTANCE_FILE = str(tmp_path / "new machine" / "instance.json")
    settings.PARLEY_KEYRING = str(tmp_path / "new machine" / "keyring")
    with cluster.pointing_at(empty):
        with pytest.raises(CommandError, match="Put the key ring that was kept apart at"):
            call_command("restore", folder)
        other_ring(Path(settings.PARLEY_KEYRING))
        started = time.monotonic()
        call_command("restore", folder)
        took += time.monotonic() - started
        whole_again(manifest, pictures, settings.MEDIA_ROOT)
        with pytest.raises(keyring.CannotOpen):
            open_token()
        [kept] = escrow.iterdir()
        settings.PARLEY_KEYRING = str(kept)
        assert open_token() == TOKEN
        stands_still_until_a_person_resumes(stage)
    record_property("restore drill", f"{sum(manifest.counts.values()):,} rows there and back in {took:.1f} s")
    assert took < LONGEST


def whole_again(manifest: listing.Manifest, pictures: dict[str, str], folder: Path) -> None:
    """What the restore itself adds is only that it stands still, and whom it has told."""
    counts = making.counts()
    added = {"channels_app_attempt", "accounts_auditentry", "accounts_notification", "accounts_mail"}
    assert {table for table in counts if counts[table] != manifest.counts[table]} <= added
    assert counts.keys() == manifest.counts.keys()
    assert (audit.verify(), records.verify()) == (None, None)
    assert manifest.heads == {"audit": making.head(AuditSeal), "record": making.head(RecordSeal)}
    assert manifest.heads["record"]["seq"] >= 50
    assert hashes(folder) == pictures
    for media in Media.objects.exclude(sha256="").exclude(file="pictures/none.jpg"):
        assert hashlib.sha256((folder / media.file).read_bytes()).hexdigest() == media.sha256


def stands_still_until_a_person_resumes(stage: Stage) -> None:
    row = Instance.objects.get()
    assert (row.publishing, row.restored) == (False, True)
    assert outbox.publishing_state().why == instance.RESTORED
    assert not Delivery.objects.filter(state__in=["scheduled", "retry_wait"], ask_first=False).exists()
    urgent = make_delivery(due_at=clock.now(), priority=EMERGENCY)
    assert claim(rounds.publisher(clock.now), clock.now()) is None
    outbox.resume_all(make_user("manager"), clock.now())
    me = rounds.publisher(clock.now)
    found = claim(me, clock.now())
    assert found == urgent
    work(me, found)
    assert [one.text for one in stage.sent] == [urgent.payload["text"]]
