"""Users sign in with their e-mail address."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Makes users; the address is stored in lower case, so that one person has one account."""

    def create_user(self, email: str, name: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person with an account. `initials` sign public replies; `shortcuts` turns the keyboard shortcuts on."""

    THEMES = [("system", "As the device"), ("light", "Light"), ("dark", "Dark")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    initials = models.CharField(max_length=4, blank=True)
    theme = models.CharField(max_length=6, choices=THEMES, default="system")
    shortcuts = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]
        ordering = ("name", "email")

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def signature(self) -> str:
        """The initials a public reply is signed with: the person's own choice, else made from the name."""
        return self.initials or "".join(part[0] for part in self.name.split()[:2]).upper()


def display_name(user: User) -> str:
    return user.name
