"""The quiet bar after something was done: what it was, and the form that takes it back.

What a link names is looked up: anybody can write a link, and only our own words and names of the pool are said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.ports import Services
from assistant.web import render
from assistant.web.texts import t
from rules.summary import full_name
from rules.terms.case import CaseEventKind
from rules.terms.customer import Customer
from rules.terms.staff import Role, Viewer
from rules.terms.upkeep import ProposalState
from rules.wording import knows, say
from storage.duplicates import DuplicateState
from storage.pool import Work

# What was done and cannot be taken back from here, or needs no taking back.
SIMPLE = frozenset(
    "undone nothing retried retry_failed language revoked password paired unsaid uncreated taken_back "
    "split case_undone noted letter_kept booked unbooked kept removed barred unbarred erased restricted "
    "unrestricted kept_group removed_group away_set away_cleared team_kept team_removed snippet_kept "
    "outgoing_cancelled outgoing_again adopted_back adopted_kept never_kept never_removed "
    "preferred consented".split()
)
# The words in an address that say what was done; a page's own address is without them.
ABOUT = frozenset(
    {
        "done",
        "mail",
        "mailbox",
        "also",
        "proposal",
        "merge",
        "case",
        "event",
        "snippet",
        "part",
        "pair",
        "promise",
        "whole",
        "decided_of",
        "action",
        "batch",
        "stayed",
    }
)


@dataclass(frozen=True, slots=True)
class Undo:
    """What was done, in words, and the form that takes it back."""

    text: str
    action: str = ""
    next: str = ""
    fields: Sequence[tuple[str, str]] = field(default=())


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address says, and who reads it."""

    query: Mapping[str, str]
    viewer: Viewer
    language: str
    here: str

    def number(self, name: str) -> int:
        """A number of the pool in the address, 0 where there is none."""
        value = self.query.get(name, "")
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0

    def undo(self, action: str, **values: object) -> Undo:
        """The bar with its form."""
        also = self.query.get("also", "")
        words = t(self.language, f"undo.{self.query['done']}", **values)
        return Undo(words, action, self.here, (("also", also),) if also else ())


def undo_of(services: Services, query: Mapping[str, str], viewer: Viewer, language: str, here: str) -> Undo | None:
    """What the form before a page did; None when nothing, or when it does not hold (any more)."""
    done, mailbox = query.get("done", ""), query.get("mailbox", "")
    if done in SIMPLE:
        return Undo(t(language, f"undo.{done}"))
    switch, _, now = done.partition("_")
    if switch in ("follow", "marks", "junk") and now in ("on", "off") and mailbox in viewer.mailboxes:
        action = f"/mailboxes/{render.quoted(mailbox)}/{switch}"
        on = "" if now == "on" else "1"
        return Undo(t(language, f"undo.{done}", name=mailbox), action, here, (("on", on),))
    if done == "signed_in" and (viewer.role.at_least(Role.ADMIN) or mailbox in viewer.mailboxes):
        return Undo(t(language, "undo.signed_in", name=mailbox))
    looked_up = _LOOKED_UP.get(done)
    if looked_up is None:
        return None
    with services.pool.read() as work:
        return looked_up(work, _Asked(query, viewer, language, here))


def _assigned(work: Work, asked: _Asked) -> Undo | None:
    mail = work.messages.get(asked.number("mail"), 0)
    if mail is None or mail.match.decided_by != asked.viewer.login or not mail.match.customer_id:
        return None
    customer = _used(work, mail.match.customer_id)
    if customer is None:
        return None
    kind = "new" if asked.query["done"] == "created" else "match"
    return asked.undo(f"/messages/{mail.no}/{kind}/undo", name=full_name(customer))


def _said(work: Work, asked: _Asked) -> Undo | None:
    mail = work.messages.get(asked.number("mail"), 0)
    if mail is None or not mail.mailboxes & asked.viewer.mailboxes:
        return None
    said = work.senders.said({mail.writer}).get(mail.writer)
    if said is None or said.staff != asked.viewer.login:
        return None
    stance = t(asked.language, f"stance.{said.stance.value}")
    return asked.undo(f"/messages/{mail.no}/sender/undo", sender=mail.writer, stance=stance)


def _proposal(work: Work, asked: _Asked) -> Undo | None:
    found = work.proposals.get(asked.number("proposal"), asked.viewer.mailboxes)
    wanted = {"accepted": ProposalState.ACCEPTED, "dismissed": ProposalState.DISMISSED}[asked.query["done"]]
    return asked.undo(f"/proposals/{found.id}/undo") if found is not None and found.state is wanted else None


def _merged(work: Work, asked: _Asked) -> Undo | None:
    number = asked.number("merge")
    found = next((one for one in work.merges.page(1, number + 1) if one.id == number), None)
    if found is None or found.undone_at is not None:
        return None
    return asked.undo(f"/merges/{number}/undo", name=found.name)


