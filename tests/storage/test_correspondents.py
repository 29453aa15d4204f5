"""People without a record: counted for each mailbox alone, joined by a VAT id, gone with the mail or the address."""

from datetime import timedelta

from rules.terms.mail import Mailbox
from rules.terms.party import Exchange, Sign, Told
from storage.correspondents import Adoption
from storage.pool import Pool, Work
from tests.storage.making import NOON, mail


def exchange(mailbox: str, address: str, message: int, *, received: bool = True, vat_id: str = "") -> Exchange:
    party = "" if address.endswith("gmx.de") else address.partition("@")[2]
    return Exchange(mailbox, address, party, vat_id, "Erika", received, NOON, message, {Sign.BUYS: "Bestellung"})


def filled(work: Work) -> list[int]:
    for name in ("info", "berta"):
        work.mailboxes.put(Mailbox(name, owner="berta" if name == "berta" else None))
    numbers = work.messages.add([mail("a"), mail("b", uid=2), mail("c", mailbox="berta", uid=3)])
    first, second, third = numbers
    for one in (
        [exchange("info", "a@kranz.example", first)],
        [
            exchange("info", "a@kranz.example", second, received=False),
            exchange("info", "x@gmx.de", second, vat_id="DE1"),
        ],
        [exchange("info", "b@kranz.example", second, vat_id="DE1"), exchange("berta", "doc@praxis.example", third)],
    ):
        work.correspondents.add(one)
    return numbers


def test_mails_are_counted_for_each_mailbox_and_joined_by_a_vat_id(pool: Pool) -> None:
    with pool.begin() as work:
        first, *_ = filled(work)
        assert work.correspondents.parties({"info"}, 1, 10) == ["kranz.example"]
        assert set(work.correspondents.parties({"info", "berta"}, 1, 10)) == {"kranz.example", "praxis.example"}
        assert work.correspondents.parties({"berta"}, 2, 10) == []
        [people] = work.correspondents.of_parties(["kranz.example", "praxis.example"], {"info"}).values()
        assert {one.address for one in people} == {"a@kranz.example", "b@kranz.example", "x@gmx.de"}
        kranz = next(one for one in people if one.address == "a@kranz.example")
        assert (kranz.received, kranz.sent, kranz.message) == (1, 1, first)
        assert kranz.signs == {Sign.BUYS: Told(2, "Bestellung")}


def test_they_go_with_their_mail_and_with_the_address(pool: Pool) -> None:
    with pool.begin() as work:
        first, *_ = filled(work)
        work.erasures.erase_addresses(["b@kranz.example"])
        found = work.correspondents.of_parties(["kranz.example"], {"info"})["kranz.example"]
        assert {one.address for one in found} == {"a@kranz.example", "x@gmx.de"}
        work.erasures.erase_mails([first])
        found = work.correspondents.of_parties(["kranz.example"], {"info"})["kranz.example"]
        assert {one.address for one in found} == {"x@gmx.de"}


def test_what_was_made_is_remembered_for_a_while(pool: Pool) -> None:
    with pool.begin() as work:
        made = Adoption("anna", NOON, ("N-1", "N-2"), (7,))
        batch = work.correspondents.keep(made)
        assert work.correspondents.keep(Adoption("ben", NOON, (), (8,))) != batch
        assert work.correspondents.adoption(batch) == made
        work.correspondents.drop(batch, ["N-2"])
        kept = work.correspondents.adoption(batch)
        assert kept is not None
        assert (kept.customers, kept.senders) == (("N-2",), ())
        work.correspondents.forget_adoptions(NOON + timedelta(days=1))
        assert work.correspondents.adoption(batch) is None


def test_a_mapping_is_kept_for_a_kind_and_header(pool: Pool) -> None:
    with pool.begin() as work:
        for ours in ("name", "customer_no"):
            work.column_mappings.put("customers", ["A", "B"], {ours: "A"}, NOON)
        assert work.column_mappings.get("customers", ["A", "B"]) == {"customer_no": "A"}
        assert work.column_mappings.get("customers", ["B", "A"]) is None
        assert work.column_mappings.get("orders", ["A", "B"]) is None
