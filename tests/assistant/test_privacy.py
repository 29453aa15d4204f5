"""The rights of persons: erased means erased, wherever one looks and whatever comes back later."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import zstandard
from sqlalchemy import select, text

from assistant.backing_up import back_up, restore
from assistant.changing import put_contact, put_customer
from assistant.erased import Gate, list_file
from assistant.handing_over import export
from assistant.importing import import_file
from assistant.intake import Batch, Intake, Received
from assistant.lookup import Lookup
from assistant.privacy import Privacy
from assistant.retention import Retention, months_before
from assistant.settings import FirmSettings, PoolSettings, RetentionSettings, Settings
from assistant.triage import Triage
from assistant.upkeep import Upkeep
from rules.terms.case import Case, CaseEvent, CaseEventKind
from rules.terms.consent import Consent, Purpose, Way
from rules.terms.customer import Contact, Customer, IdentifierKind, Known, Reference
from rules.terms.errors import ErasuresUnfit, Forbidden, NotFound, UnknownName, WrongUse
from rules.terms.interaction import Channel, Interaction
from rules.terms.ledger import Invoice, Offer, OpenItem, Order, Payment, SurveyAnswer
from rules.terms.mail import Blob, FolderRole, Mailbox, Placement, RawMail
from rules.terms.outgoing import OutgoingKind, OutgoingMail
from rules.terms.staff import Role, Viewer
from rules.terms.upkeep import Proposal, Stance
from rules.terms.worth import Bar
from storage.columns import metadata
from storage.pool import Pool
from tests.assistant.test_intake import HereReader

DAY = date(2026, 10, 1)
OLD = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
XAVERIA, PRIVATE, QUIET = "xaveria@zaun.example", "x.zaunkoenig@gmx.example", "post@zaunfix.example"
# Words by which what is stored of her can be found anywhere; search knows them folded.
MARKS = ("zaun", "xaveria", "quittenmarmelade", "quittengelee", "au-777123", "re-777124", "4917712345678")
OTHERS = ("pflaumenmus", "berta@pflaume.example")
ADMIN = Viewer("adam", Role.ADMIN, "de", frozenset({"office"}))


@dataclass
class Firm:
    """A firm with a pool, two customers and mail of both."""

    settings: Settings
    pool: Pool
    now: datetime = NOW
    raws: list[RawMail] = field(default_factory=list)

    @property
    def privacy(self) -> Privacy:
        return replace(Privacy.over(self.settings, self.pool), clock=lambda: self.now)

    def intake(self) -> Intake:
        gate = Gate.by(self.settings)
        return Intake(self.pool, HereReader(), Triage(gate.firm), clock=lambda: self.now, gate=gate)  # type: ignore[arg-type]

    def receive(self, raw: RawMail) -> Received:
        place = raw.placement
        role = FolderRole.SENT if place.folder == "Sent" else FolderRole.INBOX
        return self.intake().receive(Batch(place.mailbox, place.folder, role, (raw,)))

    def mail(
        self,
        sender: str,
        to: str,
        words: str,
        *,
        at: datetime = OLD,
        folder: str = "INBOX",
        cc: str = "",
        file: str = "",
    ) -> int:
        """A mail comes in; its number, 0 where it was kept out."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, f"Betreff {words}"
        if cc:
            message["Cc"] = cc
        message["Date"] = at
        message["Message-ID"] = f"<{len(self.raws)}.{sender.partition('@')[2]}>"
        message.set_content(f"Guten Tag, es geht um {words}.\n")
        if file:
            message.add_attachment(file.encode(), maintype="application", subtype="pdf", filename=f"{words}.pdf")
        raw = RawMail(message.as_bytes(), Placement("office", folder, 7, len(self.raws) + 1), at)
        self.raws.append(raw)
        new = self.receive(raw).new
        return new[0] if new else 0


def made(folder: Path, url: str) -> Firm:
    pool_settings = PoolSettings(url=url, blobs="blobs", key_file="secrets.key")
    settings = Settings(firm=FirmSettings(name="Muster", domains=("muster.example",)), pool=pool_settings, home=folder)
    return Firm(settings, Pool.create(settings.pool_url, settings.blobs))


