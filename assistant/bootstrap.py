"""Builds everything once from the settings; use cases get what they need from here as arguments."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from assistant.access import Access
from assistant.attempts import attempts_key
from assistant.casework import Casework
from assistant.complaints.loading import assessor
from assistant.desk import Desk
from assistant.erased import Gate
from assistant.events import Broker, CaseChanged, CustomerChanged
from assistant.intake import Intake
from assistant.lookup import Lookup
from assistant.mailboxes import Mailboxes
from assistant.openings import Openings
from assistant.reader import Reader
from assistant.setting_up import SettingUp
from assistant.settings import Settings
from assistant.triage import Triage
from assistant.upkeep import Upkeep
from storage.peers import Alone, Peers
from storage.pool import Pool


@dataclass(frozen=True, slots=True)
class Services:
    """The assembled house."""

    settings: Settings
    pool: Pool
    reader: Reader
    intake: Intake
    lookup: Lookup
    access: Access
    broker: Broker
    actions: Desk
    upkeep: Upkeep
    casework: Casework
    mailboxes: Mailboxes
    openings: Openings
    setting_up: SettingUp
    peers: Peers = field(default_factory=Alone)


@contextmanager
def opened_pool(settings: Settings, *, create: bool = False) -> Iterator[Pool]:
    """The pool, closed at the end.

    Raises:
        PoolError: it is missing (unless `create`), too old, too new or out of reach.
    """
    make = Pool.create if create else Pool.open
    pool = make(settings.pool_url, settings.blobs)
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def reading(settings: Settings) -> Iterator[Reader]:
    """The worker processes that read mail, ended at the end."""
    reader = Reader(
        settings.as_firm(),
        workers=settings.reading.workers,
        deadline=settings.reading.deadline,
        memory=settings.reading.memory,
        assessor=partial(assessor, settings.complaint_models),
    )
    try:
        yield reader
    finally:
        reader.close()


@contextmanager
def assembled(settings: Settings) -> Iterator[Services]:
    """Everything, over an existing pool.

    Raises:
        PoolError: the pool cannot be used.
    """
    with opened_pool(settings) as pool, reading(settings) as reader:
        broker = Broker()
        triage = Triage.by(settings)
        intake = Intake(pool, reader, triage, broker.publish, gate=Gate.by(settings))
        mailboxes = Mailboxes(settings, pool)
        access = Access(pool, settings.web.session_hours, key=attempts_key(settings))

        def moved(cases: frozenset[int]) -> None:
            broker.publish(CaseChanged(cases))

        def told(customer: str) -> None:
            broker.publish(CustomerChanged(customer))

        yield Services(
            settings=settings,
            pool=pool,
            reader=reader,
            intake=intake,
            lookup=Lookup.by(settings, pool),
            access=access,
            broker=broker,
            actions=Desk(pool, intake, mailboxes, broker),
            upkeep=Upkeep.over(pool, triage, moved, told, existing=settings.firm.mail_existing_customers),
            casework=Casework(pool, triage, moved),
            mailboxes=mailboxes,
            openings=Openings.over(pool, broker.publish),
            setting_up=SettingUp(settings, pool, access, mailboxes, reader),
        )
