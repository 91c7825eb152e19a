"""The child that prints: JSON on its standard input, the number of sheets and the PDF on its standard output.

Run as a program of its own, by `metrics.printing` alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher


class OnlyThese(URLFetcher):
    """Reads the files it is given and nothing else, wherever a page or a stylesheet leads."""

    def __init__(self, addresses: Collection[str]) -> None:
        super().__init__()
        self.addresses = frozenset(addresses)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        if url not in self.addresses:
            raise ValueError(f"Nothing is fetched from {url}.")
        return super().fetch(url, headers)


def main() -> None:
    asked = json.load(sys.stdin.buffer)
    files = {name: Path(path).as_uri() for name, path in asked["fonts"].items()}
    faces = "".join(
        f'@font-face {{ font-family: "{name}"; font-weight: 100 900; src: url("{address}") }}\n'
        for name, address in files.items()
    )
    fetcher, fonts = OnlyThese(files.values()), FontConfiguration()
    page = HTML(string=asked["html"], base_url=asked["address"] or None, url_fetcher=fetcher)
    style = CSS(string=faces + asked["css"], font_config=fonts, url_fetcher=fetcher)
    document = page.render(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    data = document.write_pdf(pdf_variant="pdf/ua-1")
    sys.stdout.buffer.write(f"{len(document.pages)}\n".encode() + data)


if __name__ == "__main__":
    main()
