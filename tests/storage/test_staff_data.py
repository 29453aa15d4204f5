"""What is stored of employees is described column by column, and nothing of it measures anybody."""

import json

import pytest
import sqlalchemy as sa

from assistant.casework import Casework
from assistant.settings import Settings
from assistant.staff_data import handed_over
from assistant.triage import Triage
from rules.terms.customer import Customer
from rules.terms.errors import UnknownName
from rules.terms.finding import Action, Match
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Mailbox
from rules.terms.staff import Staff, Viewer
from rules.terms.upkeep import Stance
from storage.columns import metadata
from storage.pool import Pool
from storage.staff_data import DESCRIBED, Purpose, figures, tables
from tests.storage.making import NOON as NOW
from tests.storage.making import mail

# The columns that are about nobody of the firm's own people. Whoever adds one decides: is it about a member of staff?
# Then it is described in storage/staff_data.py and in the texts of the page, else it is named here.
NOT_ABOUT_STAFF = {
    "action_decisions": "customer_id action date accepted",
    "adoptions": "id batch customer_id sender",
    "alarms": "key kind about figures since calm",
    "attachments": "message position name content_type size digest inline",
    "attempts": "id digest at",
    "blob_removals": "digest",
    "boxes": "id name",
    "case_events": "id case kind text message was",
    "case_messages": "message case",
    "case_watchers": "case",
    "case_words": "word case",
    "cases": (
        "id queue subject because opened within priority state customer_id due answered snoozed_until proposed "
        "severity category product cause remedy cost tags escalated ended merged_into pending place"
    ),
    "column_mappings": "kind header mapping at",
    "consents": "id customer_id contact_id purpose given date way source",
    "contact_changes": "id contact_id field value before",
    "contacts": (
        "id customer_id salutation title first_name last_name role email email2 phone mobile active language "
        "address_form preferred_channel"
    ),
    "correspondents": "id box address belongs_to vat_id name mails_from mails_to newest message signs",
    "customer_bars": "customer_id bar",
    "customer_facts": "customer_id orders offers billing surveys",
    "customer_references": "number type customer_id date number_key shape",
    "customer_values": (
        "customer_id as_of king segment because abc abc_before rfm worth revenue before share risk p_alive "
        "expected lifetime likeness likes shared run"
    ),
    "customers": (
        "no id name name_key customer_no number_shape kind party legal_form street zip city country phone fax "
        "email domain vat_id since revenue_12m key_account status"
    ),
    "documents": "interaction digest name media_type size legibility pages text",
    "duplicates": "id one other evidence confidence since state until",
    "erased_copies": "place uid",
    "erased_digests": "digest erasure",
    "erasures": "id at blocked key",
    "findings": "message customer_id date state severity history assessment flag flag_severity flag_category",
    "folder_imports": "folder file kind stamp at new changed same bad error_en error_de",
    "folders": "mailbox name role uidvalidity last_uid history_uid modseq backfill_uid backfill_until markable",
    "found_invoices": "invoice_no message customer_id state reason invoice buyer found_at",
    "health": "mailbox state since last_news announces lag error_en error_de",
    "identifiers": "customer_id contact_id kind value",
    "interactions": "id customer_id date channel direction contact_id message external_id subject text reaction",
    "invitations": "digest customer_id contact_id case language sent expires answered",
    "invoices": (
        "customer_id date invoice_no amount due kind currency discount_percent discount_until disputed invoice_ref"
    ),
    "mailboxes": (
        "name kind host port tls ca_file folders sent own_server declared since expected marks junk confidential "
        "metadata_only"
    ),
    "marks": "place uid keyword box message state",
    "match_log": "id message",
    "merge_moves": "merge part key",
    "merges": "id kept merged record",
    "messages": (
        "no identity message_id message_id_key thread thread_key direction action customer_id contact_id verdict "
        "history arrived date size raw_digest subject sender_addr sender_name writer addresses ancestors defects "
        "kind language reading"
    ),
    "number_shapes": "source shape count",
    "offers": "customer_id date offer_no amount currency valid_until status",
    "open_items": "customer_id as_of invoice_no amount due currency batch",
    "orders": "customer_id date order_no amount currency status margin items",
    "outgoing": (
        "id kind recipient subject text once message_id in_reply_to customer_id contact_id case state tries "
        "created due since error_en error_de"
    ),
    "particulars": "id customer_id text until",
    "pairings": "network",
    "party_weights": "box belongs_to weight",
    "payments": "invoice_no key date amount kind payment_no",
    "placements": "place uid message box flags verdict arrived gone",
    "places": "id box folder uidvalidity",
    "pool_values": "run marked found",
    "promises": "id customer_id message entry said due quote",
    "proposals": "id kind message customer_id contact_id payload payload_key quote since state",
    "quarantine": "id place uid raw_digest flags reason arrived since tries gone",
    "referrals": "id customer_id referrer",
    "rematching": "scope key cause arrived message",
    "restrictions": "customer_id until",
    "secrets": "name sealed",
    "senders": "id address stance",
    "sightings": "place uid box customer_id arrived",
    "snippets": "id title text category language form",
    "setup_drafts": "id began sealed",
    "state": "name value",
    "surveys": "customer_id date external_id contact_id score comment",
    "target_exports": "id name filters rows left_out",
    "target_groups": "id name filters",
    "teams": "name",
    "texts": "message text",
    "traces": "key message",
    "waived": "message",
    "walks": "name goal position",
}
# Columns so called name a person wherever they stand.
NAMES = {"staff", "login", "author", "assignee", "deputy", "decided_by", "solved_by", "kept_by", "undone_by", "owner"}


