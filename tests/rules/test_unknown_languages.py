"""Mails answered and passed on by programs whose language stands in no table: read by order, place and shape."""

import pytest

from rules import reading
from rules.terms.firm import Firm
from rules.terms.mail import Address, Message, Reading

FIRM = Firm(domains=frozenset({"firma.example"}))
# Labels of no language.
SENDER, DATE, TO, CC, TITLE = (
    "Xorga: Jane Roe <jane@roe.example>",
    "Zendu: 28.10.2021 12:46",
    "Pruk: Max Kern <kern@firma.example>",
    "Kopu: Eva <eva@firma.example>",
    "Temik: Broken pump",
)
ORDERS = {
    "Outlook": (SENDER, DATE, TO, TITLE),
    "Outlook with a copy": (SENDER, DATE, TO, CC, TITLE),
    "Gmail": (SENDER, DATE, TITLE, TO),
    "Apple Mail": (SENDER, TITLE, DATE, TO),
    "Thunderbird": (TITLE, DATE, SENDER, TO),
    "Yahoo": (SENDER, TO, CC, DATE, TITLE),
    "GMX": (DATE, SENDER, TO, TITLE),
}


def read(text: str, subject: str) -> Reading:
    return reading.read(Message("1", None, Address("erika@example.org"), subject, None, text, len(text)), FIRM)


@pytest.mark.parametrize("program", ORDERS)
@pytest.mark.parametrize("above", ["", "Please see to it.\n\n"])
def test_a_mail_passed_on_is_known_by_the_order_of_its_headers(program: str, above: str) -> None:
    found = read(above + "\n".join(ORDERS[program]) + "\n\nIt leaks.\n", "Fwd: Broken pump")
    assert found.original_sender == Address("jane@roe.example", "Jane Roe")
    assert (found.fwd_subject, found.fwd_text) == ("Broken pump", "It leaks.")
    assert found.new_text == above.strip()


@pytest.mark.parametrize("program", ORDERS)
def test_an_answer_is_cut_there_too_and_passes_nothing_on(program: str) -> None:
    found = read("We come tomorrow.\n\n" + "\n".join(ORDERS[program]) + "\n\nIt leaks.\n", "Re: Broken pump")
    assert found.new_text == "We come tomorrow."
    assert found.original_sender is None


def test_under_an_unknown_prefix_a_mail_without_own_words_is_passed_on() -> None:
    block = "\n".join(ORDERS["Outlook"]) + "\n\nIt leaks.\n"
    assert read(block, "Zk: Broken pump").original_sender == Address("jane@roe.example", "Jane Roe")
    assert read("We come.\n\n" + block, "Zk: Broken pump").original_sender is None
    told = '28/10/2021, 12:46, "Jane Roe" <jane@roe.example> zorka:\n\nIt leaks.\n'
    assert read(told, "Zk: Broken pump").original_sender == Address("jane@roe.example", "Jane Roe")
    assert read("We come.\n\n" + told, "Zk: Broken pump").new_text == "We come."


def test_a_line_between_dashes_announces_a_mail_passed_on() -> None:
    found = read("FYI\n\n--------- Zorka minta ---------\n" + "\n".join(ORDERS["Gmail"]) + "\n\nIt leaks.\n", "Pump")
    assert found.original_sender == Address("jane@roe.example", "Jane Roe")
    assert found.new_text == "FYI"


def test_headers_in_one_line_are_found_apart() -> None:
    found = read(
        "----- Zorka minta ----- " + "".join(ORDERS["Yahoo"]).replace("12:46", "12:46 UTC") + "\nIt leaks.", "x"
    )
    assert found.original_sender == Address("jane@roe.example", "Jane Roe")
    assert (found.fwd_subject, found.fwd_text) == ("Broken pump", "It leaks.")