@pytest.fixture
def firm(url: str, tmp_path: Path) -> Iterator[Firm]:
    """Everything the pool can know of Xaveria, and a little of Berta."""
    firm = made(tmp_path, url)
    plant(firm)
    yield firm
    firm.pool.close()


def plant(firm: Firm) -> None:
    us = firm.settings.as_firm()
    with firm.pool.begin() as work:
        work.mailboxes.put(Mailbox("office"))
        put_customer(work, us, Customer("C1", "Zaunkönig Gartenbau", "4711", city="Zaunheim", email=XAVERIA))
        put_contact(
            work,
            us,
            Contact("P1", "C1", first_name="Xaveria", last_name="Zaunkönig", email=XAVERIA, phone="+4917712345678"),
            "",
        )
        put_customer(work, us, Customer("C2", "Pflaume GmbH", email="berta@pflaume.example"))
        put_customer(work, us, Customer("C3", "Zaunfix", email=QUIET))
        work.customers.teach(Known(IdentifierKind.ADDRESS, PRIVATE, "C1", "P1", "anna"))
        for id, no in (("C1", "AU-777123"), ("C2", "AU-1")):
            work.ledger.upsert_orders([Order(no, id, DAY, 99900)])
            work.ledger.upsert_offers([Offer(f"{no}-A", id, DAY, 99900)])
            work.ledger.upsert_invoices([Invoice(no.replace("AU", "RE").replace("3", "4"), id, DAY, 99900)])
            work.ledger.upsert_surveys(
                [SurveyAnswer(id, DAY, 3, comment="Quittengelee" if id == "C1" else "gut", external_id=no)]
            )
        work.ledger.upsert_payments([Payment("RE-777124", DAY, 99900, payment_no="Z-Zaunkönig")])
        work.ledger.upsert_open_items([OpenItem("C1", "RE-777124", DAY, 100)], 1)
        work.customers.upsert_references([Reference("ticket", "AU-777123", "C1")])
        work.particulars.add("C1", "mag Quittengelee", None, "anna", DAY)
        work.decisions.bar("C1", Bar.OBJECTION, DAY, "Xaveria am Telefon")
        work.decisions.decide("C1", "call", DAY, accepted=True)
        for id, person in (("C1", ""), ("C1", "P1"), ("C3", "")):
            said = Consent(id, Purpose.EMAIL, True, DAY, Way.FORM, OLD, person, "Quittengelee-Verlosung")
            work.consents.add([said])
        contact = work.customers.contact("P1")
        assert contact is not None
        work.contact_changes.put(contact, {"address_form": "Du"}, "zaunkönigin", OLD)
        work.interactions.add([Interaction("C1", Channel.CALL, OLD, "Anruf", "wegen Quittengelee", contact_id="P1")])
        work.senders.say(PRIVATE, Stance.OTHER, "anna", OLD)
    book = Upkeep.over(firm.pool, Triage(us)).book
    hers = firm.mail(f"Xaveria Zaunkönig <{XAVERIA}>", "info@muster.example", "Quittenmarmelade", file="Quittengelee")
    firm.mail("anna@muster.example", XAVERIA, "Antwort Quittenmarmelade", folder="Sent")
    firm.mail(f"Pflaume <{QUIET}>", "info@muster.example", "Quittenmarmelade von Zaunfix")
    firm.mail("berta@pflaume.example", "info@muster.example", "Pflaumenmus")
    with firm.pool.begin() as work:
        case = Case("complaints", "Quittenmarmelade", "weil", OLD, 8, customer_id="C1")
        case = work.cases.open(case, [hers])
        work.cases.change(
            case,
            replace(case, remedy="Quittengelee"),
            CaseEvent(case.id, CaseEventKind.NOTED, OLD, "anna", "Quittengelee"),
        )
        work.proposals.add([Proposal("phone", hers, "C1", "P1", {"phone": "+4917712345678"}, "Quittengelee", OLD)])
        place = Placement("office", "INBOX", 7, 500)
        poison = Blob(*packed(f"From: Xaveria <{XAVERIA}>\r\n\r\nQuittengelee\r\n".encode()))
        firm.pool.blobs.put([poison])
        work.quarantine.add(poison.digest, place, "too deep", OLD, OLD)
    book.merge(ADMIN, "C1", "C3")


