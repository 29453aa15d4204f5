"""What storing a mail costs, in a small pool and in a larger one: CPU µs a mail, in batches, with their ratio.

python benchmarks/store.py [--small 5000] [--large 50000] [--url postgresql://…]
"""

import argparse
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rules.terms.finding import Action, Evidence, Match
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import (
    Address,
    Attachment,
    Cursor,
    Direction,
    FolderRole,
    Mailbox,
    MailKind,
    Message,
    Placement,
    Reading,
    Verdict,
)
from rules.terms.pooled import NewMail
from storage.pool import Pool

START = datetime(2020, 1, 1, tzinfo=UTC)
SIZE_OF_TEXT = 2_000


class Writer:
    """Writes mails as a firm gets them: few words often, many rarely; some threads, some attachments."""

    def __init__(self) -> None:
        self._luck = random.Random(7)
        letters = "abdefghiklmnoprstuwzäöü"
        self._words = ["".join(self._luck.choices(letters, k=self._luck.randint(2, 12))) for _ in range(40_000)]
        self._weights = [1 / (rank + 3) for rank in range(len(self._words))]
        self._cumulated = list(_running(self._weights))

    def mail(self, no: int) -> NewMail:
        """The mail of this number."""
        luck = self._luck
        digest = sha256(str(no).encode()).hexdigest()
        identity = f"1:{digest}"
        text = " ".join(luck.choices(self._words, cum_weights=self._cumulated, k=320))[:SIZE_OF_TEXT]
        customer = f"C{luck.randrange(5000):05}"
        attachments = (Attachment("Rechnung.pdf", "application/pdf", 40_000, digest[::-1]),) if no % 10 == 0 else ()
        message = Message(
            identity=identity,
            message_id=f"{digest[:24]}@{luck.choice(self._words)}.example",
            sender=Address(f"{customer.lower()}@{luck.choice(self._words)}.example", "Erika Mustermann"),
            subject=" ".join(luck.choices(self._words, cum_weights=self._cumulated, k=5)),
            date=START + timedelta(minutes=no),
            text=text,
            size=26_000,
            to=(Address("info@firma.example", "Firma GmbH"), Address("team@firma.example")),
            references=(f"{digest[24:48]}@example.org",),
            attachments=attachments,
        )
        return NewMail(
            message=message,
            reading=Reading(MailKind.PERSON, text[:900], text[900:1000], "de"),
            direction=Direction.INCOMING,
            match=Match(
                Action.ATTACH, customer, "P1", 0.98, False, (customer,), (Evidence("address", "info@example.org", 3.2),)
            ),
            verdict=Verdict.PASS,
            thread=identity,
            raw_digest=digest,
            placement=Placement("info", "INBOX", 1, no + 1, frozenset({"\\Answered"})),
            arrived=START + timedelta(minutes=no, seconds=5),
            history=True,
        )


def _running(weights: list[float]) -> list[float]:
    total, sums = 0.0, []
    for weight in weights:
        total += weight
        sums.append(total)
    return sums


def store(pool: Pool, batch: list[NewMail]) -> None:
    """One batch as intake stores it: known already? then mail, timeline and cursor together."""
    with pool.begin() as work:
        work.messages.known([mail.message.identity for mail in batch])
        numbers = work.messages.add(batch)
        work.interactions.add(
            Interaction(
                mail.match.customer_id or "",
                Channel.MAIL,
                mail.arrived,
                mail.message.subject,
                direction=mail.direction,
                message=no,
            )
            for no, mail in zip(numbers, batch, strict=True)
        )
        work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(1, batch[-1].placement.uid or 0))


def fill(pool: Pool, writer: Writer, start: int, end: int, size: int) -> float:
    """Store the mails from one number to another; CPU µs a mail, without the time to write them."""
    used = 0.0
    for first in range(start, end, size):
        batch = [writer.mail(no) for no in range(first, min(first + size, end))]
        before = time.process_time()
        store(pool, batch)
        used += time.process_time() - before
    return used / (end - start) * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=5_000, help="messages in the pool at the first measure")
    parser.add_argument("--large", type=int, default=50_000, help="messages in the pool at the second")
    parser.add_argument("--sample", type=int, default=3_000, help="mails measured each time")
    parser.add_argument("--batch", type=int, default=100, help="mails in one unit of work")
    parser.add_argument("--url", help="an empty database instead of an SQLite file (its server's CPU is not counted)")
    words = parser.parse_args()
    writer = Writer()
    with tempfile.TemporaryDirectory(prefix="kp-store-") as folder:
        pool = Pool.create(words.url or f"sqlite:///{folder}/kingpost.db", f"{folder}/blobs")
        try:
            with pool.begin() as work:
                work.mailboxes.put(Mailbox("info"))
            began = time.monotonic()
            fill(pool, writer, 0, words.small, words.batch)
            small = fill(pool, writer, words.small, words.small + words.sample, words.batch)
            fill(pool, writer, words.small + words.sample, words.large, words.batch)
            large = fill(pool, writer, words.large, words.large + words.sample, words.batch)
            took = time.monotonic() - began
        finally:
            pool.close()
        size = sum(file.stat().st_size for file in Path(folder).glob("kingpost.db*"))
    print(f"at {words.small:>9,} messages: {small:6.0f} µs CPU a mail")
    print(f"at {words.large:>9,} messages: {large:6.0f} µs CPU a mail")
    print(f"ratio {large / small:.2f} (goals: at most 1.3, and 500 µs)")
    if size:
        print(f"{size / (words.large + words.sample) / 1024:.1f} KiB a mail on disk")
    print(f"{took:.0f} s in all, making the mails included")


if __name__ == "__main__":
    main()
