"""The few files of the front-end packages that pages load, served under `vendor/`.

The packages hold thousands of files; naming the ones in use keeps collecting and compressing them quick.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

MARKS = (
    "x", "facebook", "mastodon", "bluesky", "instagram", "threads", "youtube", "pinterest", "vimeo", "wordpress", "rss",
)  # fmt: skip
FONTS = ("latin-wght-normal", "latin-ext-wght-normal", "vietnamese-wght-normal", "latin-wght-italic")

# prefix under static/ → (folder in node_modules, files)
FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "vendor/fonts": (
        "@fontsource-variable/public-sans/files",
        tuple(f"public-sans-{name}.woff2" for name in FONTS),
    ),
    "vendor/marks": ("simple-icons/icons", tuple(f"{name}.svg" for name in MARKS)),
    "vendor/chart": ("chart.js/dist", ("chart.umd.min.js", "chart.umd.min.js.map")),
}


class VendorFinder(BaseFinder):
    """Finds exactly the files named above, where `npm ci` put them."""

    def check(self, **kwargs: object) -> list[CheckMessage]:
        missing = [str(path) for path in self._paths().values() if not path.is_file()]
        if not missing:
            return []
        hint = "Run `npm ci --ignore-scripts` in config/deploy/frontend, or start with manage.py trial."
        return [Error(f"Front-end files are missing: {', '.join(missing)}.", hint=hint, id="parley.E020")]

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> str | list[str]:  # type: ignore[override]
        found = self._paths().get(path)
        if found is None or not found.is_file():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: object) -> Iterator[tuple[str, FileSystemStorage]]:
        for prefix, (folder, names) in FILES.items():
            storage = FileSystemStorage(location=str(settings.FRONTEND / folder))
            storage.prefix = prefix  # type: ignore[attr-defined]
            for name in names:
                yield name, storage

    def _paths(self) -> dict[str, Path]:
        return {
            f"{prefix}/{name}": settings.FRONTEND / folder / name
            for prefix, (folder, names) in FILES.items()
            for name in names
        }
