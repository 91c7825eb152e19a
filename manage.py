#!/usr/bin/env python3
"""Parley's only door: sets up what is missing, then runs the command that was asked for."""

import importlib
import os
import sys

from config import bootstrap


def main() -> None:
    bootstrap.enter(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name in bootstrap.BARE:
        sys.exit(importlib.import_module("config.secret_files").main(sys.argv[2:]))
    if name in (*bootstrap.SELF_STARTING, "emulate"):
        importlib.import_module("config.management.commands." + name).Command().run_from_argv(sys.argv)
        return
    bootstrap.use_trial_environment()
    management = importlib.import_module("django.core.management")
    wrong = importlib.import_module("django.core.exceptions").ImproperlyConfigured
    try:
        management.execute_from_command_line(sys.argv)
    except wrong as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
