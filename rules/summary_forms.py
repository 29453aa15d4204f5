"""The Summary as mail clients get it (the JSON of design section 7), and as plain text for a terminal."""

from rules.summary import evidence_text
from rules.terms.mail import Verdict
from rules.terms.summary import (
    Line,
    Status,
    Summary,
    SummaryAction,
    SummaryCase,
    SummaryComplaint,
    SummaryContact,
    SummaryMoney,
    SummaryPromise,
    SummaryValue,
)
from rules.wording import say


def as_json(summary: Summary, language: str = "en") -> dict[str, object]:
    """The JSON of design section 7, complete: what is not built yet is null or empty."""
    customer, contact, match = summary.customer, summary.contact, summary.match
    return {
        "status": summary.status.value,
        "as_of": summary.as_of.isoformat(),
        "message": summary.message
        and {
            "message_id": summary.message.message_id,
            "subject": summary.message.subject,
            "from": summary.message.sender,
            "no": summary.message.no,
        },
        "customer": customer
        and {
            "id": customer.id,
            "name": customer.name,
            "kind": customer.kind,
            "party": list(customer.party),
            "status": customer.status,
            "since": customer.since,
            "king": customer.king,
        },
        "contact": contact
        and {
            "id": contact.id,
            "name": contact.name,
            "role": contact.role,
            "language": contact.language,
            "address": contact.address,
            "channel": contact.channel,
        },
        "match": match
        and {
            "sentence": match.sentence,
            "confidence": match.confidence,
            "candidates": [{"id": one.id, "name": one.name, "href": one.href} for one in match.candidates],
            "evidence": [
                {"reason": evidence_text(one, language), "quote": one.quote, "weight": one.weight}
                for one in match.evidence
            ],
        },
        "trust": summary.trust and {"verdict": summary.trust.verdict.value, "sentence": summary.trust.sentence},
        "cases": [_case_json(case) for case in summary.cases],
        "complaint": summary.complaint and _complaint_json(summary.complaint),
        "particulars": [_line_json(line) for line in summary.particulars],
        "money": summary.money and _money_json(summary.money),
        "value": summary.value and _value_json(summary.value),
        "recent": [_line_json(line) for line in summary.recent],
        "references": [_line_json(line) for line in summary.references],
        "promises": [_promise_json(promise) for promise in summary.promises],
        "next_action": summary.next_action and _action_json(summary.next_action),
        "withheld": list(summary.withheld),
        "actions": list(summary.actions),
    }


def as_text(summary: Summary, language: str) -> str:
    """The summary for a terminal, a few plain lines."""
    lines = []
    if summary.customer:
        crown = f" ♔ {say('text.king', language)}" if summary.customer.king else ""
        since = f" · {say('text.since', language, since=summary.customer.since)}" if summary.customer.since else ""
        badge = f" [{summary.value.badge}]" if summary.value and summary.value.badge else ""
        lines.append(f"{summary.customer.name} ({summary.customer.id}){crown}{badge}{since}")
    if summary.contact:
        lines.append(", ".join(_person_text(summary.contact, language)))
    if summary.match:
        lines.append(summary.match.sentence)
    if summary.trust and summary.trust.verdict is not Verdict.NONE:
        lines.append(summary.trust.sentence)
    if summary.match and summary.status is not Status.KNOWN and summary.match.candidates:
        names = ", ".join(f"{one.name} ({one.id})" for one in summary.match.candidates)
        lines.append(f"{say('text.candidates', language)}: {names}")
    for case in summary.cases:
        parts = (f"#{case.id}", case.text, case.state_text, case.due_text, case.assignee_text)
        lines.append(f"> {' · '.join(part for part in parts if part)}")
    if summary.complaint:
        lines.append(f"! {summary.complaint.text}")
        told = (*summary.complaint.lines, *((summary.complaint.relief,) if summary.complaint.relief else ()))
        lines += [f"  {line.text}" for line in told]
    lines += [f"{'!' if promise.overdue else '>'} {promise.text}" for promise in summary.promises]
    lines += _worth_text(summary)
    for title, section in (("text.recent", summary.recent), ("text.references", summary.references)):
        if section:
            lines.append(f"{say(title, language)}:")
            lines += [f"  {(line.date or '')[:10]:10}  {line.text}" for line in section]
    return "\n".join(lines) + "\n"


def _person_text(contact: SummaryContact, language: str) -> list[str]:
    """Who wrote, and how they like to be addressed."""
    channel = contact.channel and say(f"channel.{contact.channel}", language)
    liked = say("text.preferred", language, channel=channel) if channel else ""
    return [part for part in (contact.name, contact.role, contact.address, contact.language, liked) if part]


def _worth_text(summary: Summary) -> list[str]:
    lines = [f"* {line.text}" for line in summary.particulars]
    if money := summary.money:
        lines += [f"{line.text}  {money.spark}" if line.source == "orders" else line.text for line in money.lines]
    if summary.value:
        lines += [line.text for line in summary.value.lines]
    if action := summary.next_action:
        lines.append(f"→ {action.text} ({action.reason})")
    return lines


def _complaint_json(complaint: SummaryComplaint) -> dict[str, object]:
    readable = complaint.message is not None
    return {
        "text": complaint.text,
        "source": "mail",
        "date": complaint.date,
        "href": f"/messages/{complaint.message}" if readable else None,
        "state": complaint.state.value,
        "severity": complaint.severity,
        "category": complaint.category and complaint.category.value,
        "message": complaint.message,
        "lines": [_line_json(line) for line in complaint.lines],
        "relief": complaint.relief and _line_json(complaint.relief),
        "more": complaint.more,
        "actions": ["solve"] if complaint.solvable else [],
    }


def _case_json(case: SummaryCase) -> dict[str, object]:
    return {
        "id": case.id,
        "text": case.text,
        "source": "case",
        "date": case.date,
        "href": case.href,
        "state": case.state.value,
        "state_text": case.state_text,
        "due": case.due,
        "due_text": case.due_text,
        "overdue": case.overdue,
        "assignee": case.assignee or None,
        "assignee_text": case.assignee_text,
        "actions": ["take"] if case.takeable else [],
    }


def _promise_json(promise: SummaryPromise) -> dict[str, object]:
    told: dict[str, object] = {
        "id": promise.id,
        "text": promise.text,
        "source": "promise",
        "date": promise.date,
        "href": promise.href,
        "actions": ["kept"],
    }
    return told | {"tone": "warn"} if promise.overdue else told


def _money_json(money: SummaryMoney) -> dict[str, object]:
    return {
        "lines": [_line_json(line) for line in money.lines],
        "spark": money.spark,
        "months": [{"month": month, "revenue": f"{amount / 100:.2f}"} for month, amount in money.months],
        "currency": money.currency,
        "change": money.change,
    }


def _value_json(value: SummaryValue) -> dict[str, object]:
    return {
        "lines": [_line_json(line) for line in value.lines],
        "class": value.value_class,
        "segment": value.segment,
        "badge": value.badge,
    }


def _action_json(action: SummaryAction) -> dict[str, object]:
    return {
        "text": action.text,
        "source": "value",
        "date": action.date,
        "href": action.href,
        "action": action.action,
        "reason": action.reason,
        "actions": ["accepted", "declined"] if action.decidable else [],
    }


def _line_json(line: Line) -> dict[str, object]:
    told: dict[str, object] = {"text": line.text, "source": line.source, "date": line.date, "href": line.href}
    return told | {"tone": line.tone} if line.tone else told
