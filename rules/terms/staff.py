"""The words of the firm's own people: who they are and what they may see."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Staff read and answer; leads also switch following and triage; admins also manage accounts and staff."""

    STAFF = "staff"
    LEAD = "lead"
    ADMIN = "admin"

    def at_least(self, other: "Role") -> bool:
        """Whether this role includes the rights of the other."""
        order = (Role.STAFF, Role.LEAD, Role.ADMIN)
        return order.index(self) >= order.index(other)


class FieldGroup(StrEnum):
    """Parts of the record that a firm may keep from some of its staff."""

    MONEY = "money"
    PARTICULARS = "particulars"


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff who may log in. `language` is "de", "en" or "" (as the browser says)."""

    login: str
    name: str
    role: Role = Role.STAFF
    email: str = ""
    language: str = ""
    groups: frozenset[FieldGroup] = frozenset(FieldGroup)
    active: bool = True


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes a page, an answer or an event is for. `mailboxes` are those whose content they may read."""

    login: str
    role: Role
    language: str
    mailboxes: frozenset[str]
    groups: frozenset[FieldGroup] = frozenset(FieldGroup)
