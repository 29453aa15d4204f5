"""New customers made of mail, what is said of senders, merges, and repairs that mails suggest: all of it undoable."""

from dataclasses import replace

import pytest

from assistant.changing import adopt, put_contact, put_customer
from rules.terms.customer import Contact, Customer, CustomerKind
from rules.terms.errors import NotFound, WrongUse
from rules.terms.finding import Action
from rules.terms.upkeep import ProposalState, Stance
from tests.assistant.keeping import ANNA, FAILS, FIRM, STRANGER, Office

LENA = "Lena Brandt <l.brandt@brandt-druck.example>"
ENQUIRY = """Guten Tag,

wir suchen einen Lieferanten für Halterungen.

Mit freundlichen Grüßen
Lena Brandt
Brandt Druck GmbH
Hafenweg 3, 20457 Hamburg
Tel. 040 5550133
"""


# -- leads


def test_one_person_with_many_mails_and_two_addresses_is_one_lead(office: Office) -> None:
    numbers = [office.receive(LENA, ENQUIRY), office.receive(LENA, ENQUIRY)]
    numbers.append(office.receive("Lena Brandt <lena.brandt@brandt-druck.example>", ENQUIRY))
    office.receive("Otto Fremd <otto@fremd.example>", more="Cc: dritte@firma.example\r\n")
    people, more = office.upkeep.leads.page(ANNA, 50)
    assert more is None
    assert [person.count for person in people] == [1, 3]
    lena = people[1]
    assert {lead.address for lead in lena.leads} == {
        "l.brandt@brandt-druck.example",
        "lena.brandt@brandt-druck.example",
    }
    assert lena.mail.no == numbers[2]
    assert (lena.about.firm, lena.about.customer.city, lena.about.contact.last_name) == (
        "Brandt Druck GmbH",
        "Hamburg",
        "Brandt",
    )
    assert office.upkeep.leads.page(STRANGER, 50) == ([], None)


def test_a_new_customer_takes_all_of_that_persons_mail_and_goes_again(office: Office) -> None:
    first, second = office.receive(LENA, ENQUIRY), office.receive(LENA, ENQUIRY)
    about = office.upkeep.leads.about(office.mail(second))
    made = office.upkeep.book.create(ANNA, [second], about.customer, about.contact)
    assert made == "N-000001"
    office.catch_up()
    assert office.customer_of(first) == office.customer_of(second) == made
    assert office.mail(second).match.contact_id == "kingpost:N-000001"
    assert office.upkeep.leads.page(ANNA, 50)[0] == []
    with office.pool.read() as work:
        assert [one.id for one in work.customers.find("Brandt Druck")] == [made]
        assert work.customers.size() == 3
        notes = [entry for entry in work.interactions.timeline(made) if entry.message is None]
    assert [(note.staff, "Angelegt aus einer Mail" in note.subject) for note in notes] == [("anna", True)]
    office.upkeep.book.uncreate(ANNA, second)
    office.catch_up()
    assert [office.mail(no).match.action for no in (first, second)] == [Action.UNKNOWN] * 2
    with office.pool.read() as work:
        assert work.customers.get(made) is None
        assert work.customers.contact("kingpost:N-000001") is None
        assert work.customers.size() == 2
        assert work.customers.find("Brandt Druck") == []
    assert len(office.upkeep.leads.page(ANNA, 50)[0]) == 1


def test_ids_go_on_and_the_firms_own_are_taken_as_typed(office: Office) -> None:
    first = office.receive("a@eins.example")
    private = Customer("", "Otto Fremd", kind=CustomerKind.PERSON, email="a@eins.example")
    assert office.upkeep.book.create(ANNA, [first], private, None) == "N-000001"
    assert office.upkeep.book.create(ANNA, [office.receive("b@zwei.example")], private, None) == "N-000002"
    third = office.receive("c@drei.example")
    assert office.upkeep.book.create(ANNA, [third], replace(private, id="D-77"), None) == "D-77"
    with pytest.raises(WrongUse):
        office.upkeep.book.create(ANNA, [third], replace(private, id="C1"), None)
    with pytest.raises(WrongUse):
        office.upkeep.book.create(ANNA, [third], replace(private, name=" "), None)
    with pytest.raises(NotFound):
        office.upkeep.book.uncreate(ANNA, office.receive("karin@hansen.example"))


