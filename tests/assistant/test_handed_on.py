"""A colleague hands a customer's mail on within the house: what is judged are the customer's own words in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.complaints.shipped import assessor as shipped
from assistant.reader import ReadMail, read_here
from assistant.settings import Settings
from connectors import mime
from rules import reading
from rules.complaints import frames
from rules.complaints.assessing import Assessor
from rules.terms.firm import Firm
from rules.terms.mail import Address, Direction, MailKind

FIRM = Firm(name="Muster", domains=frozenset({"muster.example"}), authserv_id="mx.muster.example")
KERN, KARIN = "Olaf Kern <kern@muster.example>", "Karin Hansen <karin@hansen.example>"
NOTES = {"de": "Siehe unten, bitte kümmern.\n\nViele Grüße\nOlaf", "en": "See below, please look into it.\n\nOlaf"}
WORDS = {
    "de": "Guten Tag Herr Kern,\n\nzum dritten Mal haben Sie uns die falschen Konsolen geliefert. Das ist nicht "
    "hinnehmbar, wir verlangen bis Freitag Ersatz.",
    "en": "Dear Olaf,\n\nfor the third time you have delivered the wrong brackets to us. This is unacceptable, and we "
    "want a replacement by Friday.",
}
ANSWERED = {
    "de": "Am 18.11.2026 um 09:00 schrieb Olaf Kern <kern@muster.example>:\n> vielen Dank, die Ware ist unterwegs.",
    "en": "On 18 Nov 2026, at 09:00, Olaf Kern <kern@muster.example> wrote:\n> thank you, the goods are on their way.",
}
SUBJECTS = {"de": "Falsche Konsolen", "en": "Wrong brackets"}
HEADS = {
    "de": ("Von", "Gesendet", "An", "Betreff", "Freitag, 20. November 2026 10:12"),
    "en": ("From", "Sent", "To", "Subject", "Friday, November 20, 2026 10:12 AM"),
}


def outlook(note: str, sender: str, subject: str, text: str, language: str) -> str:
    who, sent, to, about, day = HEADS[language]
    return f"{note}\n\n{who}: {sender}\n{sent}: {day}\n{to}: {KERN}\n{about}: {subject}\n\n{text}"


def thunderbird(note: str, sender: str, subject: str, text: str, language: str) -> str:
    title = {"de": "Weitergeleitete Nachricht", "en": "Forwarded Message"}[language]
    heads = {"de": ("Betreff", "Datum", "Von", "An"), "en": ("Subject", "Date", "From", "To")}[language]
    values = (subject, "Fri, 20 Nov 2026 10:12:00 +0100", sender, KERN)
    lines = "\n".join(f"{head}: {value}" for head, value in zip(heads, values, strict=True))
    return f"{note}\n\n-------- {title} --------\n{lines}\n\n{text}"


def gmail(note: str, sender: str, subject: str, text: str, language: str) -> str:
    who, day = {"de": ("Von", "Fr., 20. Nov. 2026 um 10:12 Uhr"), "en": ("From", "Fri, Nov 20, 2026 at 10:12 AM")}[
        language
    ]
    return (
        f"{note}\n\n---------- Forwarded message ---------\n{who}: {sender}\nDate: {day}\nSubject: {subject}\n"
        f"To: {KERN}\n\n\n{text}"
    )


def apple(note: str, sender: str, subject: str, text: str, language: str) -> str:
    title = {"de": "Anfang der weitergeleiteten Nachricht:", "en": "Begin forwarded message:"}[language]
    who, _, to, about, _ = HEADS[language]
    when, day = {
        "de": ("Datum", "20. November 2026 um 10:12:00 MEZ"),
        "en": ("Date", "20 November 2026 at 10:12:00 CET"),
    }[language]
    inner = f"{who}: {sender}\n{about}: {subject}\n{when}: {day}\n{to}: {KERN}\n\n{text}"
    return f"{note}\n\n{title}\n\n" + "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))


Style = Callable[[str, str, str, str, str], str]
INLINE: tuple[Style, ...] = (outlook, thunderbird, gmail, apple)
PREFIXES: dict[Style, tuple[str, str]] = {
    outlook: ("WG: ", "FW: "),
    thunderbird: ("Fwd: ", "Fwd: "),
    gmail: ("Fwd: ", "Fwd: "),
    apple: ("Fwd: ", "Fwd: "),
}


def mail(subject: str, text: str = "", *, sender: str = KERN, to: str = "Info <info@muster.example>") -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"], made["Message-ID"] = "Sun, 22 Nov 2026 09:00:00 +0100", f"<{abs(hash((sender, text)))}@mail.example>"
    made.set_content(text)
    return made


def enclosing(note: str, subject: str, inner: EmailMessage) -> EmailMessage:
    made = mail(subject, note)
    made.add_attachment(inner)
    return made


def judged(made: EmailMessage, firm: Firm = FIRM) -> frames.Words | None:
    message = mime.read(bytes(made)).message
    return frames.judged(message, reading.read(message, firm), firm)


def is_handed_on(made: EmailMessage) -> bool:
    message = mime.read(bytes(made)).message
    return frames.handed_on(message, reading.read(message, FIRM), FIRM)


def forwards() -> Iterator[tuple[str, str, EmailMessage]]:
    """Karin's complaint, handed on in every manner: how, in which language, and the mail."""
    for language in ("de", "en"):
        text = f"{WORDS[language]}\n\n{ANSWERED[language]}"
        subject = SUBJECTS[language]
        for style in INLINE:
            prefix = PREFIXES[style][language == "en"]
            yield (
                style.__name__,
                language,
                mail(prefix + subject, style(NOTES[language], KARIN, subject, text, language)),
            )
        inner = mail(subject, text, sender=KARIN, to=KERN)
        yield "enclosed", language, enclosing(NOTES[language], PREFIXES[outlook][language == "en"] + subject, inner)
        bare = outlook("", KARIN, subject, text, language).lstrip("\n")
        yield "without a word", language, mail(PREFIXES[outlook][language == "en"] + subject, bare)
        twice = outlook("zK", "Lena <lena@muster.example>", f"WG: {subject}", bare, language)
        yield "twice", language, mail(f"WG: WG: {subject}", twice)


