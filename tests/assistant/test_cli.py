"""The command line has no more rights than it should."""

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import console
from assistant.cli.app import app
from assistant.trying import Trial
from connectors.mime import pack
from rules.terms.consent import Consent, Purpose, Way
from rules.terms.customer import Contact, Customer
from rules.terms.errors import ImportRefused, UnknownName, WrongUse
from rules.terms.ledger import Order
from rules.terms.mail import Health, HealthState, Mailbox, MailboxKind, Placement
from rules.terms.party import Exchange
from rules.terms.staff import Role, Staff
from rules.terms.worth import Bar
from storage.pool import Pool
from tests.storage.making import NOON, mail

RAW = b"Subject: kaputt\r\n\r\nGeheim"


class Firm:
    """A folder with kingpost.toml and a pool, in which two mails wait: one in a shared mailbox, one in anna's own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "kingpost.toml"
        self.file.write_text('[firm]\nlanguage = "en"\n')
        self.pool = Pool.create(f"sqlite:///{folder}/kingpost-data/pool.sqlite", str(folder / "kingpost-data/blobs"))
        blob = pack(RAW)
        self.pool.blobs.put([blob])
        with self.pool.begin() as work:
            work.mailboxes.put(Mailbox("office", MailboxKind.FILES))
            work.mailboxes.put(Mailbox("anna", MailboxKind.FILES, owner="anna"))
            self.shared, self.own = (
                work.quarantine.add(blob.digest, Placement(name, "INBOX"), "too many parts", NOON, NOON)
                for name in ("office", "anna")
            )

    def kingpost(self, *words: str | int | Path, given: str = "") -> Result:
        """Run a command in this process; its errors come out."""
        result = CliRunner().invoke(app, ["--config", str(self.file), *map(str, words)], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    monkeypatch.setattr(console, "_language", [])
    made = Firm(tmp_path)
    yield made
    made.pool.close()


def test_quarantine_shows_no_personal_mailbox(firm: Firm, tmp_path: Path) -> None:
    listed = firm.kingpost("quarantine", "list").output
    assert "office/INBOX" in listed
    assert "anna" not in listed
    for words in (("save", firm.own, tmp_path / "x.eml"), ("retry", firm.own), ("retry", firm.shared, firm.own)):
        with pytest.raises(UnknownName, match=f"“{firm.own}”"):
            firm.kingpost("quarantine", *words)
    assert not (tmp_path / "x.eml").exists()
    assert "1 of 1 mails are in the pool now" in firm.kingpost("quarantine", "retry").output
    with firm.pool.read() as work:
        assert [one.id for one in work.quarantine.all()] == [firm.own]


@pytest.mark.parametrize("there", [False, True])
def test_a_saved_mail_is_its_owners_alone(firm: Firm, tmp_path: Path, there: bool) -> None:
    file = tmp_path / "kaputt.eml"
    if there:
        file.write_text("older and longer than what comes in its place")
        file.chmod(0o644)
    assert firm.kingpost("quarantine", "save", firm.shared, file).exit_code == 0
    assert file.read_bytes() == RAW
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_the_server_did_not_hand_out_cannot_be_saved(firm: Firm, tmp_path: Path) -> None:
    with firm.pool.begin() as work:
        empty = work.quarantine.add("", Placement("office", "INBOX", 1, 7), "not handed out", NOON, NOON)
    with pytest.raises(WrongUse, match="did not hand out"):
        firm.kingpost("quarantine", "save", empty, tmp_path / "x.eml")


def test_sharing_a_mailbox_asks_first(firm: Firm) -> None:
    asked = firm.kingpost("mailbox", "share", "anna", given="n\n")
    assert "past mail too" in asked.output
    assert asked.exit_code == 1
    assert "anna/INBOX" not in firm.kingpost("quarantine", "list").output
    assert firm.kingpost("mailbox", "share", "anna", given="y\n").exit_code == 0
    assert "anna/INBOX" in firm.kingpost("quarantine", "list").output
    assert firm.kingpost("mailbox", "share", "office", "--yes").exit_code == 0
    with pytest.raises(UnknownName):
        firm.kingpost("mailbox", "share", "nobody", "--yes")


def test_files_go_into_no_mailbox_of_another_kind(firm: Firm, tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(b"From: a@example.org\nSubject: a\n\nText\n")
    assert firm.kingpost("ingest", file).exit_code == 0
    with firm.pool.begin() as work:
        assert work.mailboxes.remove("files")
        work.mailboxes.put(Mailbox("files", MailboxKind.IMAP, host="h", user="u", owner="anna"))
    with pytest.raises(WrongUse, match="another mailbox has it"):
        firm.kingpost("ingest", file)


def test_a_person_is_handed_their_data_and_erased_by_command(firm: Firm, tmp_path: Path) -> None:
    with firm.pool.begin() as work:
        work.customers.upsert([Customer("C1", "Erika Mustermann"), Customer("C2", "Zwei")], (), {})
    out = tmp_path / "auskunft.zip"
    assert "Erika Mustermann" in firm.kingpost("export", "C1", "--out", out).output
    assert out.stat().st_mode & 0o777 == 0o600
    assert {"export.json", "index.html"} <= set(zipfile.ZipFile(out).namelist())
    refused = firm.kingpost("erase", "C1", given="n\n")
    assert (refused.exit_code, "records" in refused.output) == (1, True)
    assert "is restricted" in firm.kingpost("restrict", "C1", "--until", "2099-12-31").output
    assert firm.kingpost("no-advertising", "C2", "--source", "letter").exit_code == 0
    assert "is erased" in firm.kingpost("erase", "C1", "--yes").output
    with firm.pool.read() as work:
        assert [one.id for one in work.customers.page()] == ["C2"]
    assert (tmp_path / "kingpost-data" / "erasures.jsonl").is_file()
    with pytest.raises(UnknownName):
        firm.kingpost("export", "C1", "--out", out)
    assert firm.kingpost("retention", "--dry-run").exit_code == 0


def test_target_groups_are_saved_shown_and_taken_out(firm: Firm, tmp_path: Path) -> None:
    with firm.pool.begin() as work:
        work.customers.upsert([Customer("T1", "Adler GmbH", zip="24103", email="post@adler.example"),
                               Customer("T2", "Bussard GmbH", zip="24105")], [])  # fmt: skip
        said = Consent("T1", Purpose.EMAIL, True, NOON.date(), Way.FORM, NOON)
        work.consents.add([said])
    firm.kingpost("targets", "create", "Kiel", "--zip", "24")
    firm.kingpost("targets", "create", "Kiel Mail", "--zip", "24", "--by", "email")
    assert "Kiel Mail" in firm.kingpost("targets", "list").output
    shown = firm.kingpost("targets", "show", "Kiel").output
    assert "Adler GmbH" in shown
    assert "Bussard GmbH" in shown
    firm.kingpost("targets", "export", "Kiel Mail", "--out", str(tmp_path / "kiel.csv"))
    table = (tmp_path / "kiel.csv").read_text(encoding="utf-8-sig")
    assert "post@adler.example" in table
    assert "Bussard" not in table
    with firm.pool.read() as work:
        [export] = work.targets.exports()
    assert (export.name, export.staff, export.rows, export.left_out) == ("Kiel Mail", "kingpost", 1, 1)
    with pytest.raises(WrongUse, match="--by cannot be “fax”"):
        firm.kingpost("targets", "create", "Kiel", "--by", "fax")
    firm.kingpost("targets", "remove", "Kiel")
    with pytest.raises(UnknownName, match="target group “Kiel”"):
        firm.kingpost("targets", "show", "Kiel")


def test_a_table_that_is_tried_is_counted_by_the_words_that_staff_read(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Counter({("complaints", "normal", "triage.complaint"): 3})
    after = Counter({("complaints", "normal", "complaint"): 4})
    monkeypatch.setattr("assistant.trying.try_on", lambda *_: Trial(5, before, after))
    table = firm.file.parent / "table.toml"
    table.write_text('[[triage]]\nbecause = "complaint"\ncomplaint = true\n')
    lines = firm.kingpost("triage", "try", table).output.splitlines()
    assert [line.split() for line in lines if line.startswith("complaints")] == [
        ["complaints", "normal", "complaint", "3", "4"]
    ]


def test_tokens_are_listed_with_the_day_on_which_they_end(firm: Firm) -> None:
    firm.kingpost("user", "add", "anna", given="geheim-geheim-1\n")
    firm.kingpost("token", "add", "anna", "--name", "mutt")
    assert re.search(r"mutt +read +\d{4}-\d{2}-\d{2}$", firm.kingpost("token", "list", "anna").output, re.MULTILINE)


def test_a_consent_is_written_down_listed_and_withdrawn(firm: Firm) -> None:
    with firm.pool.begin() as work:
        work.customers.upsert([Customer("C1", "Adler GmbH"), Customer("C2", "Bussard GmbH")], [])
        work.customers.upsert_contacts([Contact("P1", "C1", first_name="Karin", last_name="Adler")], [])
    assert "§ 7 UWG" in firm.kingpost("consent", "list", "C1").output
    words = ("--way", "form", "--contact", "P1", "--date", "2026-11-03", "--source", "newsletter form")
    done = firm.kingpost("consent", "put", "C1", "email", *words)
    assert "Karin Adler, Advertising by e-mail: consented on 2026-11-03." in done.output
    firm.kingpost("consent", "put", "C1", "phone", "--way", "spoken")
    firm.kingpost("consent", "withdraw", "C1", "email", "--way", "email", "--contact", "P1")
    lines = firm.kingpost("consent", "list", "C1").output.splitlines()
    assert [line.startswith("✓") for line in lines[1:]] == [True, True, False]
    assert re.fullmatch(
        r" +2026-11-03 +Karin Adler +Advertising by e-mail +consented +form +newsletter form +kingpost", lines[3]
    )
    with firm.pool.begin() as work:
        assert [(one.given, one.way, one.author) for one in work.consents.of("C1")] == [
            (False, Way.EMAIL, "kingpost"), (True, Way.SPOKEN, "kingpost"), (True, Way.FORM, "kingpost")
        ]  # fmt: skip
        work.decisions.bar("C1", Bar.OBJECTION, NOON.date(), "letter")
    assert "Objects to advertising" in firm.kingpost("consent", "list", "C1").stderr
    firm.file.write_text('[firm]\nlanguage = "de"\n')
    assert "der Kunde im Ganzen, Werbung per Telefon: widerrufen am" in firm.kingpost(
        "consent", "withdraw", "C1", "phone", "--way", "spoken"
    ).output  # fmt: skip


def test_that_an_existing_customer_may_be_mailed_is_said_where_the_firm_keeps_to_it(firm: Firm) -> None:
    with firm.pool.begin() as work:
        work.customers.upsert([Customer("C1", "Adler GmbH")], [])
        work.ledger.upsert_orders([Order("A-1", "C1", NOON.date(), 100)])
    assert "§ 7 (3) UWG" not in firm.kingpost("consent", "list", "C1").output
    firm.file.write_text('[firm]\nlanguage = "en"\nmail_existing_customers = true\n')
    assert "allowed as an existing customer, § 7 (3) UWG" in firm.kingpost("consent", "list", "C1").output
    firm.kingpost("consent", "withdraw", "C1", "email", "--way", "spoken")
    assert "§ 7 (3) UWG" not in firm.kingpost("consent", "list", "C1").output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("C9", "email", "--way", "form"), "customer “C9”"),
        (("C1", "mail", "--way", "form"), "“mail” is no purpose. Known: post, email, phone, opens"),
        (("C1", "email", "--way", "fax"), "“fax” is no way. Known: form, letter"),
        (("C1", "email", "--way", "form", "--contact", "P2"), "no contact “P2”"),
        (("C1", "email", "--way", "form", "--date", "2999-01-01"), "Nobody can have said so"),
    ],
)
def test_a_consent_that_cannot_be_is_refused(firm: Firm, words: tuple[str, ...], why: str) -> None:
    with firm.pool.begin() as work:
        work.customers.upsert([Customer("C1", "Adler GmbH"), Customer("C2", "Bussard GmbH")], [])
        work.customers.upsert_contacts([Contact("P2", "C2", last_name="Bussard")], [])
    with pytest.raises((UnknownName, WrongUse), match=why):
        firm.kingpost("consent", "put", *words)
    with firm.pool.read() as work:
        assert not work.consents.of("C1")


def test_correspondents_are_listed_confirmed_and_taken_back(firm: Firm) -> None:
    with firm.pool.begin() as work:
        work.staff.put(Staff("anna", "Anna"))
        nos = work.messages.add([mail(f"m{n}", uid=n, mailbox="office") for n in (1, 2, 3)])
        for no in nos:
            theirs = Exchange("office", "shop@bleche.example", "bleche.example", "", "Bleche", True, NOON, no)
            hers = Exchange("anna", "doc@praxis.example", "praxis.example", "", "Dr. No", True, NOON, no)
            work.correspondents.add([theirs, hers])
    listed = firm.kingpost("correspondents", "list").output
    assert "bleche.example" in listed
    assert "praxis" not in listed
    assert "bleche.example" in firm.kingpost("correspondents", "list", "--kind", "open").output
    assert "1 senders" in firm.kingpost("correspondents", "confirm", "supplier", "bleche.example").output
    assert "bleche.example" not in firm.kingpost("correspondents", "list").output
    firm.kingpost("correspondents", "undo", 1)
    assert "bleche.example" in firm.kingpost("correspondents", "list").output
    firm.kingpost("correspondents", "never", "bleche.example")
    assert "@bleche.example" in firm.kingpost("correspondents", "never-list").output
    firm.kingpost("correspondents", "never-remove", 2)
    assert "@bleche.example" not in firm.kingpost("correspondents", "never-list").output
    for words in (("list", "--kind", "king"), ("confirm", "king", "bleche.example")):
        with pytest.raises(WrongUse, match="“king”"):
            firm.kingpost("correspondents", *words)


def test_what_is_stored_of_a_member_of_staff_can_be_printed(firm: Firm) -> None:
    with firm.pool.begin() as work:
        work.staff.put(Staff("anna", "Anna Arndt"), "a hash")
    told = json.loads(firm.kingpost("user", "data", "anna").output)
    assert told["stored"]["account"]["staff"][0]["name"] == "Anna Arndt"
    assert "a hash" not in str(told)
    with pytest.raises(UnknownName):
        firm.kingpost("user", "data", "niemand")


def test_commands_about_staff_say_when_there_is_nobody(firm: Firm) -> None:
    for words in (
        ("token", "add", "nobody", "--name", "x"),
        ("token", "list", "nobody"),
        ("token", "revoke", "nobody", 1),
        ("user", "disable", "nobody"),
        ("user", "role", "nobody", "lead"),
    ):
        with pytest.raises(UnknownName, match="“nobody”"):
            firm.kingpost(*words)


def test_staff_are_disabled_and_given_roles_by_command(firm: Firm) -> None:
    with firm.pool.begin() as work:
        work.staff.put(Staff("adam", "Adam", Role.ADMIN))
        work.staff.put(Staff("Bernd", "Bernd"))
    firm.kingpost("user", "role", "bernd", "lead")
    firm.kingpost("user", "disable", "BERND")
    with firm.pool.read() as work:
        assert work.staff.get("Bernd") == Staff("Bernd", "Bernd", Role.LEAD, active=False)
    firm.kingpost("user", "enable", "bernd")
    with firm.pool.read() as work:
        assert work.staff.get("Bernd") == Staff("Bernd", "Bernd", Role.LEAD)
    with pytest.raises(WrongUse, match="last administrator"):
        firm.kingpost("user", "disable", "adam")
    with pytest.raises(WrongUse, match="no role"):
        firm.kingpost("user", "role", "bernd", "boss")


def test_what_is_missing_and_not_wrong_is_marked_so(firm: Firm) -> None:
    lines = firm.kingpost("check").output.splitlines()
    assert next(line for line in lines if "authserv_id" in line).startswith("! ")
    assert any(line.startswith("✓ ") for line in lines)


def test_help_keeps_the_names_of_tables_in_brackets(firm: Firm) -> None:
    assert "[pool] url" in " ".join(firm.kingpost("copy", "--help").output.split())
    assert "[firm] in" in " ".join(firm.kingpost("mailbox", "suggest", "--help").output.split())


def test_an_add_on_that_only_this_machine_can_use_is_told(firm: Firm, tmp_path: Path) -> None:
    result = firm.kingpost("client", "thunderbird", "--out", tmp_path / "a.xpi")
    assert "Only this machine itself" in result.stderr
    result = firm.kingpost(
        "client", "thunderbird", "--out", tmp_path / "a.xpi", "--host", "https://kingpost.muster.example"
    )
    assert "Only this machine" not in result.stderr


def test_the_states_of_mailboxes_are_told_in_words(firm: Firm) -> None:
    with firm.pool.begin() as work:
        work.mailboxes.put(Mailbox("info", host="h", user="u"))
        work.mailboxes.set_health("info", Health(HealthState.LOGIN_REFUSED, NOON))
    firm.file.write_text('[firm]\nlanguage = "de"\n')
    listed = firm.kingpost("mailbox", "list").output
    assert "Anmeldung abgelehnt" in listed
    assert "login-refused" not in listed


def test_an_audit_without_a_name_goes_on_behind_a_mailbox_that_cannot_be_reached(firm: Firm) -> None:
    with firm.pool.begin() as work:
        for name in ("eins", "zwei"):
            work.mailboxes.put(Mailbox(name, host="127.0.0.1", port=1, user="u"))
    result = firm.kingpost("mailbox", "audit")
    assert result.exit_code == 1
    assert "eins:" in result.output
    assert "zwei:" in result.output
    assert "office" not in result.output


def test_an_import_takes_the_columns_that_were_chosen_in_the_browser_and_says_so(firm: Firm, tmp_path: Path) -> None:
    file = tmp_path / "kunden.csv"
    file.write_text("Kd.;Wer;Egal\n700;Kranz GmbH;x\n")
    with pytest.raises(ImportRefused, match=r"customer_no \(Kundennummer\), name \(Firma\) is missing"):
        firm.kingpost("import", "customers", file)
    with firm.pool.begin() as work:
        work.column_mappings.put("customers", ["Kd.", "Wer", "Egal"], {"customer_no": "Kd.", "name": "Wer"}, NOON)
    done = firm.kingpost("import", "customers", file)
    assert done.exit_code == 0
    for words in ("Taken: Kd. → customer_no\n", "Taken: Wer → name\n", "Left out: Egal", "1 new"):
        assert words in done.output, words