def test_below_the_long_line_of_outlook_names_alone_are_enough() -> None:
    block = "Xorga: Jane Roe\nZendu: 28 October 2021 12:46\nPruk: Max Kern\nTemik: Broken pump"
    text = f"Yes.\n\n{'_' * 32}\n{block}\n\nIt leaks."
    assert read(text, "Re: something").new_text == "Yes."
    assert read(text, "Fwd: something").original_sender == Address("", "Jane Roe")


@pytest.mark.parametrize(
    "text",
    [
        "Nimi: Jane Roe\nPosti: jane@roe.example\nPalo: 28.10.2021 12:46\nViesta: The pump leaks.",
        "Our data:\n\nFirma: Roe Ltd\nPosta: jane@roe.example\nTelefona: 030 123456\nUrl: www.roe.example",
        "Two questions: when and where?\nAnswer: 28.10.2021 12:46\nContact: jane@roe.example",
    ],
)
def test_forms_and_lists_are_no_headers(text: str) -> None:
    found = read(text, "Broken pump")
    assert found.original_sender is None
    assert "28.10.2021" in found.new_text or "www.roe.example" in found.new_text


def test_the_sentence_above_the_headers_stays() -> None:
    found = read("One more thing: when?\n" + "\n".join(ORDERS["Outlook"]) + "\n\nIt leaks.", "Re: Broken pump")
    assert found.new_text == "One more thing: when?"


def test_one_prefix_answers_in_finnish_and_passes_on_in_danish() -> None:
    finnish = (
        "Lähettäjä: Jane <jane@roe.example>\nLähetetty: 28.10.2021 12:46\nVastaanottaja: Max\nAihe: Pump\n\nVuotaa."
    )
    danish = "Fra: Jane <jane@roe.example>\nSendt: 28.10.2021 12:46\nTil: Max\nEmne: Pump\n\nDen er utæt."
    assert read("Tulemme huomenna.\n\n" + finnish, "VS: Pump").original_sender is None
    assert read("Se nedenfor.\n\n" + danish, "VS: Pump").original_sender == Address("jane@roe.example", "Jane")


@pytest.mark.parametrize(
    "line",
    [
        "Wiadomość napisana przez Jane Roe <jane@roe.example> w dniu 28.10.2021, o godz. 12:46:",
        "28. 10. 2021 v 12:46, Jane Roe <jane@roe.example>:",
        "чт, 28 окт. 2021 г. в 12:46, Jane Roe <jane@roe.example>:",
        "Jane Roe <jane@roe.example>, 28 Eki 2021 Per, 12:46 tarihinde şunu yazdı:",
        "2021年10月28日(木) 12:46 Jane Roe <jane@roe.example>:",
        "2021년 10월 28일 (목) 오후 12:46, Jane Roe <jane@roe.example>님이 작성:",
        "في الخميس، 28 أكتوبر 2021 في 12:46 م تمت كتابة ما يلي بواسطة Jane Roe <jane@roe.example>:",
        "Vào Th 5, 28 thg 10, 2021 vào lúc 12:46 Jane Roe <jane@roe.example> đã viết:",
        '"Jane Roe" <jane@roe.example>, 28/10/2021 12:46 zorka minta:',
    ],
)
def test_attributions_over_an_unmarked_quotation(line: str) -> None:
    assert read(f"Yes.\n\n{line}\n\nShall we?\n", "Re: Broken pump").new_text == "Yes."


@pytest.mark.parametrize(
    "line",
    [
        "Bitte senden Sie die Unterlagen bis 28.10.2021 12:00 Uhr an Jane Roe <jane@roe.example>:",
        "Die Termine am 28.10.2021, 12:46 nennt Ihnen gern Jane Roe <jane@roe.example>, und zwar diese hier unten:",
    ],
)
def test_a_sentence_with_date_and_address_is_no_attribution(line: str) -> None:
    assert "Anlage 3" in read(f"Guten Tag,\n\n{line}\n\nAnlage 3\n", "Unterlagen").new_text