def as_html(made: EmailMessage) -> EmailMessage:
    """As Outlook sends it: the same lines as HTML alone."""
    text = made.get_content()
    lines = text.replace("&", "&amp;").replace("<", "&lt;").split("\n")
    made.set_content("<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>", subtype="html")
    return made


FORWARDS = list(forwards())
NAMES = [f"{how}-{language}" for how, language, _ in FORWARDS]


@pytest.mark.parametrize(("how", "language", "made"), FORWARDS, ids=NAMES)
def test_what_a_colleague_hands_on_is_judged_by_the_customers_new_words(
    how: str, language: str, made: EmailMessage
) -> None:
    words = judged(made)
    assert words is not None
    assert " ".join(words.text.split()) == " ".join(WORDS[language].split())
    assert (words.subject, words.language) == (SUBJECTS[language], language)
    assert is_handed_on(made)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_forward_in_html_is_judged_like_one_in_plain_text(language: str) -> None:
    text = outlook(NOTES[language], KARIN, SUBJECTS[language], WORDS[language], language)
    words = judged(as_html(mail(f"WG: {SUBJECTS[language]}", text)))
    assert words is not None
    assert " ".join(words.text.split()) == " ".join(WORDS[language].split())


def test_a_private_customer_whose_mail_is_handed_on_needs_no_firm() -> None:
    words = judged(mail("WG: Ware", outlook("bitte", "erika@gmx.example", "Ware", "Die Ware ist kaputt.", "de")))
    assert words is not None
    assert words.text == "Die Ware ist kaputt."


OUTSIDE = outlook(NOTES["de"], KARIN, SUBJECTS["de"], WORDS["de"], "de")
COLLEAGUES = outlook("zK", "Lena <lena@muster.example>", "Urlaub", "Das Essen in der Kantine ist kalt.", "de")
REPLY = (
    "@Lena, bitte übernehmen.\n\n"
    + "Am 20.11.2026 um 10:12 schrieb Karin Hansen <karin@hansen.example>:\n> "
    + WORDS["de"].replace("\n", "\n> ")
)


@pytest.mark.parametrize(
    "made",
    [
        mail("WG: Falsche Konsolen", OUTSIDE, to="Karin Hansen <karin@hansen.example>"),
        mail("WG: Falsche Konsolen", OUTSIDE, to="info@muster.example, spedition@harder.example"),
        mail("WG: Urlaub", COLLEAGUES),
        mail("WG: Urlaub", COLLEAGUES.replace(" <lena@muster.example>", "")),
        mail("AW: Falsche Konsolen", REPLY),
        mail("Kantine", "Das Essen ist wieder kalt, das ist nicht hinnehmbar."),
        mail("WG: Falsche Konsolen", OUTSIDE, sender="Lieferant <post@bleche.example>"),
    ],
    ids=[
        "to the customer",
        "to somebody else outside",
        "a colleague's",
        "a colleague's name",
        "an answer",
        "no forward",
        "from outside",
    ],
)
def test_nothing_else_of_ours_is_handed_on(made: EmailMessage) -> None:
    assert not is_handed_on(made)
    message = mime.read(bytes(made)).message
    words = judged(made)
    assert words is not None
    assert words.text == reading.read(message, FIRM).new_text


NEWSLETTERS = [
    (
        "news@bleche.example",
        "Die Preise steigen! Ärgern Sie sich nicht länger über kaputte Konsolen.\n\nNewsletter abbestellen",
    ),
    (
        "angebote@bleche.example",
        "Nie wieder falsche Ware!\n\nSie erhalten diese E-Mail, weil Sie sich angemeldet haben.",
    ),
    ("info@tools.example", "Tired of late deliveries?\n\nTo unsubscribe, click here.\n"),
    ("newsletter@tools.example", "Tired of late deliveries and broken parts? Never again."),
    ("info@tools.example", "View this email in your browser\n\nTired of late deliveries and broken parts?"),
]
MACHINES = [
    ("noreply@shop.example", "Order 4711 is late", "Your order is late. We are sorry."),
    ("ben@hansen.example", "Automatische Antwort: Frage", "Ich bin nicht im Büro. Das ist nicht hinnehmbar."),
    ("mailer-daemon@mx.example", "Undelivered Mail Returned to Sender", "Your message could not be delivered."),
]


