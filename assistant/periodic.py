"""What is done again and again: one list. Each job is done by one process at a time, whichever holds its name.

Over several processes (`--only`) the first that takes a job keeps it as long as it lives; when it ends, another does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from assistant.adopting import KEPT as ADOPTIONS
from assistant.alarms import Watchman
from assistant.attempts import WINDOW
from assistant.bootstrap import Services
from assistant.complaints.loading import generation as complaint_generation
from assistant.correspondence import Correspondence
from assistant.drafts import LIFETIME as DRAFTS
from assistant.duplicates import DuplicateFinder
from assistant.duties import Duty
from assistant.escalating import Escalator
from assistant.import_folders import ImportFolders
from assistant.outbox import KEPT, Outbox
from assistant.reassessing import Reassessor
from assistant.rederiving import rederive
from assistant.rematching import Rematcher
from assistant.retention import Retention
from assistant.satisfaction import Satisfaction
from assistant.snippets import PUT_BACK
from assistant.valuing import Valuer


@dataclass(frozen=True, slots=True)
class Job:
    """Something periodic.

    Attributes:
        name: of the job, and of the lock that its process holds; unique, and the same in every version.
        duty: the processes that may do it: SCHEDULE for what is short and due in time, WORK for long walks.
        run: does it; a KingpostError is logged and the next turn tries again. What is long looks whether the event is
            set, and ends soon then: the process is to stop, or another one does the job now.
        seconds: from one turn to the next; 0: once a night.
    """

    name: str
    duty: Duty
    run: Callable[[Event], object]
    seconds: float


def lock(job: str) -> str:
    """The name that whoever does a job holds (storage.peers)."""
    return f"job {job}"


def jobs(services: Services) -> tuple[Job, ...]:
    """All of them. A feature adds its line here."""
    pool, settings, firm = services.pool, services.settings, services.settings.as_firm()
    rematcher = Rematcher(pool, services.reader, firm, services.broker.publish)
    reassessor = Reassessor(pool, services.reader, complaint_generation(settings.complaint_models))
    valuer = Valuer(pool, settings)
    moved = services.casework.publish
    escalator = Escalator(pool, moved, zone=services.casework.teamwork.zone)
    outbox = Outbox(pool, settings, moved)
    satisfaction = Satisfaction.by(settings, pool)
    retention = Retention.over(settings, pool)
    watchman = Watchman(pool, settings, services.mailboxes)

    def match(stop: Event) -> None:
        """What is known has changed: records first, then the mail that they may explain."""
        if rederive(pool, firm, stop):
            rematcher.run(stop)

    def close_expired(stop: Event) -> None:
        now = datetime.now(UTC)
        with pool.begin() as work:
            work.staff.close_expired(now)
            work.attempts.forget(now - WINDOW)
            work.teams.forget_away(services.casework.teamwork.today)
            work.snippets.sweep(now - PUT_BACK)
            work.outbox.forget(now - KEPT)
            work.invitations.forget(now - KEPT)
            work.correspondents.forget_adoptions(now - ADOPTIONS)
            work.pairings.forget(now)
            work.setup_drafts.forget(now - DRAFTS)

    return (
        Job("match", Duty.WORK, match, 2),
        Job("assess", Duty.WORK, reassessor.run, 2),
        Job("import", Duty.WORK, ImportFolders(pool, settings).run, 10),
        Job("value", Duty.WORK, lambda stop: valuer.run(), 10),
        Job("duplicates", Duty.WORK, DuplicateFinder(pool, firm).run, 30),
        Job("correspondents", Duty.WORK, Correspondence(pool, firm).run, 30),
        Job("escalate", Duty.SCHEDULE, escalator.run, 5),
        Job("send", Duty.SCHEDULE, outbox.run, 5),
        Job("ask", Duty.SCHEDULE, satisfaction.run, 600),
        Job("sessions", Duty.SCHEDULE, close_expired, 900),
        Job("alarms", Duty.SCHEDULE, watchman.run, 300),
        Job("audit", Duty.SCHEDULE, watchman.look_for_gaps, 0),
        Job("blobs", Duty.SCHEDULE, lambda stop: retention.privacy.sweep(), 60),
        Job("retention", Duty.SCHEDULE, lambda stop: retention.run(), 0),
    )
