"""What somebody is to us: told by who sells and who buys, by offices, applications and circulars; else left open."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import parties
from rules.parties import Letter, judged, signs
from rules.terms.customer import PartyKind
from rules.terms.mail import Direction, MailKind
from rules.terms.party import Sign, Told, counted, together

IN, OUT = Direction.INCOMING, Direction.OUTGOING


def letter(
    subject: str,
    text: str = "",
    *,
    direction: Direction = IN,
    kind: MailKind = MailKind.PERSON,
    address: str = "erika@schraubenhof.example",
    name: str = "Erika Muster",
    files: tuple[str, ...] = (),
) -> Letter:
    return Letter(direction, kind, address, name, subject, text, files)


@pytest.mark.parametrize(
    ("mail", "sign"),
    [
        (letter("Bestellung 4711"), Sign.BUYS),
        (letter("Frage", "Hallo,\nbitte senden Sie uns ein Angebot über zwei Tore."), Sign.BUYS),
        (letter("Order", "we would like to order two gates"), Sign.BUYS),
        (letter("AW: Angebot 12", "Ihr Angebot passt, hiermit bestellen wir."), Sign.BUYS),
        (letter("Angebot 12 für Ihr Tor", "anbei unser Angebot", direction=OUT), Sign.BUYS),
        (letter("Rechnung 2026-17", direction=OUT, files=("RE-2026-17.pdf",)), Sign.BUYS),
        (letter("Rechnung 88120"), Sign.SELLS),
        (letter("Ihre Rechnung", files=("Rechnung_88120.pdf",)), Sign.SELLS),
        (letter("Vielen Dank!", "vielen Dank für Ihre Bestellung vom Montag."), Sign.SELLS),
        (letter("Bestellung Bleche", "hiermit bestellen wir 20 Bleche.", direction=OUT), Sign.SELLS),
        (letter("Bewerbung als Schlosser", "hiermit bewerbe ich mich", address="a@gmx.de"), Sign.APPLIES),
        (letter("Initiativbewerbung", files=("Lebenslauf.pdf",), address="a@gmx.de"), Sign.APPLIES),
        (letter("Bescheid", address="poststelle@finanzamt-musterstadt.de"), Sign.OFFICE),
        (letter("Termin", address="info@amt.example", name="Landratsamt Musterkreis"), Sign.OFFICE),
        (letter("Unterlagen", name="Steuerberatung Zahl und Soll"), Sign.ADVISES),
        (letter("Nur heute 30 %", kind=MailKind.NEWSLETTER), Sign.ADVERTISES),
        (letter("Ihr Angebot der Woche", kind=MailKind.NEWSLETTER), Sign.ADVERTISES),
    ],
)
def test_a_mail_tells_what_somebody_is(mail: Letter, sign: Sign) -> None:
    assert list(signs(mail)) == [sign]


@pytest.mark.parametrize(
    "mail",
    [
        letter("Termin am Dienstag", "passt Ihnen 10 Uhr?"),
        letter("AW: Angebot 12", "danke, ich melde mich."),
        letter("Re: Rechnung 4711", "Danke."),
        letter("Angebot", "hiermit bestellen wir nach Ihrem Angebot"),  # both is said
        letter("Bewerbungsfrist verlängert", "Die Frist endet am Freitag."),
        letter("AW: Bewerbung als Schlosser", "danke für die Einladung"),
        letter("Hallo", address="sachbearbeiter@gmx.de", name="Bauamt Hobby"),
        letter("Netze", address="info@stadtwerke-musterstadt.de", name="Stadtwerke"),
    ],
)
def test_what_tells_nothing_stays_open(mail: Letter) -> None:
    assert signs(mail) == {}


def test_signs_must_agree_before_a_kind_is_proposed() -> None:
    buys, sells = Told(4, "Bestellung"), Told(1, "Rechnung")
    assert judged({}).kind is None
    assert judged({Sign.BUYS: buys}).kind is PartyKind.CUSTOMER
    assert judged({Sign.BUYS: buys, Sign.SELLS: sells}).kind is PartyKind.CUSTOMER
    both = judged({Sign.BUYS: Told(2, "Bestellung"), Sign.SELLS: sells})
    assert both.kind is None
    assert [piece.quote for piece in both.reasons] == ["Bestellung", "Rechnung"]
    # One circular is no word on somebody with whom nothing else is exchanged.
    assert judged({Sign.ADVERTISES: Told(1, "Neu")}).kind is None
    assert judged({Sign.ADVERTISES: Told(2, "Neu")}).kind is PartyKind.OTHER


told = st.dictionaries(st.sampled_from(Sign), st.builds(Told, st.integers(1, 50), st.text(max_size=10)))


@given(told, told)
def test_the_order_of_addresses_changes_nothing(one: dict[Sign, Told], other: dict[Sign, Told]) -> None:
    a, b = judged(together([one, other])), judged(together([other, one]))
    assert a.kind is b.kind


@given(told, st.dictionaries(st.sampled_from(Sign), st.text(max_size=10)))
def test_every_mail_is_counted_once(before: dict[Sign, Told], new: dict[Sign, str]) -> None:
    after = counted(before, new)
    for sign in Sign:
        was = before[sign].count if sign in before else 0
        assert (after[sign].count if sign in after else 0) == was + (sign in new)


@given(
    st.sampled_from(Direction),
    st.sampled_from(MailKind),
    st.text(max_size=60),
    st.text(max_size=60),
    st.text(max_size=300),
    st.text(max_size=300),
    st.lists(st.text(max_size=40), max_size=3),
)
def test_whatever_stands_in_a_mail_it_is_read_and_quoted_shortly(
    direction: Direction, kind: MailKind, address: str, name: str, subject: str, text: str, files: list[str]
) -> None:
    for quote in signs(Letter(direction, kind, address, name, subject, text, tuple(files))).values():
        assert len(quote) <= max(80, len(address))


@pytest.mark.parametrize(
    "worst", ["unser " * 40_000, "bestellen wir ein " * 12_000, " \n" * 100_000, "erlauben wir uns a " * 9000]
)
def test_hostile_mails_cost_bounded_time(worst: str) -> None:
    begin = time.process_time()
    signs(letter(worst, worst, name=worst, files=(worst,) * 50))
    assert time.process_time() - begin < 0.2


def test_ours_and_theirs_are_mirrored() -> None:
    for subject in ("Angebot 7", "Bestellung 7", "Rechnung 7", "Purchase order 7"):
        theirs, ours = signs(letter(subject)), signs(letter(subject, direction=OUT))
        assert {*theirs, *ours} == {Sign.BUYS, Sign.SELLS}, subject
    assert parties.ENOUGH == 2