def test_a_customer_to_whom_more_belongs_by_now_is_not_taken_back(office: Office) -> None:
    no = office.receive("a@eins.example")
    made = office.upkeep.book.create(ANNA, [no], Customer("", "Eins"), None)
    other = office.receive("b@zwei.example")
    office.upkeep.filing.file(ANNA, [other], made)
    with pytest.raises(WrongUse):
        office.upkeep.book.uncreate(ANNA, no)
    office.upkeep.filing.undo(ANNA, [other])
    office.upkeep.book.uncreate(ANNA, no)
    assert office.mail(no).match.action is Action.UNKNOWN


# -- senders


def test_a_supplier_is_no_lead_until_that_is_taken_back(office: Office) -> None:
    no = office.receive("Vertrieb <vertrieb@stahl.example>")
    office.upkeep.senders.say(ANNA, [no], Stance.SUPPLIER)
    assert office.upkeep.leads.page(ANNA, 50)[0] == []
    office.receive("Vertrieb <vertrieb@stahl.example>")
    assert office.upkeep.leads.page(ANNA, 50)[0] == []
    office.upkeep.senders.unsay(ANNA, [no])
    assert [person.count for person in office.upkeep.leads.page(ANNA, 50)[0]] == [2]
    with pytest.raises(NotFound):
        office.upkeep.senders.unsay(ANNA, [no])


def test_an_ignored_senders_doubtful_mails_wait_for_nobody(office: Office) -> None:
    first = office.receive("x@y.example")
    office.upkeep.filing.file(ANNA, [first], "C1")
    office.upkeep.filing.file(ANNA, [office.receive("x@y.example")], "C2")
    no = office.receive("x@y.example")
    with office.pool.read() as work:
        assert work.messages.by_action(Action.REVIEW, ANNA.mailboxes) == [no]
    office.upkeep.senders.say(ANNA, [no], Stance.IGNORE)
    with office.pool.read() as work:
        assert work.messages.by_action(Action.REVIEW, ANNA.mailboxes) == []


def test_nobody_is_ignored_because_somebody_forged_them(office: Office) -> None:
    forged = office.receive("Karin Hansen <karin@hansen.example>", more=FAILS)
    with pytest.raises(WrongUse):
        office.upkeep.senders.say(ANNA, [forged], Stance.IGNORE)
    with pytest.raises(NotFound):
        office.upkeep.senders.say(STRANGER, [office.receive(LENA)], Stance.IGNORE)


# -- merges


def test_merging_moves_what_was_learned_and_splitting_gives_it_back(office: Office) -> None:
    no = office.receive("x@y.example")
    office.upkeep.filing.file(ANNA, [no], "C2")
    number = office.upkeep.book.merge(ANNA, "C1", "C2")
    assert office.customer_of(no) == "C1"
    assert office.customer_of(office.receive("x@y.example")) == "C1"
    office.upkeep.book.split(ANNA, number)
    assert office.customer_of(no) == "C2"
    office.upkeep.filing.undo(ANNA, [no])
    assert office.mail(office.receive("x@y.example")).match.action is Action.UNKNOWN


# -- proposals

NEW_PERSON = """Guten Tag,

anbei die Zeichnung.

Mit freundlichen Grüßen
Petra Vogel
Einkauf
Hansen Metallbau GmbH
Tel. 0431 5550190
"""


