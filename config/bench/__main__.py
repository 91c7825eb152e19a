"""The run itself, in a process of its own that meets the throwaway servers: `python -m config.bench ROW …`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import django


def main() -> int:
    """Measure the rows asked for; 0 when all are within their budgets."""
    django.setup()
    from config.bench.figures import table  # noqa: PLC0415 - the models exist from here on
    from config.bench.ground import Ground  # noqa: PLC0415
    from config.bench.rows import ROWS  # noqa: PLC0415

    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("rows", nargs="*")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--share", type=float)
    asked = parser.parse_args()
    begun = time.monotonic()

    def tell(words: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - begun:4.0f} s] {words}\n")

    ground = Ground(asked.home, tell, asked.seconds, asked.share)
    figures = []
    for name in asked.rows or list(ROWS):
        tell(name)
        figures += ROWS[name](ground)
    if asked.json:
        asked.json.write_text(json.dumps([figure.as_row() for figure in figures], indent=1) + "\n", "utf-8")
    sys.stdout.write(table(figures) + "\n")
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