@pytest.mark.parametrize(("sender", "text"), NEWSLETTERS)
@pytest.mark.parametrize("style", INLINE)
def test_a_newsletter_that_is_handed_on_is_not_asked(style: Style, sender: str, text: str) -> None:
    assert judged(mail("Fwd: Angebot", style("Interessant für uns?", sender, "Angebot", text, "de"))) is None


@pytest.mark.parametrize(("sender", "subject", "text"), MACHINES)
def test_what_a_machine_wrote_is_not_asked(sender: str, subject: str, text: str) -> None:
    assert judged(mail(f"WG: {subject}", outlook("zK", sender, subject, text, "de"))) is None


@pytest.mark.parametrize(
    "text",
    [
        "Ich habe Ihren Newsletter dreimal abbestellt und bekomme ihn immer noch. Das ist eine Frechheit.",
        "Sie erhalten diese Mail, weil Sie auf keinen meiner Anrufe reagieren.",
        "I have tried to unsubscribe from your list three times, and still you write to me.",
        "You are receiving this email because nobody answers the telephone.",
        "Der Link zum Abmelden geht nicht.",
    ],
)
def test_who_complains_of_newsletters_is_heard(text: str) -> None:
    words = judged(mail("WG: Newsletter", outlook("bitte", KARIN, "Newsletter", text, "de")))
    assert words is not None
    assert words.text == text


@pytest.mark.parametrize("kind", list(MailKind))
def test_of_our_own_mail_only_what_is_handed_on_is_asked(kind: MailKind) -> None:
    assert not frames.asked_of(kind, Direction.OUTGOING, ())
    people = frames.asked_of(kind, Direction.INCOMING, ())
    assert frames.asked_of(kind, Direction.OUTGOING, (), handed_on=True) is people


@cache
def models() -> Assessor:
    return shipped(Settings(home=Path()).complaint_models)


def found(made: EmailMessage) -> ReadMail:
    return read_here(bytes(made), FIRM, models())


@pytest.mark.parametrize(("how", "language", "made"), FORWARDS, ids=NAMES)
def test_the_models_find_it_there_and_quote_the_customer(how: str, language: str, made: EmailMessage) -> None:
    read = found(made)
    assert read.handed_on
    assert read.assessment is not None
    assert read.assessment.flag
    assert read.assessment.language == language
    assert read.assessment.evidence
    for piece in read.assessment.evidence:
        assert " ".join(piece.quote.split()) in f"{SUBJECTS[language]} {' '.join(WORDS[language].split())}"


ORDINARY = [
    (
        "Auftragsbestätigung",
        "Guten Tag,\n\nvielen Dank für Ihre Bestellung. Wir liefern am 3. Dezember.\n\nIhre Bleche AG",
    ),
    ("Preisliste 2027", "Guten Tag,\n\nanbei unsere neue Preisliste. Sie gilt ab Januar.\n\nMit freundlichen Grüßen"),
    ("Your order", "Hello,\n\nplease find attached the data sheets you asked for.\n\nKind regards"),
]


@pytest.mark.parametrize(("subject", "text"), ORDINARY)
@pytest.mark.parametrize("style", INLINE)
def test_a_suppliers_ordinary_mail_that_is_handed_on_flags_nothing(style: Style, subject: str, text: str) -> None:
    for note in ("zur Kenntnis", "Bitte dringend kümmern, das ist ärgerlich und zum dritten Mal falsch!"):
        read = found(mail(f"WG: {subject}", style(note, "verkauf@bleche.example", subject, text, "de")))
        assert read.handed_on
        assert read.assessment is not None
        assert not read.assessment.flag


@given(st.text(max_size=400), st.sampled_from(INLINE), st.sampled_from(["de", "en"]))
def test_whatever_is_inside_our_own_note_is_never_judged(text: str, style: Style, language: str) -> None:
    made = mail("WG: Frage", style("XNOTEX", KARIN, "Frage", text.replace("\r", ""), language))
    words = judged(made)
    if words is not None and is_handed_on(made):
        assert "XNOTEX" not in words.text


@pytest.mark.parametrize(
    "piece", ["abmelden ", "um sich ", "Sie erhalten diese E-Mail, weil ", "to unsubscribe from ", "x", " "]
)
def test_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    import time

    message = mime.read(bytes(mail("WG: x", OUTSIDE))).message
    read = reading.read(message, FIRM)
    hostile = piece * (200_000 // len(piece))
    lines = "\n".join(hostile[start : start + 290] for start in range(0, len(hostile), 290))
    for text in (hostile, lines):
        began = time.process_time()
        frames.judged(message, replace(read, fwd_text=text, original_sender=Address("a@b.example")), FIRM)
        assert time.process_time() - began < 2