def test_a_known_firms_unknown_person_becomes_a_contact_by_one_click(office: Office) -> None:
    no = office.receive("Petra Vogel <vogel@hansen.example>", NEW_PERSON)
    assert (office.customer_of(no), office.mail(no).match.contact_id) == ("C1", None)
    with office.pool.read() as work:
        [proposal] = work.proposals.page(ANNA.mailboxes)
        assert work.proposals.get(proposal.id, STRANGER.mailboxes) is None
    assert (proposal.kind, proposal.fields["last_name"]) == ("new-contact", "Vogel")
    with pytest.raises(NotFound):
        office.upkeep.repairs.accept(STRANGER, proposal.id)
    office.upkeep.repairs.accept(ANNA, proposal.id)
    made = office.mail(no).match.contact_id
    assert made is not None
    with office.pool.read() as work:
        contact = work.customers.contact(made)
        assert contact is not None
        assert (contact.name, contact.email) == ("Petra Vogel", "vogel@hansen.example")
    later = office.receive("Petra Vogel <vogel@hansen.example>", NEW_PERSON)
    assert office.mail(later).match.contact_id == made
    with pytest.raises(NotFound):
        office.upkeep.repairs.accept(ANNA, proposal.id)
    office.upkeep.repairs.undo(ANNA, proposal.id)
    office.catch_up()
    with office.pool.read() as work:
        assert work.customers.contact(made) is None
        assert [one.id for one in work.proposals.page(ANNA.mailboxes)] == [proposal.id]
    assert [office.mail(one).match.contact_id for one in (no, later)] == [None, None]
    assert office.customer_of(later) == "C1"


def test_an_import_of_the_same_person_takes_the_place_of_the_one_made_by_hand(office: Office) -> None:
    no = office.receive("Petra Vogel <vogel@hansen.example>", NEW_PERSON)
    with office.pool.read() as work:
        [proposal] = work.proposals.page(ANNA.mailboxes)
    office.upkeep.repairs.accept(ANNA, proposal.id)
    made = office.mail(no).match.contact_id
    assert made is not None
    own = Contact("P77", "C1", first_name="Petra", last_name="Vogel", email="Vogel@Hansen.example")
    with office.pool.begin() as work:
        put_contact(work, FIRM, own, "")
        adopt(work, [own])
    with office.pool.read() as work:
        assert [one.id for one in work.customers.contacts_of("C1")] == ["P1", "P77"]
    assert office.mail(no).match.contact_id == "P77"
    assert office.mail(office.receive("Petra Vogel <vogel@hansen.example>", NEW_PERSON)).match.contact_id == "P77"
    office.upkeep.repairs.undo(ANNA, proposal.id)
    with office.pool.read() as work:
        assert work.customers.contact("P77") == own


CHANGED = """Hallo,

meine neue E-Mail-Adresse lautet: karin.hansen@hansen-neu.example

Gruß
Karin Hansen
"""


def test_a_changed_field_is_written_undone_exactly_and_survives_the_next_import(office: Office) -> None:
    office.receive("Karin Hansen <karin@hansen.example>", CHANGED)
    with office.pool.read() as work:
        [proposal] = work.proposals.page(ANNA.mailboxes)
        before = work.customers.contact("P1")
    assert (proposal.kind, before is not None) == ("new-email", True)
    assert before is not None
    office.upkeep.repairs.accept(ANNA, proposal.id)
    with office.pool.read() as work:
        changed = work.customers.contact("P1")
        assert work.proposals.page(ANNA.mailboxes, ProposalState.ACCEPTED)[0].was["email"] == before.email
    assert changed is not None
    assert (changed.email, changed.email2) == ("karin.hansen@hansen-neu.example", "karin@hansen.example")
    new = "Karin Hansen <karin.hansen@hansen-neu.example>"
    assert office.mail(office.receive(new)).match.contact_id == "P1"
    with office.pool.begin() as work:
        put_contact(work, FIRM, before, "")
    assert office.mail(office.receive(new)).match.contact_id == "P1"
    office.upkeep.repairs.undo(ANNA, proposal.id)
    with office.pool.read() as work:
        assert work.customers.contact("P1") == before
        assert work.customers.taught("C1", ["anna"]) == []
        assert work.proposals.page(ANNA.mailboxes)[0] == replace(proposal, payload=proposal.fields)


def test_undoing_leaves_alone_what_an_import_changed_since(office: Office) -> None:
    office.receive("Karin Hansen <karin@hansen.example>", CHANGED)
    with office.pool.read() as work:
        [proposal] = work.proposals.page(ANNA.mailboxes)
    office.upkeep.repairs.accept(ANNA, proposal.id)
    imported = Contact("P1", "C1", first_name="Karin", last_name="Hansen", email="k.hansen@hansen.example")
    with office.pool.begin() as work:
        put_contact(work, FIRM, imported, "")
    office.upkeep.repairs.undo(ANNA, proposal.id)
    with office.pool.read() as work:
        assert work.customers.contact("P1") == imported


