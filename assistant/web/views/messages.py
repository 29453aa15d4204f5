"""One mail: what is new in it, its files, whose it is and why, and the correction of that."""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.filing import with_open_ones
from assistant.restricting import named_by
from assistant.web.api.bodies import Number
from assistant.web.marking import marked
from assistant.web.texts import t
from assistant.web.views.complaints import CATEGORIES
from assistant.web.views.mails import in_order
from assistant.web.visit import Form, Visit, own_path
from rules.complaint_lines import headline
from rules.complaints.frames import handed_on
from rules.terms.errors import MailRefused, WrongUse
from rules.terms.finding import Action
from rules.terms.mail import Direction
from rules.terms.pooled import PooledMessage

FOUND = 8
LONGEST = 300_000
LONGEST_LIST = 4_000

# The mail's own markup, in a frame without scripts, forms and the net. Inline styles are all it may keep.
FRAME_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
FRAME = (
    '<!doctype html><html lang=""><head><meta charset="utf-8"><meta name="color-scheme" content="light">'
    "<style>body{{font:14px/1.5 system-ui,sans-serif;margin:12px;overflow-wrap:anywhere;background:#fff;color:#111}}"
    "img{{max-width:100%}}</style></head><body>{body}</body></html>"
)


@get("/messages/{no:int}", sync_to_thread=True)
def message(
    visit: Given[Visit],
    no: Number,
    pick: Annotated[str, QueryParameter(max_length=200)] = "",
    also: Annotated[str, QueryParameter(max_length=LONGEST_LIST)] = "",
) -> Response[str]:
    """The mail, with the summary of its sender beside it."""
    mail = visit.services.lookup.mail(visit.viewer, no)
    said = visit.services.upkeep.senders.said(mail)
    with visit.services.pool.read() as work:
        candidates = in_order(named_by(work, mail), mail.match.candidates)
        picked = work.customers.find(pick, FOUND) if pick.strip() else []
        finding = work.findings.of_messages([no]).get(no)
    new_text, rest, whole = _parts(mail)
    inside = handed_on(mail.message, mail.reading, visit.services.casework.triage.firm)
    quoted = finding.assessment.evidence if finding else ()
    return visit.page(
        "message.html",
        mail=mail,
        summary=visit.services.lookup.of_message(visit.viewer, no, visit.now),
        new_text=new_text if inside else marked(new_text, quoted, visit.language),
        rest=marked(rest, quoted, visit.language) if inside else rest,
        inside=inside,
        whole=whole,
        has_html=b"text/html" in visit.services.pool.blobs.get(mail.raw_digest).lower(),
        attachments=list(enumerate(mail.message.attachments)),
        places=[place for place in mail.placements if place.mailbox in visit.viewer.mailboxes],
        candidates=[each for each in candidates if each.id != mail.match.customer_id],
        pick=pick,
        picked=picked,
        also="-".join(map(str, numbers(also))),
        finding=finding,
        found=headline(finding, visit.language) if finding else "",
        askable=inside or mail.direction is Direction.INCOMING,
        categories=CATEGORIES,
        said=said,
        newcomer=mail.direction is Direction.INCOMING and mail.match.action is not Action.ATTACH,
    )


@get("/messages/{no:int}/html", sync_to_thread=True)
def designed(visit: Given[Visit], no: Number) -> Response[str]:
    """The mail's HTML made harmless, for a frame that may do nothing."""
    mail = visit.services.lookup.mail(visit.viewer, no)
    try:
        body = visit.services.reader.display(visit.services.pool.blobs.get(mail.raw_digest))
    except MailRefused:
        body = None
    body = body or f"<p>{t(visit.language, 'message.no_html')}</p>"
    return Response(
        FRAME.format(body=body),
        media_type="text/html",
        headers={"Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"},
    )


@post("/messages/{no:int}/match", sync_to_thread=True, status_code=303)
def assign(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Say whose mail this is."""
    visit.services.lookup.mail(visit.viewer, no)
    customer = data.get("customer", "")
    if not customer:
        raise WrongUse(problem=t(visit.language, "message.no_choice"))
    also = numbers(data.get("also", ""))
    if data.get("all"):
        with visit.services.pool.read() as work:
            also = with_open_ones(work, visit.viewer, no)[1:]
    visit.services.upkeep.filing.file(visit.viewer, [no, *also], customer)
    there = own_path(data.get("next", ""), f"/messages/{no}")
    return visit.back(there, "assigned", mail=no, also="-".join(map(str, also)))


@post("/messages/{no:int}/match/undo", sync_to_thread=True, status_code=303)
def undo(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Take the last correction back."""
    visit.services.lookup.mail(visit.viewer, no)
    visit.services.upkeep.filing.undo(visit.viewer, [no, *numbers(data.get("also", ""))])
    return visit.back(own_path(data.get("next", ""), f"/messages/{no}"), "undone")


def numbers(text: str) -> list[int]:
    """Numbers of mails as our own forms and links name them: "17-18"; whatever else it is, is none."""
    parts = text.split("-") if len(text) <= LONGEST_LIST else []
    return [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 19]


def _parts(mail: PooledMessage) -> tuple[str, str, bool]:
    """What is new, what else there is, and whether the latter is the whole text."""
    text, new = mail.message.text.strip()[:LONGEST], mail.reading.new_text.strip()[:LONGEST]
    if not new or text == new:
        return text, "", False
    if text.startswith(new):
        return new, text[len(new) :].strip("\n"), False
    return new, text, True


ROUTES = (message, designed, assign, undo)