def packed(raw: bytes) -> tuple[str, bytes, int]:
    from connectors.mime import pack

    blob = pack(raw)
    return blob.digest, blob.packed, blob.size


def leftovers(firm: Firm, marks: tuple[str, ...] = MARKS) -> list[str]:
    """Where one of the words still stands: tables, indexes of words, the database's file, blobs, a fresh dump."""
    found: list[str] = []

    def look(where: str, content: str) -> None:
        low = content.lower().replace("\\u00f6", "ö")
        found.extend(f"{where}: {mark}" for mark in marks if mark in low)

    with firm.pool._writing_alone() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                look(table.name, repr(row))
        for index in ("message_words", "customer_words", "entry_words"):
            if connection.dialect.name == "sqlite":
                name = f"terms_{index}"
                connection.execute(
                    text(f"create virtual table if not exists temp.{name} using fts5vocab(main, {index}, row)")
                )
                terms = connection.execute(text(f"select term from temp.{name}"))
            else:
                terms = connection.execute(text(f"select words::text from {index}"))
            look(index, " ".join(str(term[0]) for term in terms))
    look("dump", "\n".join(firm.pool.dump()))
    for path in Path(firm.settings.blobs).rglob("*"):
        if path.is_file():
            look(f"blob {path.name[:8]}", zstandard.decompress(path.read_bytes()).decode(errors="replace"))
    if firm.settings.pool_url.startswith("sqlite"):
        file = Path(firm.settings.pool_url.removeprefix("sqlite:///"))
        for path in (file, file.with_name(file.name + "-wal")):
            if path.exists():
                look(path.name, path.read_bytes().decode("utf-8", errors="replace"))
    return sorted(set(found))


def age(firm: Firm) -> None:
    """As if the blobs had been put long ago."""
    for path in Path(firm.settings.blobs).rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1))


def counts(pool: Pool) -> dict[str, int]:
    with pool._reading() as connection, connection.begin():
        return {table.name: len(connection.execute(select(table)).all()) for table in metadata.sorted_tables}


def test_erased_means_erased(firm: Firm) -> None:
    assert {one.partition(":")[0] for one in leftovers(firm)} > {"customers", "texts", "message_words", "dump"}
    age(firm)
    found = firm.privacy.find("C1")
    assert (found.name, len(found.mails), len(found.quarantined), found.shared) == (
        "Zaunkönig Gartenbau",
        3,
        1,
        frozenset(),
    )
    firm.privacy.erase(found)
    assert leftovers(firm) == []
    assert {one.rpartition(": ")[2] for one in leftovers(firm, OTHERS)} == set(OTHERS)
    with firm.pool.read() as work:
        assert work.customers.get("C1") is work.customers.get("C3") is None
        assert [one.id for one in work.customers.find("Pflaume")] == ["C2"]
        assert len(work.search.messages("pflaumenmus", frozenset({"office"}))) == 1
        assert work.search.messages("quittenmarmelade", frozenset({"office"})) == []
        assert work.customers.size() == 1
        assert len(work.ledger.orders_of("C2")) == 1
        with pytest.raises(NotFound):
            work.cases.get(1, None)


def test_a_second_reading_brings_nothing_back(firm: Firm) -> None:
    firm.privacy.erase(firm.privacy.find("C1"))
    before = counts(firm.pool)
    for raw in firm.raws[:3]:
        moved = replace(raw, placement=replace(raw.placement, folder="Archiv"))
        for again in (raw, moved):
            received = firm.receive(again)
            assert (received.new, received.kept_out) == ((), 1)
    changed = counts(firm.pool)
    assert {name for name in before if before[name] != changed[name]} == {"places", "erased_copies"}
    age(firm)
    firm.pool.sweep()
    assert leftovers(firm) == []
    with firm.pool.read() as work:
        # The audit and backfill know that these are not missing.
        assert {1, 3, 500} <= work.erasures.copies("office", "INBOX", 7)
        assert work.messages.live_uids("office", "INBOX", 7) == {4}