def test_a_firm_that_moved_moves_in_the_record_and_back(office: Office) -> None:
    text = (
        "Guten Tag,\n\nwir sind umgezogen. Unsere neue Anschrift:\n\nHafenstraße 9\n24105 Kiel\n\nGruß\nKarin Hansen\n"
    )
    office.receive("Karin Hansen <karin@hansen.example>", text)
    with office.pool.read() as work:
        before = work.customers.get("C1")
        proposal = next(one for one in work.proposals.page(ANNA.mailboxes) if one.kind == "moved")
    office.upkeep.repairs.accept(ANNA, proposal.id)
    with office.pool.read() as work:
        moved = work.customers.get("C1")
    assert moved is not None
    assert moved.zip == "24105"
    office.upkeep.repairs.undo(ANNA, proposal.id)
    with office.pool.read() as work:
        assert work.customers.get("C1") == before


def test_a_dismissed_proposal_does_not_come_again(office: Office) -> None:
    office.receive("Karin Hansen <karin@hansen.example>", CHANGED)
    with office.pool.read() as work:
        [proposal] = work.proposals.page(ANNA.mailboxes)
    office.upkeep.repairs.dismiss(ANNA, proposal.id)
    office.receive("Karin Hansen <karin@hansen.example>", CHANGED)
    with office.pool.read() as work:
        assert work.proposals.page(ANNA.mailboxes) == []
    office.upkeep.repairs.undo(ANNA, proposal.id)
    with pytest.raises(NotFound):
        office.upkeep.repairs.undo(ANNA, proposal.id)
    with office.pool.read() as work:
        assert [one.id for one in work.proposals.page(ANNA.mailboxes)] == [proposal.id]


def test_a_forged_mail_proposes_nothing(office: Office) -> None:
    office.receive("Karin Hansen <karin@hansen.example>", CHANGED, more=FAILS)
    with office.pool.read() as work:
        assert work.proposals.page(None) == []


def test_a_record_by_hand_is_found_by_its_number(office: Office) -> None:
    with office.pool.begin() as work:
        put_customer(work, FIRM, Customer("D1", "Neu", "KD-10077"))
        assert "customer" in work.customers.number_shapes()


def test_a_new_person_is_proposed_once_for_an_address_with_all_that_their_mails_tell(office: Office) -> None:
    sender = "Petra Vogel <vogel@hansen.example>"
    office.receive(sender, NEW_PERSON.replace("Tel. 0431 5550190\n", ""))
    office.receive("Petra Vogel <Vogel@Hansen.example>", NEW_PERSON)
    with office.pool.read() as work:
        [proposal] = work.proposals.page(ANNA.mailboxes)
    assert proposal.fields["phone"] == "0431 5550190"
    office.upkeep.repairs.dismiss(ANNA, proposal.id)
    office.receive(sender, NEW_PERSON.replace("0431 5550190", "0431 5550191"))
    with office.pool.read() as work:
        assert not work.proposals.page(ANNA.mailboxes)


def test_accepting_a_person_who_is_there_by_now_adds_what_is_missing_and_can_be_undone(office: Office) -> None:
    office.receive("Petra Vogel <vogel@hansen.example>", NEW_PERSON)
    with office.pool.begin() as work:
        [proposal] = work.proposals.page(ANNA.mailboxes)
        there = Contact("P9", "C1", first_name="P.", last_name="Vogel", email2="VOGEL@hansen.example")
        put_contact(work, FIRM, there, "")
    office.upkeep.repairs.accept(ANNA, proposal.id)
    with office.pool.read() as work:
        assert {one.id for one in work.customers.contacts_of("C1")} == {"P1", "P9"}
        added = work.customers.contact("P9")
    assert added is not None
    assert (added.first_name, added.phone) == ("P.", "0431 5550190")
    office.upkeep.repairs.undo(ANNA, proposal.id)
    with office.pool.read() as work:
        assert work.customers.contact("P9") == there
        assert work.proposals.get(proposal.id, None) == proposal
