"""How passwords are stored: Argon2id with 48 MiB a check.

Django's default takes about 100 MiB and half a second on two cores, so that a few dozen sign-ins at once would be an
attack on memory; 48 MiB with three passes is still above the recommended minimum.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id: 3 passes over 48 MiB, 2 lanes."""

    time_cost = 3
    memory_cost = 48 * 1024
    parallelism = 2
