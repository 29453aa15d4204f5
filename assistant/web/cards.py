"""The Summary as Google's cards: JSON of buttons and lines that Gmail draws itself (Card v1, RenderActions).

Texts of cards know a few HTML tags, so what comes from mails and records is escaped. Links lead to our own pages.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from html import escape
from zoneinfo import ZoneInfo

from assistant.web import moments
from assistant.web.render import quoted
from assistant.web.texts import has, t
from rules.terms.complaint import STANDING
from rules.terms.summary import Line, Status, Summary, SummaryComplaint, SummaryContact

# Google leaves out what is beyond a hundred widgets, and shows nothing of a card that is too large.
LONGEST_TEXT = 600
RECENT_SHOWN = 3
RED = "#b3261e"
Json = dict[str, object]


def shown(card: Json) -> Json:
    """The answer to a trigger: show this card."""
    return {"action": {"navigations": [{"pushCard": card}]}}


def notice(title: str, text: str) -> Json:
    """A card of one paragraph."""
    return {"header": {"title": title}, "sections": [{"widgets": [_paragraph(_escaped(text))]}]}


def card(summary: Summary, language: str, base_url: str, zone: ZoneInfo) -> Json:
    """A summary as a card.

    Args:
        summary: what its reader may see; nothing is added to it here.
        language: in which its lines are written.
        base_url: Kingpost's address, to which the links lead.
        zone: the firm's time zone.
    """
    return _Card(summary, language, base_url, zone).whole()


class _Card:
    def __init__(self, summary: Summary, language: str, base_url: str, zone: ZoneInfo) -> None:
        self._summary = summary
        self._language = language
        self._base = base_url
        self._zone = zone
        self._t = partial(t, language)

    def whole(self) -> Json:
        """Header and sections; a section without widgets is left out, for Google takes none."""
        sections = (
            self._top(),
            self._cases(),
            self._complaint(),
            self._worth(),
            self._next(),
            self._recent(),
            self._end(),
        )
        return {"header": self._header(), "sections": [section for section in sections if section["widgets"]]}

    def _header(self) -> Json:
        summary, contact = self._summary, self._summary.contact
        if summary.status is Status.SPOOF:
            return {"title": self._t("summary.spoof_title")}
        if summary.customer is None:
            title = self._t(f"summary.{summary.status.value}_title") if summary.status is not Status.KNOWN else ""
            return {"title": title or "Kingpost"}
        badge = f" · {summary.value.badge}" if summary.value and summary.value.badge else ""
        crown = "♔ " if summary.customer.king else ""
        header: Json = {"title": f"{crown}{summary.customer.name}{badge}"[:LONGEST_TEXT]}
        person = self._person(contact) if contact else ""
        return header | ({"subtitle": person[:LONGEST_TEXT]} if person else {})

    def _person(self, contact: SummaryContact) -> str:
        """Who wrote, and how they like to be addressed."""
        name = ", ".join(part for part in (contact.name, contact.role) if part)
        form = contact.address and self._t("summary.address", form=contact.address)
        liked = f"summary.prefers_{contact.channel}"
        channel = self._t(liked) if has(self._language, liked) else ""
        return " · ".join(part for part in (name, form, channel) if part)

    def _top(self) -> Json:
        summary, widgets = self._summary, []
        if summary.message:
            subject = summary.message.subject or self._t("summary.no_subject")
            widgets.append(self._row(subject, top=summary.message.sender, href=self._mail()))
        if summary.status is Status.SPOOF:
            said = [summary.match.sentence if summary.match else "", summary.trust.sentence if summary.trust else ""]
            alarm = "<br>".join(_escaped(each) for each in said if each)
            widgets.append(_paragraph(f'<font color="{RED}"><b>{alarm}</b></font>'))
            widgets.append(_paragraph(_escaped(self._t("summary.spoof_advice"))))
        elif summary.status is Status.PENDING:
            widgets.append(_paragraph(_escaped(self._t("gmail.pending"))))
        else:
            if summary.match and summary.match.sentence:
                widgets.append(_paragraph(_escaped(summary.match.sentence)))
            if summary.trust and summary.trust.sentence:
                widgets.append(_paragraph(f"<i>{_escaped(summary.trust.sentence)}</i>"))
        if summary.status is not Status.KNOWN and summary.match:
            widgets += [self._row(one.name, href=one.href) for one in summary.match.candidates]
        return {"widgets": widgets}

    def _cases(self) -> Json:
        widgets = []
        for case in self._summary.cases:
            said = " · ".join(part for part in (case.state_text, case.due_text, case.assignee_text) if part)
            widgets.append(self._row(case.text or self._t("summary.no_subject"), bottom=said, href=case.href))
        return {"header": _escaped(self._t("cases.open_ones")), "widgets": widgets}

    def _complaint(self) -> Json:
        complaint = self._summary.complaint
        return {"widgets": [] if complaint is None else list(self._told(complaint))}

    def _told(self, complaint: SummaryComplaint) -> Iterator[Json]:
        title = f"<b>{_escaped(complaint.text)}</b>"
        yield _paragraph(f'<font color="{RED}">{title}</font>' if complaint.state in STANDING else title)
        quotes = "<br>".join(_escaped(line.text) for line in complaint.lines)
        if quotes:
            yield _paragraph(quotes)
        if complaint.relief:
            yield _paragraph(_escaped(complaint.relief.text))
        if complaint.more:
            yield _paragraph(_escaped(self._t("complaint.more", count=complaint.more)))

    def _worth(self) -> Json:
        summary = self._summary
        lines = [f"★ {line.text}" for line in summary.particulars]
        lines += [line.text for line in summary.money.lines] if summary.money else []
        lines += [line.text for line in summary.value.lines] if summary.value else []
        return {"widgets": [_paragraph(_escaped(line)) for line in lines]}

    def _next(self) -> Json:
        step = self._summary.next_action
        if step is None or (self._summary.complaint and step.action == "solve-complaint"):
            return {"widgets": []}
        return {"widgets": [self._row(f"→ {step.text}", bottom=step.reason, href=step.href)]}

    def _recent(self) -> Json:
        widgets = [self._line(line) for line in (*self._summary.recent, *self._summary.references)]
        section: Json = {"header": _escaped(self._t("summary.recent")), "widgets": widgets}
        if len(widgets) > RECENT_SHOWN:
            section |= {"collapsible": True, "uncollapsibleWidgetsCount": RECENT_SHOWN}
        return section

    def _end(self) -> Json:
        summary, widgets = self._summary, []
        if summary.withheld and summary.status not in (Status.UNKNOWN, Status.PENDING):
            words = [
                t(self._language, f"groups.{each}") if has(self._language, f"groups.{each}") else each
                for each in summary.withheld
            ]
            form = "summary.withheld" if summary.status is Status.KNOWN else "summary.withheld_doubt"
            widgets.append(_paragraph(f"<i>{_escaped(self._t(form, groups=', '.join(words)))}</i>"))
        buttons = []
        if summary.customer and summary.status is not Status.SPOOF:
            buttons.append(_button(self._t("gmail.record"), f"{self._base}/customers/{quoted(summary.customer.id)}"))
        if self._mail():
            wrong = {Status.KNOWN: "summary.wrong", Status.UNKNOWN: "summary.assign_pick"}
            buttons.append(_button(self._t("gmail.mail"), self._base + self._mail()))
            if "correct" in summary.actions:
                form = wrong.get(summary.status, "summary.assign_other")
                buttons.append(_button(self._t(form), f"{self._base}{self._mail()}#match"))
        if buttons:
            widgets.append({"buttonList": {"buttons": buttons}})
        return {"widgets": widgets}

    def _mail(self) -> str:
        message = self._summary.message
        return f"/messages/{message.no}" if message and message.no else ""

    def _line(self, line: Line) -> Json:
        parsed = moments.parse(line.date or "")
        when = "" if parsed is None else moments.ago(parsed, self._now, self._language, self._zone)
        return self._row(line.text, top=when, href=line.href or "")

    @property
    def _now(self) -> datetime:
        return self._summary.as_of.astimezone(self._zone)

    def _row(self, text: str, *, top: str = "", bottom: str = "", href: str = "") -> Json:
        """A line with small words above or below; a path of ours makes it a link."""
        told: Json = {"text": _escaped(text), "wrapText": True}
        told |= {"topLabel": _escaped(top)} if top else {}
        told |= {"bottomLabel": _escaped(bottom)} if bottom else {}
        told |= {"onClick": {"openLink": {"url": self._base + href}}} if href.startswith("/") else {}
        return {"decoratedText": told}


def _paragraph(html: str) -> Json:
    return {"textParagraph": {"text": html}}


def _button(text: str, url: str) -> Json:
    return {"text": text, "onClick": {"openLink": {"url": url, "openAs": "FULL_SIZE", "onClose": "NOTHING"}}}


def _escaped(text: str) -> str:
    return escape(text[:LONGEST_TEXT], quote=False)