def _referred(work: Work, asked: _Asked) -> Undo | None:
    whole, part = (_used(work, asked.query.get(name, "")) for name in ("whole", "part"))
    if whole is None or part is None or part.id not in {one.referrer for one in work.referrals.of(whole.id)}:
        return None
    words = t(asked.language, "undo.referred", name=full_name(part))
    return Undo(words, f"/customers/{render.quoted(whole.id)}/referrals/remove", asked.here, (("by", part.id),))


def _parted(work: Work, asked: _Asked) -> Undo | None:
    """Merging undoes it."""
    new, whole = (_used(work, asked.query.get(name, "")) for name in ("part", "whole"))
    if new is None or whole is None or new.id == whole.id:
        return None
    action = f"/customers/{render.quoted(whole.id)}/merge"
    return Undo(t(asked.language, "undo.parted", name=full_name(new)), action, asked.here, (("merged", new.id),))


def _complaint(work: Work, asked: _Asked) -> Undo | None:
    mail = work.messages.get(asked.number("mail"), 0)
    if mail is None or not mail.mailboxes & asked.viewer.mailboxes:
        return None
    found = work.findings.kept([mail.no]).get(mail.no)
    if found is None:
        return None
    if asked.query["done"] == "solved":
        return asked.undo(f"/messages/{mail.no}/complaint/solved/undo") if found.solved_by else None
    return asked.undo(f"/messages/{mail.no}/complaint/undo") if found.ruling else None


def _case(work: Work, asked: _Asked) -> Undo | None:
    """The last step of a case, if it is still the last and the reader's own."""
    number = asked.number("case")
    if not work.cases.seen([number], asked.viewer.mailboxes):
        return None
    last = work.cases.history(number, limit=1)[0]
    if last.id != asked.number("event") or last.staff != asked.viewer.login:
        return None
    if last.kind is CaseEventKind.OPENED:
        return Undo(t(asked.language, "undo.case_opened"))
    return asked.undo(f"/cases/{number}/undo")


def _snippet(work: Work, asked: _Asked) -> Undo | None:
    number = asked.number("snippet")
    return asked.undo(f"/snippets/{number}/remove/undo") if work.snippets.is_removed(number) else None


def _adopted(work: Work, asked: _Asked) -> Undo | None:
    batch = asked.number("batch")
    made = work.correspondents.adoption(batch)
    if made is None or made.staff != asked.viewer.login:
        return None
    return asked.undo(f"/correspondents/{batch}/undo", count=len(made.customers), others=made.words)


def _waived(work: Work, asked: _Asked) -> Undo | None:
    mail = asked.number("mail")
    return asked.undo(f"/messages/{mail}/waived/undo") if work.unanswered.is_waived(mail) else None


def _distinct(work: Work, asked: _Asked) -> Undo | None:
    found = work.duplicates.get(asked.number("pair"))
    wanted = {"distinct": DuplicateState.DISTINCT, "put_off": DuplicateState.LATER}[asked.query["done"]]
    if found is None or found.state is not wanted:
        return None
    names = " / ".join(full_name(one) for one in work.customers.used([found.one, found.other]).values())
    return asked.undo(f"/review/duplicates/{found.id}/undo", names=names)


def _kept(work: Work, asked: _Asked) -> Undo | None:
    found = work.promises.get(asked.number("promise"), asked.viewer.mailboxes)
    return asked.undo(f"/promises/{found.id}/kept/undo") if found is not None and found.kept_by else None


def _decided(work: Work, asked: _Asked) -> Undo | None:
    id, action = asked.query.get("decided_of", ""), asked.query.get("action", "")
    if not knows(f"action.{action}") or action not in work.decisions.of(id):
        return None
    words = t(asked.language, "undo.decided", action=say(f"action.{action}", asked.language))
    return Undo(words, f"/customers/{render.quoted(id)}/next-action/undo", asked.here, (("action", action),))


def _used(work: Work, id: str) -> Customer | None:
    """Somebody who may be named; nobody whose data are only kept."""
    found = work.customers.get(id)
    return None if found is None else work.customers.used([found.id]).get(found.id)


_LOOKED_UP: Mapping[str, Callable[[Work, _Asked], Undo | None]] = {
    "assigned": _assigned,
    "created": _assigned,
    "said": _said,
    "accepted": _proposal,
    "dismissed": _proposal,
    "merged": _merged,
    "decided": _decided,
    "promise_kept": _kept,
    "distinct": _distinct,
    "put_off": _distinct,
    "parted": _parted,
    "referred": _referred,
    "complaint": _complaint,
    "no_complaint": _complaint,
    "solved": _complaint,
    "waived": _waived,
    "adopted": _adopted,
    "snippet_removed": _snippet,
    **{f"case_{kind.value}": _case for kind in CaseEventKind},
}
