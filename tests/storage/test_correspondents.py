"""People without a record: counted for each mailbox alone, joined by a VAT id, gone with the mail or the address."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from sqlalchemy import func, select

from rules.terms.mail import Mailbox
from rules.terms.party import Exchange, Sign, Told
from rules.terms.upkeep import Stance
from storage.correspondent_tables import correspondents, party_weights
from storage.correspondents import Adoption
from storage.party_weights import OFTEN
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
        [exchange("info", "b@kranz.example", second, vat_id="DE1")],
        [exchange("berta", "doc@praxis.example", third)] * OFTEN,
        [exchange("berta", "seldom@elsewhere.example", third)] * (OFTEN - 1),
    ):
        work.correspondents.add(one)
    return numbers


def test_mails_are_counted_for_each_mailbox_and_joined_by_a_vat_id(pool: Pool) -> None:
    with pool.begin() as work:
        first, *_ = filled(work)
        assert list(work.correspondents.heaviest({"info"}, 10, 9)) == ["kranz.example"]
        assert set(work.correspondents.heaviest({"info", "berta"}, 10, 9)) == {"kranz.example", "praxis.example"}
        assert list(work.correspondents.heaviest({"berta"}, 10, 9)) == ["praxis.example"]
        [people] = work.correspondents.of_parties(["kranz.example", "praxis.example"], {"info"}).values()
        assert {one.address for one in people.people} == {"a@kranz.example", "b@kranz.example", "x@gmx.de"}
        kranz = next(one for one in people.people if one.address == "a@kranz.example")
        assert (kranz.received, kranz.sent, kranz.message) == (1, 1, first)
        assert kranz.signs == {Sign.BUYS: Told(2, "Bestellung")}


def test_they_go_with_their_mail_and_with_the_address(pool: Pool) -> None:
    with pool.begin() as work:
        first, *_ = filled(work)
        work.erasures.erase_addresses(["b@kranz.example"])
        found = work.correspondents.of_parties(["kranz.example"], {"info"})["kranz.example"].people
        assert {one.address for one in found} == {"a@kranz.example", "x@gmx.de"}
        work.erasures.erase_mails([first])
        found = work.correspondents.of_parties(["kranz.example"], {"info"})["kranz.example"].people
        assert {one.address for one in found} == {"x@gmx.de"}


def test_what_parties_weigh_is_what_their_addresses_weigh_whatever_happens(pool: Pool) -> None:
    random = Random(7)
    places = [f"{name}@{firm}.example" for firm in ("a", "b", "c") for name in "xyz"] + ["one@gmx.de", "two@gmx.de"]
    with pool.begin() as work:
        for name in ("info", "berta"):
            work.mailboxes.put(Mailbox(name))
        numbers = work.messages.add([mail(str(number), uid=number + 1) for number in range(60)])
    most = 0
    for number in numbers:
        with pool.begin() as work:
            found = [
                replace(
                    exchange(mailbox, random.choice(places), number, received=random.random() < 0.7),
                    # Now a site stands below their mails, now not, and a few firms have one VAT id.
                    party=random.choice(["", "a.example", "shop.example"]),
                    vat_id=random.choice(["", "", "", "DE1", "DE2"]),
                )
                for mailbox in ("info", "berta")
                for _ in range(random.randrange(4))
            ]
            work.correspondents.add(found)
            if number % 9 == 0:
                work.erasures.erase_addresses([random.choice(places)])
            if number % 13 == 0:
                work.erasures.erase_mails([number - 5])
        assert weights(pool) == sums(pool)
        most = max(most, len(weights(pool)))
    assert most > 5
    with pool.begin() as work:
        work.erasures.erase_mails(numbers)
    assert weights(pool) == {}


def weights(pool: Pool) -> dict[tuple[int, str], int]:
    with pool._reading() as connection:
        return {(row.box, row.belongs_to): row.weight for row in connection.execute(select(party_weights))}


def sums(pool: Pool) -> dict[tuple[int, str], int]:
    c = correspondents.c
    query = select(c.box, c.belongs_to, func.sum(c.mails_from + 3 * c.mails_to)).group_by(c.box, c.belongs_to)
    with pool._reading() as connection:
        return {(box, party): int(weight) for box, party, weight in connection.execute(query)}


def test_the_heaviest_are_found_behind_those_that_are_decided(pool: Pool) -> None:
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("info"))
        work.mailboxes.put(Mailbox("berta"))
        first, second = work.messages.add([mail("a"), mail("b", mailbox="berta", uid=2)])
        for number in range(30):
            for _ in range(60 - number):
                work.correspondents.add([exchange("info", f"x@firm{number:02}.example", first)])
        for _ in range(70):
            work.correspondents.add([exchange("berta", "x@firm29.example", second)])
        work.correspondents.add([exchange("info", "twice@gmx.de", first), exchange("info", "twice@gmx.de", first)])
        for number in range(20):
            work.senders.say(f"@firm{number:02}.example", Stance.SUPPLIER, "anna", NOON)
        work.senders.say("x@firm20.example", Stance.SUPPLIER, "anna", NOON)
        every = [f"firm{number}.example" for number in range(21, 30)]
        assert list(work.correspondents.heaviest({"info"}, 2, 9)) == every[:2]
        assert list(work.correspondents.heaviest({"info"}, 100, 9)) == every
        # Of both mailboxes together.
        assert list(work.correspondents.heaviest({"info", "berta"}, 3, 9)) == [every[-1], *every[:2]]
        assert list(work.correspondents.heaviest({"info", "berta"}, 100, 9)) == [every[-1], *every[:-1]]
        assert list(work.correspondents.heaviest(set(), 5, 9)) == []
        people = work.correspondents.of_parties(["firm29.example"], {"info", "berta"}, 1)["firm29.example"]
        assert (people.received, len(people.people), people.people[0].mailbox) == (101, 1, "berta")


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
