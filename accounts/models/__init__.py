"""People: who may act, who did act, who is told."""

from accounts.models.audit import AuditEntry, AuditSeal
from accounts.models.backups import BackupRun, last_good_backup
from accounts.models.grants import Grant, Invitation, Scope
from accounts.models.notices import Mail, Notification
from accounts.models.town import Town
from accounts.models.users import User, display_name

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "BackupRun",
    "Grant",
    "Invitation",
    "Mail",
    "Notification",
    "Scope",
    "Town",
    "User",
    "display_name",
    "last_good_backup",
]
