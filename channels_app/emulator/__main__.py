"""`python -m channels_app.emulator`: the emulator without Django around it."""

import argparse
import logging
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from .process import READY
from .server import serve


def main() -> int:
    """Serve until told to stop; says its address on the first line."""
    given = arguments().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        server, emulator = serve(given.home, given.port, given.control_token)
    except OSError as problem:
        sys.stderr.write(f"The emulator cannot use port {given.port}: {problem.strerror or problem}.\n")
        return 1
    emulator.prepare(given.town, given.seed, given.speed)

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    sys.stdout.write(f"{READY}http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.5)
    except KeyboardInterrupt:
        return 0
    return 0


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="emulator", description=__doc__)
    return add_arguments(parser)


def as_words(options: dict[str, Any]) -> list[str]:
    """Parsed options as a command line again."""
    names = ("home", "port", "town", "seed", "speed", "control_token")
    return [word for name in names for word in (f"--{name.replace('_', '-')}", str(options[name]))]


def add_arguments(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--home", type=Path, required=True, help="where its memory lives")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one and says which")
    parser.add_argument(
        "--town", choices=["empty", "fernhill"], default="empty", help="who lives there, at the first start"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same town")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="seconds that pass in each real second; 0 stops the clock"
    )
    parser.add_argument("--control-token", default="", help="what X-Control-Token must say")
    return parser


if __name__ == "__main__":
    sys.exit(main())