def test_older_mail_stays_out_and_later_mail_is_new(firm: Firm) -> None:
    firm.privacy.erase(firm.privacy.find("C1"))
    firm.now = LATER
    assert firm.mail(XAVERIA, "info@muster.example", "alte Post", at=OLD) == 0
    assert firm.mail("anna@muster.example", XAVERIA, "alte Antwort", at=OLD, folder="Sent") == 0
    assert firm.mail("berta@pflaume.example", "info@muster.example", "Pflaumenmus", at=OLD, cc=XAVERIA) > 0
    assert firm.mail(XAVERIA, "info@muster.example", "neue Post", at=LATER) > 0


def test_blocked_means_later_mail_too(firm: Firm) -> None:
    firm.privacy.erase(firm.privacy.find("C1"), blocked=True)
    firm.now = LATER
    assert firm.mail(XAVERIA.upper(), "info@muster.example", "neue Post", at=LATER) == 0
    assert firm.mail("anna@muster.example", XAVERIA, "unsere Antwort", at=LATER, folder="Sent") > 0


def test_what_belongs_to_others_too_stays_and_leads_to_nobody(firm: Firm) -> None:
    both = firm.mail("anna@muster.example", f"{XAVERIA}, berta@pflaume.example", "an beide", folder="Sent")
    theirs = firm.mail("berta@pflaume.example", "info@muster.example", "Pflaumenkuchen", cc=XAVERIA)
    found = firm.privacy.find("C1")
    assert {both, theirs} <= found.shared
    firm.privacy.erase(found)
    with firm.pool.read() as work:
        mail, other = work.messages.get(both), work.messages.get(theirs)
        assert mail is not None
        assert other is not None
        assert mail.match.customer_id in (None, "C2")
        assert other.match.customer_id == "C2"


def test_a_person_goes_and_their_firm_stays(firm: Firm) -> None:
    us = firm.settings.as_firm()
    with firm.pool.begin() as work:
        put_contact(
            work, us, Contact("P2", "C1", first_name="Kuno", last_name="Kranich", email="kuno@kranich.example"), ""
        )
        work.interactions.add([Interaction("C1", Channel.CALL, OLD, "Anruf von Kuno Kranich", contact_id="P2")])
        work.ledger.upsert_surveys([SurveyAnswer("C1", DAY, 1, "P2", "Kranich sagt nein", "s-2")])
        work.consents.add([Consent("C1", Purpose.PHONE, True, DAY, Way.SPOKEN, OLD, "P2", "Kranich am Telefon")])
    hers = firm.mail("Kuno Kranich <kuno@kranich.example>", "info@muster.example", "Kranichfeder")
    age(firm)
    found = firm.privacy.find("kuno@kranich.example")
    assert (set(found.contacts), set(found.mails)) == ({"P2"}, {hers})
    firm.privacy.erase(found)
    assert leftovers(firm, ("kranich", "kuno")) == []
    with firm.pool.read() as work:
        assert [one.id for one in work.customers.contacts_of("C1")] == ["P1"]
        assert work.interactions.count_of("C1") == 4


def test_a_stranger_goes_by_their_address(firm: Firm) -> None:
    firm.mail("Fremde <fremde@weit.example>", "info@muster.example", "Sanddornsaft")
    firm.mail("anna@muster.example", "fremde@weit.example", "Antwort Sanddornsaft", folder="Sent")
    age(firm)
    found = firm.privacy.find("Fremde@Weit.example")
    assert len(found.mails) == 2
    firm.privacy.erase(found)
    assert leftovers(firm, ("sanddorn", "weit.example")) == []


@pytest.mark.parametrize("whom", ["C9", "niemand@nirgends.example"])
def test_of_whom_nothing_is_known_nothing_is_erased(firm: Firm, whom: str) -> None:
    with pytest.raises(UnknownName):
        firm.privacy.find(whom)


@pytest.mark.parametrize("whom", ["C3", "anna@muster.example", "berta@pflaume.example"])
def test_who_means_somebody_else_is_told(firm: Firm, whom: str) -> None:
    with pytest.raises(WrongUse):
        firm.privacy.find(whom)


