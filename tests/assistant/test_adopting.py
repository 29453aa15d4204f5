"""Customers without a file: from an empty pool with a mailbox to records, by what the mails say, and back."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Event

import pytest

from assistant.adopting import Adopting, Choice
from assistant.correspondence import Correspondence
from assistant.intake import Batch, Intake
from assistant.leads import Leads
from assistant.rematching import Rematcher
from assistant.settings import FirmSettings, Settings
from assistant.triage import Triage
from rules.terms.customer import Customer, CustomerKind, PartyKind
from rules.terms.errors import NotFound, WrongUse
from rules.terms.finding import Action
from rules.terms.mail import FolderRole, Mailbox, Placement, RawMail
from rules.terms.staff import Role, Viewer
from rules.terms.upkeep import Stance
from storage.pool import Pool
from tests.assistant.keeping import HereReader

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
LENA = Viewer("lena", Role.LEAD, "de", frozenset({"info"}))
BERTA = Viewer("berta", Role.LEAD, "de", frozenset({"info", "berta"}))
SIGNATURE = (
    "\n\nMit freundlichen Grüßen\nKarla Kranz\nKranz Metallbau GmbH\nHafenstraße 5\n24103 Kiel\nTel. 0431 998877\n"
)


@dataclass
class House:
    """A firm whose pool holds mail and no customers."""

    settings: Settings
    pool: Pool
    count: int = 0

    @property
    def adopting(self) -> Adopting:
        return Adopting(self.pool, self.settings.as_firm(), lambda: NOON)

    def write(
        self, sender: str, to: str, subject: str, text: str = "Kurz.", *, mailbox: str = "info", folder: str = "INBOX",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> int:  # fmt: skip
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        self.count += 1
        message["Message-ID"] = f"<{self.count}@mail.example>"
        message["Date"] = NOON
        for name, value in headers:
            message[name] = value
        message.set_content(text)
        place = Placement(mailbox, folder, 7, self.count)
        raw = RawMail(message.as_bytes(), place, NOON + timedelta(minutes=self.count))
        role = FolderRole.SENT if folder == "Sent" else FolderRole.INBOX
        triage = Triage(self.settings.as_firm())
        received = Intake(self.pool, HereReader(), triage).receive(Batch(mailbox, folder, role, (raw,)))  # type: ignore[arg-type]
        return received.new[0]

    def walk(self) -> int:
        return Correspondence(self.pool, self.settings.as_firm()).run(Event())

    def rematch(self) -> None:
        firm = self.settings.as_firm()
        Rematcher(self.pool, HereReader(), firm).run(Event())  # type: ignore[arg-type]

    def found(self, viewer: Viewer = LENA) -> dict[str, PartyKind | None]:
        people, _ = self.adopting.proposed(viewer)
        return {one.party.key: one.party.judged.kind for one in people}

    def owner(self, no: int) -> str | None:
        with self.pool.read() as work:
            mail = work.messages.get(no, 0)
        assert mail is not None
        return mail.match.customer_id if mail.match.action is Action.ATTACH else None


@pytest.fixture
def house(url: str, tmp_path: Path) -> Iterator[House]:
    settings = Settings(firm=FirmSettings(name="Muster GmbH", domains=("muster.example",)), home=tmp_path)
    pool = Pool.create(url, str(tmp_path / "blobs"))
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("info"))
        work.mailboxes.put(Mailbox("berta", owner="berta"))
    yield House(settings, pool)
    pool.close()


US = "info@muster.example"


def filled(house: House) -> dict[str, int]:
    kranz = "Karla Kranz <kranz@kranz-metall.example>"
    return {
        "asked": house.write(kranz, US, "Anfrage Tore", "bitte senden Sie uns ein Angebot." + SIGNATURE),
        "offer": house.write(US, kranz, "Angebot 12", "anbei unser Angebot", folder="Sent"),
        "other": house.write(US, "Otto Ohm <ohm@kranz-metall.example>", "Maße", "Hallo", folder="Sent"),
        "bill": house.write("shop@bleche.example", US, "Rechnung 881", "anbei unsere Rechnung"),
        "ordered": house.write(US, "shop@bleche.example", "Bestellung", "hiermit bestellen wir", folder="Sent"),
        "private": house.write(US, "Paula Privat <paula.privat@gmx.de>", "Termin", "Hallo", folder="Sent"),
        "private2": house.write(US, "Peter Probst <peter.probst@gmx.de>", "Termin", "Hallo", folder="Sent"),
        "secret": house.write("doc@praxis.example", "berta@muster.example", "Befund", mailbox="berta"),
        "answer": house.write(
            "berta@muster.example", "doc@praxis.example", "Termin", mailbox="berta", folder="Sent"
        ),
    }  # fmt: skip


def test_firms_are_grouped_and_private_people_are_not(house: House) -> None:
    filled(house)
    assert house.walk() == 9
    assert house.walk() == 0
    assert house.found() == {
        "kranz-metall.example": PartyKind.CUSTOMER,
        "bleche.example": PartyKind.SUPPLIER,
        "paula.privat@gmx.de": None,
        "peter.probst@gmx.de": None,
    }
    _, counts = house.adopting.proposed(LENA)
    assert counts == Counter({None: 2, PartyKind.CUSTOMER: 1, PartyKind.SUPPLIER: 1})
    [kranz], _ = house.adopting.proposed(LENA, PartyKind.CUSTOMER)
    assert (kranz.customer.name, kranz.customer.city) == ("Kranz Metallbau GmbH", "Kiel")
    assert {(one.first_name, one.last_name) for one in kranz.contacts} == {("Karla", "Kranz"), ("Otto", "Ohm")}
    assert (kranz.party.received, kranz.party.sent) == (1, 2)
    unsure, _ = house.adopting.proposed(LENA, unsure=True)
    assert {one.customer.kind for one in unsure} == {CustomerKind.PERSON}


def test_personal_mailboxes_and_excluded_folders_give_nothing_to_others(house: House) -> None:
    filled(house)
    with house.pool.begin() as work:
        work.mailboxes.put(Mailbox("info", excluded=("Projekte",)))
    for folder in ("Betriebsrat", "Projekte/Geheim"):
        for _ in range(4):
            house.write("rat@still.example", US, "Bestellung", folder=folder)
    house.walk()
    assert not {"praxis.example", "still.example"} & house.found().keys()
    assert "praxis.example" in house.found(BERTA)
    assert "still.example" not in house.found(BERTA)
    # Who may not see them makes nothing of them either, and no empty batch is kept.
    with pytest.raises(WrongUse, match="on the list"):
        house.adopting.confirm(LENA, [Choice("praxis.example", PartyKind.CUSTOMER)])
    with house.pool.read() as work:
        assert work.customers.size() == 0


def test_customers_get_records_people_and_their_old_mail_and_all_of_it_is_taken_back(house: House) -> None:
    mails = filled(house)
    house.walk()
    choices = [
        Choice("kranz-metall.example", PartyKind.CUSTOMER, "Kranz Metall GmbH"),
        Choice("paula.privat@gmx.de", PartyKind.CUSTOMER),
        Choice("bleche.example", PartyKind.SUPPLIER),
        Choice("peter.probst@gmx.de", Stance.NEVER),
    ]
    batch = house.adopting.confirm(LENA, choices)
    house.rematch()
    with house.pool.read() as work:
        assert [one.name for one in work.customers.page()] == ["Kranz Metall GmbH", "Paula Privat"]
        [kranz] = work.customers.find("Kranz Metall")
        assert {one.last_name for one in work.customers.contacts_of(kranz.id)} == {"Kranz", "Ohm"}
        said = work.senders.said({"shop@bleche.example", "neu@bleche.example", "peter.probst@gmx.de"})
    assert {name: one.stance for name, one in said.items()} == {
        "shop@bleche.example": Stance.SUPPLIER,
        "neu@bleche.example": Stance.SUPPLIER,
        "peter.probst@gmx.de": Stance.NEVER,
    }
    assert {house.owner(mails[name]) for name in ("asked", "offer", "other")} == {kranz.id}
    assert house.owner(mails["private"]) not in (None, kranz.id)
    assert house.owner(mails["bill"]) is house.owner(mails["private2"]) is None
    assert house.found() == {}
    with pytest.raises(NotFound):
        house.adopting.take_back(BERTA, batch)
    assert house.adopting.take_back(LENA, batch) == 0
    house.rematch()
    assert {house.owner(no) for no in mails.values()} == {None}
    assert len(house.found()) == 4
    with house.pool.read() as work:
        assert work.customers.size() == 0
        assert work.senders.history() == []
    with pytest.raises(NotFound):
        house.adopting.take_back(LENA, batch)


def test_a_customer_to_whom_more_belongs_by_now_stays(house: House) -> None:
    mails = filled(house)
    house.walk()
    batch = house.adopting.confirm(LENA, [Choice(key, PartyKind.CUSTOMER) for key in house.found()])
    house.rematch()
    with house.pool.begin() as work:
        mail = work.messages.get(mails["asked"], 0)
        assert mail is not None
        work.messages.set_match(mail.no, replace(mail.match, decided_by="lena"))
    assert house.adopting.take_back(LENA, batch) == 1
    with house.pool.read() as work:
        assert [one.name for one in work.customers.page()] == ["Kranz Metallbau GmbH"]


def test_suppliers_and_their_colleagues_are_no_leads(house: House) -> None:
    mails = filled(house)
    house.walk()
    leads = Leads(house.pool, house.settings.as_firm())
    assert {lead.address for one in leads.page(LENA, 20)[0] for lead in one.leads} == {
        "kranz@kranz-metall.example",
        "shop@bleche.example",
    }
    house.adopting.confirm(LENA, [Choice("bleche.example", PartyKind.SUPPLIER)])
    new = house.write("neu@bleche.example", US, "Neue Preise", "Guten Tag")
    house.walk()
    assert [one.leads[0].address for one in leads.page(LENA, 20)[0]] == ["kranz@kranz-metall.example"]
    with house.pool.read() as work:
        waiting = work.messages.by_action(Action.UNKNOWN, frozenset({"info"}))
    assert mails["asked"] in waiting
    assert not {mails["bill"], new}.intersection(waiting)
    assert "bleche.example" not in house.found()


def test_what_is_never_to_be_filed_is_not_filed_not_proposed_and_no_lead(house: House) -> None:
    mails = filled(house)
    house.walk()
    house.adopting.confirm(LENA, [Choice("kranz-metall.example", PartyKind.CUSTOMER)])
    house.rematch()
    house.adopting.never(LENA, " Kranz@kranz-metall.example ")
    house.adopting.never(LENA, "bleche.example")
    again = house.write("kranz@kranz-metall.example", US, "Noch etwas", "Hallo" + SIGNATURE)
    assert house.owner(again) is None
    assert house.owner(mails["asked"]) is not None  # what is filed stays
    assert house.owner(house.write("ohm@kranz-metall.example", US, "Hallo")) is not None
    with house.pool.read() as work:
        mail = work.messages.get(again, 0)
        assert mail is not None
        assert [(one.reason, one.quote) for one in mail.match.evidence] == [
            ("never-filed", "kranz@kranz-metall.example")
        ]
        entries = {one.address: one.id for one in work.senders.history(stance=Stance.NEVER)}
    assert entries.keys() == {"kranz@kranz-metall.example", "@bleche.example"}
    assert "bleche.example" not in house.found()
    assert Leads(house.pool, house.settings.as_firm()).page(LENA, 20)[0] == []
    house.adopting.unsay(entries["kranz@kranz-metall.example"])
    house.rematch()
    assert house.owner(again) is not None
    with pytest.raises(NotFound):
        house.adopting.unsay(entries["kranz@kranz-metall.example"])


@pytest.mark.parametrize("entry", ["", "kein Unsinn", "gmx.de", "@web.de", US, "muster.example", "a@b@", "x" * 5000])
def test_an_unfit_entry_of_the_never_file_list_is_refused(house: House, entry: str) -> None:
    with pytest.raises(WrongUse):
        house.adopting.never(LENA, entry)


def test_a_vat_id_and_a_web_site_in_signatures_join_what_is_one_firm(house: House) -> None:
    vat = SIGNATURE + "USt-IdNr. DE136695976\n"
    house.write("a@kranz.example", US, "Eins", "Hallo." + vat)
    house.write(US, "a@kranz.example", "Zwei", folder="Sent")
    house.write("kranz.werkstatt@gmx.de", US, "Drei", "Hallo." + vat)
    house.write("kranz.buero@web.de", US, "Vier", "Hallo.\n\nGruß\nKarla Kranz\nwww.kranz.example\n")
    house.walk()
    people, _ = house.adopting.proposed(LENA)
    assert [(one.party.key, len(one.party.people)) for one in people] == [("kranz.example", 3)]


def test_newsletters_and_strangers_who_wrote_once_are_not_customers(house: House) -> None:
    house.write("einmal@fremd.example", US, "Hallo")
    for _ in range(4):
        house.write("news@laden.example", US, "Nur heute", headers=(("List-Unsubscribe", "<https://laden.example/u>"),))
    house.write(US, ", ".join(f"k{no}@firma{no}.example" for no in range(12)), "Rundschreiben", folder="Sent")
    house.walk()
    assert house.found() == {"laden.example": PartyKind.OTHER}


def test_nothing_or_too_much_is_refused(house: House) -> None:
    with pytest.raises(WrongUse):
        house.adopting.confirm(LENA, [])
    with pytest.raises(WrongUse):
        house.adopting.confirm(LENA, [Choice(str(no), PartyKind.CUSTOMER) for no in range(501)])


def test_what_was_confirmed_goes_where_its_customer_is_merged_and_back(house: House) -> None:
    """Else taking it back would leave a merged one alone, or take away the one that it became part of."""
    filled(house)
    house.walk()
    batch = house.adopting.confirm(LENA, [Choice(key, PartyKind.CUSTOMER) for key in house.found()])
    with house.pool.begin() as work:
        made = work.correspondents.adoption(batch)
        assert made is not None
        work.customers.upsert([Customer("C1", "Kranz aus der Buchhaltung")], [])
        merge = work.merges.merge("C1", made.customers[0], "lena", NOON)
        moved = work.correspondents.adoption(batch)
        assert moved is not None
        assert moved.customers == ("C1", *made.customers[1:])
    assert house.adopting.take_back(LENA, batch) == 1
    with house.pool.begin() as work:
        assert [one.id for one in work.customers.page()] == ["C1"]
        work.merges.undo(merge, "lena", NOON)
        parted = work.correspondents.adoption(batch)
        assert parted is not None
        assert parted.customers == made.customers[:1]
    assert house.adopting.take_back(LENA, batch) == 0
    with house.pool.read() as work:
        assert [one.id for one in work.customers.page()] == ["C1"]
