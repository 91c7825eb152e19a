"""What a backup holds, written beside it: when, of which version, how many rows, which heads, and every file's hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from config.backups.tools import BackupProblem

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"
MEDIA = "media"
CHUNK = 1 << 20


@dataclass
class Manifest:
    """`files`: path in the backup → its SHA-256 and size. `heads`: chain → its last seal. `left_out`: tables whose
    rows stay behind. `key_check`: words sealed under the key ring, to tell whether another ring opens this backup."""

    parley: str
    at: str
    postgres: str
    epoch: str
    highest_attempt: int
    heads: dict[str, dict[str, Any]]
    migrations: list[list[str]]
    counts: dict[str, int]
    left_out: list[str]
    key_check: str = ""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        return sum(int(one["bytes"]) for one in self.files.values())

    @property
    def media(self) -> dict[str, dict[str, Any]]:
        """The pictures' files, by their place in the media folder."""
        return {name.removeprefix(f"{MEDIA}/"): one for name, one in self.files.items() if name.startswith(f"{MEDIA}/")}


def write(manifest: Manifest, folder: Path) -> None:
    facts = asdict(manifest)
    text = json.dumps(facts | {"checksum": checksum(facts)}, indent=1, sort_keys=True)
    (folder / NAME).write_text(text + "\n", "utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a backup, which must be whole and of a form this version knows."""
    path = folder / NAME
    try:
        facts = json.loads(path.read_text("utf-8"))
        said = facts.pop("checksum")
        whole = said == checksum(facts)
    except OSError as error:
        raise BackupProblem(f"{folder} is not a backup of Parley: {NAME} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise BackupProblem(f"{path} is damaged: it is not the list a backup carries.") from error
    if not whole:
        raise BackupProblem(f"{path} is damaged: it was changed after the backup was made.")
    if facts.get("format") != FORMAT:
        raise BackupProblem(f"{folder} was made by a newer Parley ({facts.get('parley')}); install that one first.")
    return Manifest(**facts)


def checksum(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def verify(folder: Path) -> Manifest:
    """Recompute every checksum. BackupProblem names what is missing or changed."""
    manifest = read(folder)
    if wrong := list(differences(folder, manifest)):
        more = f", and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise BackupProblem(f"The backup in {folder} is not whole: {'; '.join(wrong[:3])}{more}.")
    return manifest


def differences(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name, said in manifest.files.items():
        path = safe(folder, name)
        if not path.is_file():
            yield f"{name} is missing"
        elif fingerprint(path) != said:
            yield f"{name} was changed"


def safe(folder: Path, name: str) -> Path:
    """A place below the folder, whatever the list says."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise BackupProblem(f"The list of the backup names {name!r}, which lies outside of it.")
    return folder / parts


def fingerprint(path: Path) -> dict[str, Any]:
    """A file as the manifest names it."""
    seen, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            seen.update(chunk)
            size += len(chunk)
    return {"sha256": seen.hexdigest(), "bytes": size}