def test_a_merge_cannot_be_undone_into_an_erased_record(firm: Firm) -> None:
    firm.privacy.erase(firm.privacy.find("C1"))
    with firm.pool.read() as work:
        assert work.merges.page() == []
    with firm.pool.begin() as work, pytest.raises(NotFound):
        work.merges.undo(1, "anna", NOW)


def test_what_is_named_by_others_keeps_its_blob(firm: Firm) -> None:
    firm.mail("berta@pflaume.example", "info@muster.example", "Pflaumenmus", file="Quittengelee")
    age(firm)
    firm.privacy.erase(firm.privacy.find("C1"))
    assert {one.partition(" ")[0] for one in leftovers(firm, ("quittengelee",))} == {"blob"}
    with firm.pool.read() as work:
        assert work.erasures.removals() == []
    assert [digest for digest in firm.pool.digests() if not firm.pool.blobs.has(digest)] == []


def test_a_blob_that_was_just_put_waits_for_a_later_sweep(firm: Firm) -> None:
    firm.privacy.erase(firm.privacy.find("C1"))
    assert firm.pool.sweep() > 0
    age(firm)
    assert firm.pool.sweep() == 0
    assert leftovers(firm) == []


def test_an_older_backup_stays_erased(firm: Firm, tmp_path: Path) -> None:
    backup = tmp_path / "kingpost.tar"
    back_up(firm.settings, backup)
    firm.privacy.erase(firm.privacy.find("C1"))
    listed = list_file(firm.settings).read_text(encoding="utf-8").lower()
    assert not any(mark in listed for mark in MARKS)
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    again = replace(
        firm,
        settings=firm.settings.model_copy(
            update={
                "home": elsewhere,
                "pool": PoolSettings(url="sqlite:///pool.sqlite", blobs="blobs", key_file="secrets.key"),
            }
        ),
    )
    saved = restore(again.settings, backup, erasures=list_file(firm.settings))
    assert (saved.erased, saved.missing) == (1, ())
    with closing(Pool.open(again.settings.pool_url, again.settings.blobs)) as pool:
        again.pool = pool
        assert leftovers(again) == []
        assert again.receive(firm.raws[0]).kept_out == 1
        with pool.read() as work:
            assert work.customers.get("C2") is not None
        # The list beside the new pool knows it too, and again is fine.
        assert Privacy.over(again.settings, pool).erase_again([]) == 0
        assert list_file(again.settings).read_text(encoding="utf-8").lower() == listed


def test_a_list_of_another_key_is_not_taken_for_nothing(firm: Firm, tmp_path: Path) -> None:
    backup = tmp_path / "kingpost.tar"
    firm.privacy.erase(firm.privacy.find("C1"))
    back_up(firm.settings, backup, key=False)
    other = made(tmp_path / "b", "sqlite:///pool.sqlite")
    other.pool.close()
    with firm.pool.read() as work:
        listed = work.erasures.all()
    with closing(Pool.open(other.settings.pool_url, other.settings.blobs)) as pool, pytest.raises(ErasuresUnfit):
        Privacy.over(other.settings, pool).erase_again(listed)


