"""People: who may act, who did act, who is told."""

from accounts.models.audit import AuditEntry, AuditSeal
from accounts.models.backups import BackupRun, last_good_backup
from accounts.models.grants import Grant, Invitation, Scope
from accounts.models.identity import ClaimRule, Identity, IdentityProvider
from accounts.models.leaving import Departure, DepartureTask, NativeRole
from accounts.models.notices import Mail, Notification, NotificationChoice
from accounts.models.town import Town
from accounts.models.training import TrainingAttempt, TrainingModule, TrainingRule, TrainingVersion
from accounts.models.users import User, display_name

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "BackupRun",
    "ClaimRule",
    "Departure",
    "DepartureTask",
    "Grant",
    "Identity",
    "IdentityProvider",
    "Invitation",
    "Mail",
    "NativeRole",
    "Notification",
    "NotificationChoice",
    "Scope",
    "Town",
    "TrainingAttempt",
    "TrainingModule",
    "TrainingRule",
    "TrainingVersion",
    "User",
    "display_name",
    "last_good_backup",
]