def test_every_column_is_described_or_about_nobody_of_staff() -> None:
    described = {(one.table.name, name) for one in DESCRIBED for name in one.all_columns}
    others = {(table, name) for table, names in NOT_ABOUT_STAFF.items() for name in names.split()}
    schema = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    assert described & others == set()
    assert described | others == schema
    assert {(table, name) for table, name in others if name in NAMES} == set()


def test_none_of_it_counts_or_measures() -> None:
    assert figures() == []


def test_every_purpose_has_its_tables() -> None:
    assert all(tables(purpose) for purpose in Purpose)


@pytest.fixture
def peopled(pool: Pool) -> Pool:
    """A pool in which a person with an odd login has left traces of many kinds, and a similar one too."""
    with pool.begin() as work:
        for login in ("änne_50%", "änne_50x"):
            work.staff.put(Staff(login, "Änne"), "hash")
            work.mailboxes.put(Mailbox(login, owner=login))
        work.mailboxes.put(Mailbox("info", members=frozenset({"änne_50%"})))
        work.customers.upsert([Customer("C1", "Hansen")], [])
        work.interactions.add([Interaction("C1", Channel.NOTE, NOW, "Notiz", staff="änne_50%")])
        work.senders.say("x@x.example", Stance.IGNORE, "änne_50%", NOW)
        work.staff.add_token("digest", "änne_50%", "Thunderbird", frozenset({"read"}), None)
        work.messages.add([mail(match=Match(Action.ATTACH, "C1", decided_by="änne_50%"))])
    Casework(pool, Triage.by(Settings())).open(
        Viewer("änne_50%", Staff("x", "x").role, "de", frozenset()), subject="Anruf"
    )
    return pool


def test_everybody_gets_what_is_about_them_and_nothing_that_opens_doors(peopled: Pool) -> None:
    told = handed_over(peopled, "änne_50%", NOW)["stored"]
    assert isinstance(told, dict)
    assert {table for found in told.values() for table in found} == {
        "staff", "tokens", "mailboxes", "interactions", "case_events", "senders", "messages",
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False)
    assert "digest" not in text
    assert "hash" not in text
    assert "änne_50x" not in text
    assert told["decision"]["senders"][0]["at"] == NOW.isoformat()
    assert [row["name"] for row in told["mailbox"]["mailboxes"]] == ["änne_50%", "info"]


def test_what_names_a_login_anywhere_in_the_pool_is_described(peopled: Pool) -> None:
    """Whatever column it is that a login turns up in."""
    described = {(one.table.name, one.login) for one in DESCRIBED} | {("mailboxes", "name"), ("boxes", "name")}
    described |= {("health", "mailbox"), ("folders", "mailbox"), ("mailboxes", "address")}
    found = set()
    with peopled.read() as work:
        connection = work.staff._connection
        for table in metadata.tables.values():
            for row in connection.execute(sa.select(table)):
                text = {
                    name: json.dumps(value, default=str, ensure_ascii=False) for name, value in row._mapping.items()
                }
                found |= {(table.name, name) for name, said in text.items() if "änne_50%" in said or "nne_50%" in said}
    assert found
    assert found <= described


def test_of_nobody_there_is_nothing(pool: Pool) -> None:
    with pytest.raises(UnknownName):
        handed_over(pool, "niemand", NOW)