def test_a_failed_erasure_leaves_everything(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    before = counts(firm.pool)

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("storage.erasure.Erasures.erase_customers", fail)
    with pytest.raises(RuntimeError):
        firm.privacy.erase(firm.privacy.find("C1"))
    assert counts(firm.pool) == before
    assert not list_file(firm.settings).exists()


def exported(firm: Firm, whom: str, contact: str = "", viewer: Viewer | None = None) -> zipfile.ZipFile:
    out = io.BytesIO()
    export(firm.pool, firm.privacy.find(whom, contact), out, language="de", now=NOW, viewer=viewer)
    return zipfile.ZipFile(out)


def whole(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist()).lower()


def test_an_export_holds_what_was_planted_and_nothing_of_another_customer(firm: Firm) -> None:
    archive = exported(firm, "C1")
    content = json.loads(archive.read("export.json"))
    assert content["customers"][0]["name"] == "Zaunkönig Gartenbau"
    assert PRIVATE in {one["value"] for one in content["identifiers"] if one["source"] == "anna"}
    for name in ("contacts", "references", "orders", "offers", "invoices", "payments", "open_items", "surveys"):
        assert content[name], name
    for name in ("particulars", "decisions", "bars", "interactions", "cases", "case_events", "proposals", "merges"):
        assert content[name], name
    assert len(content["consents"]) == 3
    assert content["consents"][0]["date"] == DAY.isoformat()
    assert [(one["value"], one["before"]) for one in content["contact_changes"]] == [("Du", "")]
    assert content["senders"][0]["address"] == PRIVATE
    assert {mail["direction"] for mail in content["mails"]} == {"incoming", "outgoing"}
    [file] = [file for mail in content["mails"] for file in mail["attachments"]]
    assert archive.read(file["file"]) == b"Quittengelee"
    assert archive.read(content["mails"][0]["raw"]) == firm.raws[0].raw
    page = archive.read("index.html").decode()
    assert "Zaunkönig Gartenbau" in page
    assert "Quittenmarmelade" in page
    assert not any(word in whole(archive) for word in OTHERS)


def test_the_page_runs_and_loads_nothing_that_a_stranger_wrote(firm: Firm) -> None:
    evil = "<script src=https://boese.example/x.js></script><img src=x>"
    firm.mail(f"Xaveria <{XAVERIA}>", "info@muster.example", evil, file="x")
    archive = exported(firm, "C1")
    page = archive.read("index.html").decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "default-src 'none'" in page
    assert all(".." not in name and not name.startswith("/") for name in archive.namelist())


def test_an_export_of_one_person_is_theirs_alone(firm: Firm) -> None:
    us = firm.settings.as_firm()
    with firm.pool.begin() as work:
        put_contact(work, us, Contact("P2", "C1", last_name="Kranich", email="kuno@kranich.example"), "")
        work.interactions.add([Interaction("C1", Channel.CALL, OLD, "Kranich rief an", contact_id="P2")])
    firm.mail("Kuno Kranich <kuno@kranich.example>", "info@muster.example", "Kranichfeder")
    content = json.loads(exported(firm, "C1", "P2").read("export.json"))
    assert [one["id"] for one in content["contacts"]] == ["P2"]
    assert len(content["mails"]) == 1
    assert content["orders"] == content["customers"] == content["consents"] == content["contact_changes"] == []
    assert not any(word in json.dumps(content).lower() for word in ("xaveria", "quitten"))


def test_mail_of_a_colleagues_own_mailbox_is_named_and_withheld(firm: Firm) -> None:
    with firm.pool.begin() as work:
        work.mailboxes.put(Mailbox("berta", owner="berta"))
    secret = firm.raws[0].raw.replace(b"Quittenmarmelade", b"Hagebuttentee").replace(b"<0.", b"<99.")
    firm.receive(RawMail(secret, Placement("berta", "INBOX", 7, 1), OLD))
    with firm.pool.begin() as work:
        (closed,) = (mail.no for mail in work.messages.get_many(range(1, 99), 0).values() if "berta" in mail.mailboxes)
        case = work.cases.open(Case("complaints", "Hagebuttentee", "", OLD, 8, customer_id="C1"), [closed])
        to, thanks = "xaveria@example.org", "Danke: Hagebuttentee"
        work.outbox.put(
            OutgoingMail(
                OutgoingKind.ACKNOWLEDGEMENT, to, thanks, "", "1", "1@x", OLD, OLD, customer_id="C1", case=case.id
            )
        )
    archive = exported(firm, "C1", viewer=ADMIN)
    content = json.loads(archive.read("export.json"))
    assert content["withheld"]["mails"] == 1
    assert [set(one) for one in content["mails"] if one.get("withheld")] == [{"number", "direction", "day", "withheld"}]
    assert "hagebuttentee" not in whole(archive)
    assert "hagebuttentee" in whole(exported(firm, "C1"))
    poor = replace(ADMIN, groups=frozenset())
    content = json.loads(exported(firm, "C1", viewer=poor).read("export.json"))
    assert content["orders"] == content["particulars"] == []
    assert content["withheld"]["groups"] == ["money", "particulars"]


@pytest.mark.parametrize(
    ("class_", "stance"), [("strangers", None), ("dismissed", Stance.IGNORE), ("applications", Stance.APPLICANT)]
)
def test_what_is_over_its_time_goes_and_customers_mail_stays(firm: Firm, class_: str, stance: Stance | None) -> None:
    old = datetime(2026, 4, 1, tzinfo=UTC)
    firm.mail("bewerbung@weit.example", "info@muster.example", "Sanddorn", at=old)
    young = firm.mail("neu@weit.example", "info@muster.example", "jung", at=NOW)
    customers = firm.mail(XAVERIA, "info@muster.example", "Quittenkern", at=old)
    if stance is not None:
        with firm.pool.begin() as work:
            for who in ("bewerbung@weit.example", "neu@weit.example"):
                work.senders.say(who, stance, "anna", old)
    settings = firm.settings.model_copy(update={"retention": RetentionSettings(**{class_: 6})})
    rule = Retention(settings, firm.privacy, lambda: NOW)
    assert rule.run(dry_run=True) == [(class_, 6, 1)]
    assert leftovers(firm, ("sanddorn",)) != []
    age(firm)
    assert rule.run() == [(class_, 6, 1)]
    assert leftovers(firm, ("sanddorn",)) == []
    assert rule.run() == [(class_, 6, 0)]
    assert firm.receive(firm.raws[-3]).kept_out == 1
    with firm.pool.read() as work:
        assert set(work.messages.get_many([young, customers])) == {young, customers}


def test_quarantine_goes_by_its_own_time_and_nothing_goes_unasked(firm: Firm) -> None:
    settings = firm.settings.model_copy(update={"retention": RetentionSettings(quarantine=1)})
    assert Retention(firm.settings, firm.privacy, lambda: NOW).run() == []
    assert Retention(settings, firm.privacy, lambda: NOW).run() == [("quarantine", 1, 1)]
    with firm.pool.read() as work:
        assert work.quarantine.count() == 0


def test_a_month_without_that_day_ends_earlier() -> None:
    assert months_before(datetime(2026, 5, 31, tzinfo=UTC), 3) == datetime(2026, 2, 28, tzinfo=UTC)
    assert months_before(datetime(2026, 1, 15, tzinfo=UTC), 13) == datetime(2024, 12, 15, tzinfo=UTC)


def test_what_is_restricted_stands_in_no_list_and_opens_for_administrators_only(firm: Firm) -> None:
    anna, office = Viewer("anna", Role.STAFF, "de", frozenset({"office"})), frozenset({"office"})
    look = Lookup(firm.pool, ZoneInfo("Europe/Berlin"))
    firm.privacy.restrict("C1", date(2099, 12, 31), "adam")
    with firm.pool.read() as work:
        assert [one.id for one in work.customers.page()] == ["C2"]
        assert work.customers.find("Zaunkönig") == []
        assert work.search.messages("quittenmarmelade", office) == []
        assert len(work.search.messages("pflaumenmus", office)) == 1
        assert work.messages.latest(office) == [4]
    seen = look.of_customer(anna, "C1", NOW)
    assert (seen.customer, seen.particulars, "restricted" in seen.withheld) == (None, (), True)
    assert seen.match is not None
    assert "eingeschränkt" in seen.match.sentence
    for closed in (lambda: look.timeline(anna, "C1"), lambda: look.mail(anna, 1)):
        with pytest.raises(Forbidden):
            closed()
    assert look.of_message(anna, 1, NOW).customer is None
    mine = look.of_customer(ADMIN, "C1", NOW)
    assert mine.customer is not None
    assert "eingeschränkt seit 22.11.2026" in mine.particulars[0].text
    assert look.mail(ADMIN, 1).no == 1
    # What they write from now on has to be read and answered.
    firm.now = LATER
    new = firm.mail(XAVERIA, "info@muster.example", "Neues", at=LATER)
    with firm.pool.read() as work:
        assert new in work.messages.latest(office)
    assert look.mail(anna, new).no == new
    firm.privacy.lift("C1")
    assert look.of_customer(anna, "C1", NOW).customer is not None


def test_a_restriction_ends_with_its_last_day(firm: Firm) -> None:
    firm.privacy.restrict("C1", date(2020, 1, 1), "adam")
    with firm.pool.read() as work:
        assert "C1" in {one.id for one in work.customers.page()}
        assert work.restrictions.of("C1") is None


def test_an_objection_is_noted_with_day_and_source(firm: Firm) -> None:
    firm.privacy.object_to_advertising("C2", "Brief", objects=True)
    with firm.pool.read() as work:
        assert work.decisions.bars(["C2"]) == {"C2": {Bar.OBJECTION}}
    row = json.loads(exported(firm, "C2").read("export.json"))["bars"][0]
    assert (row["bar"], row["since"], row["author"]) == ("objection", "2026-11-22", "Brief")
    firm.privacy.object_to_advertising("C2", "", objects=False)
    with firm.pool.read() as work:
        assert work.decisions.bars(["C2"]) == {}


def test_an_objection_comes_with_the_firms_table_and_no_table_lifts_it(firm: Firm, tmp_path: Path) -> None:
    us, zone, file = firm.settings.as_firm(), ZoneInfo("Europe/Berlin"), tmp_path / "kunden.csv"
    file.write_text("customer_id;name;Werbung\nC2;Pflaume GmbH;nein\nC8;Acht;ja\nC9;Neun;\n", encoding="utf-8")
    assert import_file(firm.pool, us, zone, "customers", file).bad == 0
    with firm.pool.read() as work:
        assert work.decisions.bars(["C2", "C8", "C9"]) == {"C2": {Bar.OBJECTION}}
    file.write_text("customer_id;name;Werbung\nC2;Pflaume GmbH;ja\nC8;Acht;vielleicht\n", encoding="utf-8")
    assert import_file(firm.pool, us, zone, "customers", file).bad == 1
    with firm.pool.read() as work:
        assert work.decisions.bars(["C2"]) == {"C2": {Bar.OBJECTION}}


def test_an_address_that_others_share_takes_nothing_of_theirs_along(firm: Firm) -> None:
    adviser = "kanzlei@steuer.example"
    with firm.pool.begin() as work:
        for id in ("C1", "C2"):
            work.customers.teach(Known(IdentifierKind.ADDRESS, adviser, id, None, "anna"))
    with firm.pool.read() as work:
        before = work.interactions.count_of("C2")
    kept = firm.mail(f"Kanzlei <{adviser}>", "info@muster.example", "Rechnung für Pflaume GmbH, AU-1")
    firm.privacy.erase(firm.privacy.find("C1"))
    with firm.pool.read() as work:
        assert work.messages.get(kept) is not None
        assert work.interactions.count_of("C2") >= before
        owners = work.customers.owners({IdentifierKind.ADDRESS: [adviser]})
    assert [one.customer_id for one in owners[IdentifierKind.ADDRESS, adviser].known] == ["C2"]


def test_a_table_that_still_holds_an_erased_record_brings_nobody_back(firm: Firm, tmp_path: Path) -> None:
    us, zone, file = firm.settings.as_firm(), ZoneInfo("Europe/Berlin"), tmp_path / "kunden.csv"
    firm.privacy.erase(firm.privacy.find("C1"))
    file.write_text("customer_id;name\nC1;Zaunkönig\nC2;Pflaume GmbH\n", encoding="utf-8")
    gate = Gate.by(firm.settings)
    report = import_file(firm.pool, us, zone, "customers", file, gate=gate)
    assert [(one.line, one.de) for one in report.problems] == [(2, "wurde gelöscht; auch aus Ihrer Tabelle nehmen")]
    people = tmp_path / "leute.csv"
    people.write_text("contact_id;customer_id;last_name\nP1;C2;Zaunkönig\n", encoding="utf-8")
    assert import_file(firm.pool, us, zone, "contacts", people, gate=gate).bad == 1
    with firm.pool.read() as work:
        assert work.customers.get("C1") is None
    assert import_file(firm.pool, us, zone, "customers", file).new == 1
