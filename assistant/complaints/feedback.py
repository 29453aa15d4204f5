"""What staff said of complaints, as labelled texts to train on. The mail of personal mailboxes is left out."""

from collections.abc import Iterator

from rules.complaints.frames import Words, judged
from rules.terms.complaint import Finding
from rules.terms.firm import Firm
from rules.terms.pooled import PooledMessage
from storage.pool import Pool

CHUNK = 100


def labelled(pool: Pool, firm: Firm) -> Iterator[dict[str, object]]:
    """One object for each mail that staff confirmed or dismissed, oldest first, in the form of the project's texts.

    `text` is what was judged (rules.complaints.frames); `phrases` is empty, for nobody marks them.
    """
    after = 0
    while True:
        with pool.read() as work:
            shared = [mailbox.name for mailbox in work.mailboxes.all() if not mailbox.personal]
            said = work.findings.ruled(shared, after, CHUNK)
            mails = work.messages.get_many([finding.message for finding in said])
        if not said:
            return
        yield from (_labelled(finding, mails[finding.message], firm) for finding in said)
        after = said[-1].message


def _labelled(finding: Finding, mail: PooledMessage, firm: Firm) -> dict[str, object]:
    words = judged(mail.message, mail.reading, firm) or Words(mail.reading.new_text, mail.message.subject, None)
    return {
        "id": f"pool-{finding.message}",
        "lang": words.language or finding.assessment.language,
        "channel": "mail",
        "subject": words.subject,
        "text": words.text,
        "flag": finding.flag,
        "severity": finding.severity,
        "category": finding.category.value,
        "phrases": [],
    }
