"""Small stand-ins for what a test does not want to build: worker processes, a slow password hash."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from argon2 import PasswordHasher

from assistant.access import Access
from assistant.casework import Casework
from assistant.desk import Desk
from assistant.events import Broker
from assistant.lookup import Lookup
from assistant.mailboxes import Mailboxes
from assistant.openings import Openings
from assistant.reader import Reader
from assistant.setting_up import SettingUp
from assistant.settings import Settings
from assistant.upkeep import Upkeep
from rules.terms.document import Legibility, ReadFile
from storage.peers import Alone, Peers
from storage.pool import Pool

# argon2id as always, but in a millisecond.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class FakeIntake:
    """Remembers which quarantined mails it was asked to read again; none can be read."""

    retried: list[int] = field(default_factory=list)

    def retry(self, quarantined: int) -> bool:
        self.retried.append(quarantined)
        return False


class FakeReader:
    """Finds no HTML in any mail, and no text in any PDF."""

    def display(self, raw: bytes) -> str | None:
        return None

    def document(self, pdf: bytes) -> ReadFile:
        return ReadFile(Legibility.PICTURE)


@dataclass
class FakeServices:
    """What bootstrap would have built."""

    settings: Settings
    pool: Pool
    lookup: Lookup
    access: Access
    broker: Broker
    actions: Desk
    upkeep: Upkeep
    casework: Casework
    intake: FakeIntake
    reader: FakeReader = field(default_factory=FakeReader)
    peers: Peers = field(default_factory=Alone)

    @cached_property
    def setting_up(self) -> SettingUp:
        """Without a file that could be changed."""
        mailboxes = Mailboxes(self.settings, self.pool)
        return SettingUp(self.settings, self.pool, self.access, mailboxes, cast("Reader", self.reader))

    @property
    def openings(self) -> Openings:
        """Every time a fresh one: nothing told before is remembered."""
        return Openings.over(self.pool, self.broker.publish)
