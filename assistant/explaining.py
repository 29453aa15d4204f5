"""What Kingpost would do with mails, and why, without writing anything into the firm's pool."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.bootstrap import opened_pool, reading
from assistant.complaints.assessing import as_json
from assistant.deciding import Draft, Seen, decide, draft_of
from assistant.intake import written
from assistant.reader import ReadMail
from assistant.settings import Settings
from assistant.triage import Triage, Triaged
from connectors import files
from rules.complaints.frames import asked_of
from rules.summary import evidence_text, match_sentence
from rules.terms.case import Decision
from rules.terms.complaint import Assessment, Finding
from rules.terms.errors import KingpostError, MailRefused, PoolMissing
from rules.terms.mail import Address, FolderRole, RawMail
from rules.wording import say, told
from storage.pool import Pool, Work

CHUNK = 50
HELD = 5000
HELD_CHARACTERS = 20_000_000

Explanation = dict[str, object]


def explanations(settings: Settings, paths: Iterable[Path], language: str) -> Iterator[Explanation]:
    """One explanation for each mail under the paths, in the order given (the JSON of design section 5).

    Threads are seen over the mails given and the pool: up to HELD mails or HELD_CHARACTERS of text are read before the
    first one is explained, so that a parent may come after its answers. Of more than that, later mails find the threads
    of earlier ones. Without a pool nobody is known.
    """
    seen = Seen()
    held: list[Explanation] = []
    characters = 0
    for explanation in _explanations(settings, paths, language, seen):
        held.append(explanation)
        message = explanation["message"]
        # Body, new text and passed-on text: what of an explanation can be large.
        characters += 3 * len(message["text"]) if isinstance(message, dict) else 0
        if len(held) >= HELD or characters > HELD_CHARACTERS:
            yield from _with_threads(held, seen)
            held, characters = [], 0
    yield from _with_threads(held, seen)


def _explanations(settings: Settings, paths: Iterable[Path], language: str, seen: Seen) -> Iterator[Explanation]:
    """The explanations as the mails come, their threads named as far as they were known then."""
    firm = settings.as_firm()
    triage = Triage.by(settings)
    with _pool_or_empty(settings) as pool, reading(settings) as reader:
        for chunk in _chunks(files.mails(paths)):
            raws = [found for _, found in chunk if isinstance(found, RawMail)]
            results = iter(reader.submit([raw.raw for raw in raws]).result())
            made: list[tuple[str, Draft | KingpostError]] = []
            for label, found in chunk:
                result = next(results) if isinstance(found, RawMail) else found
                if isinstance(found, RawMail) and isinstance(result, ReadMail):
                    made.append((label, draft_of(result, found, FolderRole.OTHER, firm)))
                elif isinstance(result, KingpostError):
                    made.append((label, result))
            with pool.read() as work:
                drafts = [draft for _, draft in made if isinstance(draft, Draft)]
                decide(work, drafts, seen)
                decisions = _decisions(work, triage, drafts)
            for label, draft in made:
                if isinstance(draft, Draft):
                    yield _explained(label, draft, next(decisions), language)
                else:
                    yield _refused(label, draft, language)


def _decisions(work: Work, triage: Triage, drafts: Sequence[Draft]) -> Iterator[Decision | None]:
    """What triage would say of each mail. What a mere supplier writes is no complaint to us."""
    ids = {draft.match.customer_id for draft in drafts if draft.match.customer_id}
    known, pending, values = work.customers.get_many(ids), work.cases.pending_of(ids), work.values.of(ids)
    decisions = []
    for draft in drafts:
        customer = known.get(draft.match.customer_id or "")
        mail = draft.mail
        if customer and not asked_of(mail.reading.kind, draft.direction, customer.party, handed_on=mail.handed_on):
            draft.mail = replace(mail, assessment=None)
        arrived = draft.source.arrived or draft.mail.message.date or datetime.now(UTC)
        at = written(draft.mail.message, arrived)
        found = None if draft.assessment is None else Finding(0, at, draft.assessment, draft.match.customer_id)
        triaged = Triaged.of_draft(draft, 0, at, arrived, found)
        id = draft.match.customer_id or ""
        decisions.append(triage.decide(triaged, customer, pending.get(id, 0), values.get(id)))
    return iter(decisions)


def _with_threads(held: list[Explanation], seen: Seen) -> Iterator[Explanation]:
    """The explanations with their threads as they are known now."""
    for explanation in held:
        message = explanation["message"]
        if isinstance(message, dict):
            message["thread"] = seen.names.name(message["thread"])
        yield explanation


def as_text(explanation: Explanation, language: str) -> str:
    """An explanation for a person, a few lines."""
    message, match = explanation["message"], explanation["match"]
    if not isinstance(message, dict) or not isinstance(match, dict):
        return f"{explanation['file']}\n  ✗ {explanation['error']}\n"
    lines = [
        str(explanation["file"]),
        f"  {message['from_name']} <{message['from_addr']}>: {message['subject']}",
        f"  {message['date'] or '–'} · {message['kind']} · {message['language'] or '–'} · {message['authentication']}",
        f"  → {match['sentence']}" + (f" ({match['customer']})" if match["customer"] else ""),
    ]
    if match["candidates"] and not match["customer"]:
        lines.append("    " + ", ".join(match["candidates"]))
    lines += [f"    {one['reason']}: {one['quote']} ({one['weight']:+.1f})" for one in match["evidence"]]
    complaint, decision = explanation["complaint"], explanation["decision"]
    if isinstance(complaint, dict) and complaint["flag"]:
        lines += [
            f"  ! {one['reason']}: {say('complaint.quote', language, quote=one['quote'])}"
            for one in complaint["evidence"]
        ]
    if isinstance(decision, dict):
        lines.append(f"  → {decision['queue']}, {decision['priority']}, {decision['due']}: {decision['because']}")
    lines += [f"  ! {defect}" for defect in message["defects"]]
    return "\n".join(lines) + "\n"


def _explained(label: str, draft: Draft, decision: Decision | None, language: str) -> Explanation:
    message, read, match = draft.mail.message, draft.mail.reading, draft.match
    original = read.original_sender
    return {
        "file": label,
        "ok": True,
        "error": None,
        "message": {
            "message_id": message.message_id,
            "from_addr": message.sender.addr,
            "from_name": message.sender.name,
            "reply_to": _addresses(message.reply_to),
            "to": _addresses(message.to),
            "cc": _addresses(message.cc),
            "subject": message.subject,
            "date": message.date.isoformat() if message.date else None,
            "text": message.text,
            "new_text": read.new_text,
            "signature": read.signature,
            "language": read.language,
            "kind": read.kind.value,
            "original_sender": {"addr": original.addr, "name": original.name} if original else None,
            "fwd_subject": read.fwd_subject,
            "fwd_text": read.fwd_text,
            "attachments": [attachment.name for attachment in message.attachments],
            "thread": draft.thread,
            "authentication": draft.verdict.value,
            "defects": list(message.defects),
        },
        "match": {
            "action": match.action.value,
            "customer": match.customer_id,
            "contact": match.contact_id,
            "confidence": match.confidence,
            "spoof": match.spoof,
            "candidates": list(match.candidates),
            "evidence": [
                {"reason": evidence_text(one, language), "quote": one.quote, "weight": one.weight}
                for one in match.evidence
            ],
            "sentence": match_sentence(match, next(iter(match.candidates), ""), language),
        },
        "complaint": as_json(draft.assessment or Assessment(), language),
        "decision": decision
        and {
            "queue": decision.queue,
            "priority": decision.priority.value,
            "because": told(decision.because, language),
            "due": decision.due.isoformat(),
        },
    }


def _refused(label: str, error: KingpostError, language: str) -> Explanation:
    reason = str(error.details["reason"]) if isinstance(error, MailRefused) else error.text(language)
    return {
        "file": label,
        "ok": False,
        "error": reason,
        "message": None,
        "match": None,
        "complaint": None,
        "decision": None,
    }


def _addresses(people: Iterable[Address]) -> list[str]:
    return [person.addr for person in people]


def _chunks(found: Iterator[files.Found]) -> Iterator[list[files.Found]]:
    chunk: list[files.Found] = []
    for one in found:
        chunk.append(one)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


@contextmanager
def _pool_or_empty(settings: Settings) -> Iterator[Pool]:
    """The firm's pool, or an empty one for the moment where there is none yet."""
    try:
        with opened_pool(settings) as pool:
            yield pool
            return
    except PoolMissing:
        pass
    with tempfile.TemporaryDirectory(prefix="kingpost-") as folder:
        pool = Pool.create(f"sqlite:///{folder}/pool.sqlite", f"{folder}/blobs")
        try:
            yield pool
        finally:
            pool.close()
