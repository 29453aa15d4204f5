"""What a firm's mail says of the firm: only names that nobody outside can have put there are proposed."""

from hypothesis import given
from hypothesis import strategies as st

from rules.confidential_folders import is_confidential
from rules.firm_proposals import checker, own_domains
from rules.terms.mail import Address, Message


def mail(sender: str, *results: str) -> Message:
    return Message("1:x", None, Address(sender), "", None, "", 0, authentication_results=results)


def received(name: str, count: int = 12, *, result: str = "pass", senders: int = 4) -> list[Message]:
    return [
        mail(f"a@kunde{n % senders}.example", f"{name}; dmarc={result} header.from=kunde{n % senders}.example")
        for n in range(count)
    ]


def test_the_domain_that_writes_most_comes_first_and_a_single_stray_one_not_at_all() -> None:
    sent = [mail("a@muster.example")] * 30 + [mail("b@muster-shop.example")] * 40 + [mail("x@fremd.example")]
    found = own_domains("info@muster.example", sent)
    assert found.domains == ("muster.example", "muster-shop.example")
    assert found.sent == 71


def test_a_freemail_address_is_a_colleagues_and_its_domain_nobodys() -> None:
    found = own_domains("schreinerei.huber@gmx.de", [mail("Schreinerei.Huber@gmx.de")] * 5)
    assert found.domains == ()
    assert found.staff == ("schreinerei.huber@gmx.de",)


def test_an_empty_sent_folder_still_leaves_the_mailboxs_own_domain() -> None:
    assert own_domains("info@muster.example", []).domains == ("muster.example",)


def test_the_name_that_stands_on_top_of_most_mails_is_the_servers() -> None:
    found = checker(received("mx.muster.example"), "imap.muster.example", ["muster.example"])
    assert (found.name, found.named, found.mails, found.failed, found.related) == ("mx.muster.example", 12, 12, 0, True)
    assert not found.breaks


def test_a_name_of_somebody_elses_house_is_proposed_but_not_as_related() -> None:
    assert not checker(received("mx.anbieter.example"), "imap.muster.example", ["muster.example"]).related


def test_one_sender_cannot_put_a_name_forward_however_much_they_write() -> None:
    forged = received("mx.boese.example", 50, senders=1)
    assert checker(forged, "imap.muster.example", ["muster.example"]).name == ""


def test_few_mails_or_names_that_differ_prove_nothing() -> None:
    assert checker(received("mx.muster.example", 4), "h", []).name == ""
    assert checker([*received("a.example", 6), *received("b.example", 6)], "h", []).name == ""
    assert checker([mail("a@x.example")] * 20, "h", []).name == ""


def test_a_forged_line_below_the_servers_own_does_not_count() -> None:
    mails = [
        mail(f"a@kunde{n}.example", "mx.muster.example; dmarc=pass", "mx.boese.example; dmarc=pass") for n in range(9)
    ]
    assert checker(mails, "h", []).name == "mx.muster.example"


def test_mail_within_the_house_says_nothing() -> None:
    assert checker([mail("a@muster.example", "mx.muster.example; dmarc=pass")] * 20, "h", ["muster.example"]).mails == 0


def test_many_failures_are_a_forwarding_of_our_own_not_an_army_of_forgers() -> None:
    mails = received("mx.muster.example", 6) + received("mx.muster.example", 6, result="fail")
    assert checker(mails, "h", []).breaks
    assert not checker(
        received("mx.muster.example", 30) + received("mx.muster.example", 2, result="fail"), "h", []
    ).breaks


def test_microsofts_lines_name_nobody() -> None:
    line = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=kunde.example; dkim=pass; dmarc=pass action=none"
    assert checker([mail(f"a@kunde{n}.example", line) for n in range(20)], "outlook.office365.com", []).name == ""


@given(st.lists(st.text(max_size=300), max_size=20))
def test_whatever_stands_in_the_lines_a_name_is_a_name(lines: list[str]) -> None:
    found = checker([mail(f"a@kunde{n}.example", line) for n, line in enumerate(lines)], "h", [])
    assert not set(found.name) - set("abcdefghijklmnopqrstuvwxyz0123456789._-")


def test_confidential_folders_are_known_by_their_names_wherever_they_lie() -> None:
    for name in ("Betriebsrat", "INBOX/Betriebsrat", "INBOX.BR-Mail", "Personal", "Betriebsarzt 2024", "HR",
                 "Bewerbungen", "Works Council", "Archiv/Lohnabrechnungen", "company_doctor"):  # fmt: skip
        assert is_confidential(name), name
    for name in ("INBOX", "Gesendet", "Rechnungen", "Personalisierte Geschenke", "Chrom", "Kunden/Hansen", "Betrieb"):
        assert not is_confidential(name), name
    is_confidential("personal " * 30_000)
