"""Erasing what is stored of a person: mails with all that hangs on them, records, what merges remember of them.

    found     which mails bear an address, or are filed under a customer
    erased    rows go; where copies lie on a server, and which blobs they named, is noted
    kept out  keyed digests, so that nothing of it is read in again
    swept     blobs that nobody names any more are removed, after the commit (storage.pool)

Whose mail is whose is decided by rules.erasing; what is handed in here is erased.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from rules.terms.customer import IdentifierKind
from rules.terms.finding import Action, Match
from rules.terms.mail import Direction, Placement
from storage import case_words, entry_words
from storage.alarm_tables import sightings
from storage.case_tables import case_events, case_messages, cases
from storage.correspondent_tables import correspondents
from storage.correspondents import forget_exchanges
from storage.customers import Customers
from storage.document_tables import documents
from storage.folding import INDEXED
from storage.fulltext import FullText
from storage.ledger_tables import customer_facts, surveys
from storage.moments import moment, stamp
from storage.outgoing_tables import invitations, outgoing
from storage.packing import pack_match, unpack_match
from storage.placements import chunks
from storage.places import Places
from storage.privacy_tables import blob_removals, erased_copies, erased_digests, erasures, restrictions
from storage.recognition import merge_moves, merges, proposals, rematching, senders
from storage.records import contacts as contacts_table
from storage.records import customers as customers_table
from storage.records import identifiers, interactions
from storage.schema import OPEN, attachments, match_log, messages, placements, quarantine, texts
from storage.senders import said_of

# Texts of so many mails are in memory at a time.
_TEXTS = 50
_ADDRESS = IdentifierKind.ADDRESS.value
_NOBODY = pack_match(Match(Action.UNKNOWN))


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure as it is remembered. `key` names the key of the digests."""

    id: str
    at: datetime
    blocked: bool
    key: str
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """A class of mail that nobody's file holds: of writers of whom staff said one of these, or nothing (empty)."""

    stances: frozenset[str] = frozenset()


def doom(connection: Connection, digests: Iterable[str]) -> None:
    """Note blobs that a row no longer names: they are removed when nobody else names them (Pool.sweep)."""
    named = set(digests) - {""}
    known = select(blob_removals.c.digest).where(blob_removals.c.digest.in_(named))
    new = named - set(connection.scalars(known))
    if new:
        connection.execute(insert(blob_removals), [{"digest": one} for one in sorted(new)])


def _files(theirs: ColumnElement[bool]) -> Select[tuple[str]]:
    """The files of entries of the timeline."""
    return select(documents.c.digest).join(interactions, interactions.c.id == documents.c.interaction).where(theirs)


class Erasures:
    """What a pool forgets, and what it remembers of that."""

    def __init__(self, connection: Connection, fulltext: FullText, customers: Customers) -> None:
        self._connection = connection
        self._fulltext = fulltext
        self._customers = customers
        self._places = Places(connection)

    # what there is

    def mails_filed(self, customers: Collection[str]) -> set[int]:
        """The mails that are filed under customers."""
        return self._numbers(interactions.c.customer_id, customers, interactions.c.message)

    def mails_of_people(self, contacts: Collection[str]) -> set[int]:
        """The mails that are filed under these people of customers."""
        found: set[int] = set()
        for id in contacts:
            customer = select(contacts_table.c.customer_id).where(contacts_table.c.id == id).scalar_subquery()
            i = interactions.c
            theirs = select(i.message).where(i.customer_id == customer, i.contact_id == id, i.message.is_not(None))
            found.update(self._connection.scalars(theirs))
        return found

    def known_addresses(self, customers: Collection[str], people: Collection[str]) -> set[str]:
        """The addresses by which customers and people are recognised, taught ones too."""
        k = identifiers.c
        found: set[str] = set()
        for chunk in chunks(customers):
            theirs = select(k.value).where(k.customer_id.in_(chunk), k.kind == _ADDRESS)
            found.update(self._connection.scalars(theirs))
        for chunk in chunks(people):
            of = select(contacts_table.c.customer_id).where(contacts_table.c.id.in_(chunk))
            theirs = select(k.value).where(k.customer_id.in_(of), k.contact_id.in_(chunk), k.kind == _ADDRESS)
            found.update(self._connection.scalars(theirs))
        return found

    def known_domains(self, customers: Collection[str]) -> set[str]:
        """The domains by which customers are recognised."""
        k = identifiers.c
        found: set[str] = set()
        for chunk in chunks(customers):
            theirs = select(k.value).where(k.customer_id.in_(chunk), k.kind == IdentifierKind.DOMAIN.value)
            found.update(self._connection.scalars(theirs))
        return found

    def mails_bearing(self, addresses: Collection[str]) -> set[int]:
        """The mails that bear one of these addresses (lower-case) as sender, writer or recipient.

        It reads all mails: who received them stands in no index.
        """
        m = messages.c
        found: set[int] = set()
        for chunk in chunks(addresses, 50):
            bears = [func.lower(m.addresses).contains(one, autoescape=True) for one in chunk]
            query = select(m.no).where(or_(m.writer.in_(chunk), func.lower(m.sender_addr).in_(chunk), *bears))
            found.update(self._connection.scalars(query))
        return found

    def identities(self) -> Iterator[tuple[int, str]]:
        """The number and the identity of every mail."""
        rows = self._connection.execution_options(yield_per=1000).execute(select(messages.c.no, messages.c.identity))
        yield from (tuple(row) for row in rows)

    def customer_ids(self) -> Iterator[str]:
        """The id of every customer."""
        yield from self._connection.execution_options(yield_per=1000).scalars(select(customers_table.c.id))

    def contact_ids(self) -> Iterator[str]:
        """The id of every contact."""
        yield from self._connection.execution_options(yield_per=1000).scalars(select(contacts_table.c.id))

    def addresses(self) -> Iterator[str]:
        """Every address that a record is known by or that wrote a mail; some come twice."""
        known = select(identifiers.c.value).where(identifiers.c.kind == _ADDRESS)
        for query in (known.union(select(senders.c.address)), select(messages.c.writer).distinct()):
            yield from self._connection.scalars(query)

    def stale(self, stale: Stale, before: datetime, after: int, limit: int) -> list[int]:
        """The next mails of a class, by number, that arrived before a moment; those of a case are left out."""
        m = messages.c
        latest = select(senders.c.stance).where(senders.c.address == m.writer).order_by(senders.c.id.desc()).limit(1)
        query = select(m.no).where(m.no > after, m.arrived < stamp(before), m.direction == Direction.INCOMING.value)
        query = query.where(OPEN, ~exists().where(case_messages.c.message == m.no))
        if stale.stances:
            query = query.where(latest.scalar_subquery().in_(stale.stances))
        else:
            query = query.where(m.action == Action.UNKNOWN.value, ~exists().where(said_of(m.writer)))
        return list(self._connection.scalars(query.order_by(m.no).limit(limit)))

    # what goes

    def erase_mails(self, numbers: Collection[int]) -> None:
        """Erase mails with all that hangs on them, their words in the index, and cases that have no mail any more."""
        touched: set[int] = set()
        for chunk in chunks(sorted(numbers)):
            touched |= self._numbers(case_messages.c.message, chunk, case_messages.c.case)
            self._note_copies(placements, placements.c.message.in_(chunk))
            self._doom(select(messages.c.raw_digest).where(messages.c.no.in_(chunk)))
            self._doom(select(attachments.c.digest).where(attachments.c.message.in_(chunk)))
            self._drop_words(chunk)
            in_history = update(case_events).where(case_events.c.message.in_(chunk))
            self._connection.execute(in_history.values(message=None))
            moved = [json.dumps([no]) for no in chunk]
            c = merge_moves.c
            self._connection.execute(delete(merge_moves).where(c.part == messages.name, c.key.in_(moved)))
            forget_exchanges(self._connection, correspondents.c.message.in_(chunk))
            self._connection.execute(delete(messages).where(messages.c.no.in_(chunk)))
        self._end_cases(touched)

    def release_mails(self, numbers: Collection[int], customers: Collection[str], contacts: Collection[str]) -> None:
        """Let mails that stay lead no longer to those who are erased."""
        m = messages.c
        for chunk in chunks(sorted(numbers)):
            theirs = select(m.no, m.match).where(m.no.in_(chunk))
            filed = [row.no for row in self._connection.execute(theirs.where(m.customer_id.in_(customers)))]
            nobodys = {"action": Action.UNKNOWN.value, "customer_id": None, "contact_id": None, "match": _NOBODY}
            self._connection.execute(update(messages).where(m.no.in_(filed)).values(nobodys))
            self._connection.execute(delete(match_log).where(match_log.c.message.in_(filed)))
            for row in self._connection.execute(theirs.where(m.contact_id.in_(contacts))).all():
                match = unpack_match(row.match)
                packed = pack_match(replace(match, contact_id=None))
                self._connection.execute(update(messages).where(m.no == row.no).values(contact_id=None, match=packed))

    def erase_customers(self, ids: Collection[str]) -> None:
        """Erase records with all that is theirs, and whatever merges remember of them; mails are erased before."""
        remembered = self._merged_into(ids)
        for chunk in chunks(ids):
            self._doom(_files(interactions.c.customer_id.in_(chunk)))
            theirs = select(cases.c.id).where(cases.c.customer_id.in_(chunk))
            self._erase_cases(set(self._connection.scalars(theirs)))
            of_merges = or_(merges.c.id.in_(remembered), merges.c.kept.in_(chunk), merges.c.merged.in_(chunk))
            self._connection.execute(delete(merges).where(of_merges))
            for table in (restrictions, outgoing, invitations, sightings):
                self._connection.execute(delete(table).where(table.c.customer_id.in_(chunk)))
        for id in ids:
            self._customers.remove(id)

    def erase_contacts(self, ids: Collection[str], addresses: Collection[str]) -> None:
        """Erase people with what they said and what was noted of them; mails are erased before."""
        for chunk in chunks(ids):
            i, s = interactions.c, surveys.c
            said = and_(i.contact_id.in_(chunk), i.message.is_(None))
            self._doom(_files(said))
            entry_words.drop(self._connection, self._fulltext, said)
            self._connection.execute(delete(interactions).where(said))
            answered = select(s.customer_id).where(s.contact_id.in_(chunk))
            lapsed = update(customer_facts).where(customer_facts.c.customer_id.in_(answered.scalar_subquery()))
            self._connection.execute(lapsed.values(surveys=None))
            self._connection.execute(delete(surveys).where(s.contact_id.in_(chunk)))
            for table in (proposals, outgoing, invitations):
                self._connection.execute(delete(table).where(table.c.contact_id.in_(chunk)))
        self._forget_moves(frozenset(ids), frozenset(addresses))
        for id in ids:
            self._customers.remove_contact(id)

    def erase_addresses(self, addresses: Collection[str]) -> None:
        """Forget what was said of senders, and by what addresses somebody was recognised."""
        for chunk in chunks(addresses):
            k = identifiers.c
            self._connection.execute(delete(senders).where(senders.c.address.in_(chunk)))
            forget_exchanges(self._connection, correspondents.c.address.in_(chunk))
            self._connection.execute(delete(outgoing).where(func.lower(outgoing.c.recipient).in_(chunk)))
            self._connection.execute(delete(rematching).where(rematching.c.key.in_(chunk)))
            self._connection.execute(delete(identifiers).where(k.kind == _ADDRESS, k.value.in_(chunk)))

    def erase_quarantined(self, ids: Collection[int]) -> None:
        """Erase mails that wait in quarantine."""
        for chunk in chunks(ids):
            these = quarantine.c.id.in_(chunk)
            self._note_copies(quarantine, these)
            self._doom(select(quarantine.c.raw_digest).where(these))
            self._connection.execute(delete(quarantine).where(these))

    # what is remembered

    def remember(self, erasure: Erasure) -> None:
        """Keep the digests of what was erased."""
        values = {"id": erasure.id, "at": stamp(erasure.at), "blocked": erasure.blocked, "key": erasure.key}
        self._connection.execute(insert(erasures).values(values))
        for chunk in chunks(sorted(set(erasure.digests))):
            rows = [{"digest": digest, "erasure": erasure.id} for digest in chunk]
            self._connection.execute(insert(erased_digests), rows)

    def any(self) -> bool:
        """Whether anything was ever erased."""
        return self._connection.scalar(select(erasures.c.id).where(erasures.c.id > "").limit(1)) is not None

    def known(self, digests: Collection[str]) -> dict[str, list[tuple[datetime, bool]]]:
        """When what has these digests was erased, and whether what is new is kept out too; by digest."""
        found: dict[str, list[tuple[datetime, bool]]] = {}
        query = select(erased_digests.c.digest, erasures.c.at, erasures.c.blocked).join(erasures)
        for chunk in chunks(digests):
            for row in self._connection.execute(query.where(erased_digests.c.digest.in_(chunk))):
                found.setdefault(row.digest, []).append((moment(row.at), row.blocked))
        return found

    def all(self, without: Collection[str] = ()) -> list[Erasure]:
        """Every erasure with its digests but these, oldest first."""
        rows = self._connection.execute(select(erasures).order_by(erasures.c.at, erasures.c.id)).all()
        digest = select(erased_digests.c.digest).order_by(erased_digests.c.digest)
        return [
            Erasure(
                row.id,
                moment(row.at),
                row.blocked,
                row.key,
                tuple(self._connection.scalars(digest.where(erased_digests.c.erasure == row.id))),
            )
            for row in rows
            if row.id not in without
        ]

    def keep_out(self, placement: Placement) -> None:
        """Note where a copy lies that is not taken in again."""
        if placement.uid is None:
            return
        place, _ = self._places.made(placement)
        c = erased_copies.c
        known = select(c.uid).where(c.place == place, c.uid == placement.uid)
        if self._connection.scalar(known) is None:
            self._connection.execute(insert(erased_copies).values(place=place, uid=placement.uid))

    def copies(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """The UIDs at which copies of erased mails lie, or lay."""
        place = self._places.find(mailbox, folder, uidvalidity)
        return set(self._connection.scalars(select(erased_copies.c.uid).where(erased_copies.c.place == place)))

    # blobs

    def removals(self) -> list[str]:
        """The blobs that erased rows named and that are still to be removed."""
        return list(self._connection.scalars(select(blob_removals.c.digest).order_by(blob_removals.c.digest)))

    def named(self, after: int = 0) -> set[str]:
        """Those of them that mails with a higher number, the quarantine or letters name; it reads all these mails."""
        noted = select(blob_removals.c.digest)
        found: set[str] = set()
        for column, number in (
            (messages.c.raw_digest, messages.c.no),
            (attachments.c.digest, attachments.c.message),
            (quarantine.c.raw_digest, literal(after + 1)),
            (documents.c.digest, literal(after + 1)),
        ):
            found.update(self._connection.scalars(select(column).where(number > after, column.in_(noted))))
        return found

    def settle(self, digests: Collection[str]) -> None:
        """These blobs are gone, or stay because somebody names them."""
        for chunk in chunks(digests):
            self._connection.execute(delete(blob_removals).where(blob_removals.c.digest.in_(chunk)))

    # parts

    def _numbers(self, column: ColumnElement[Any], values: Iterable[Any], wanted: ColumnElement[Any]) -> set[int]:
        found: set[int] = set()
        for chunk in chunks(values):
            found.update(self._connection.scalars(select(wanted).where(column.in_(chunk), wanted.is_not(None))))
        return found

    def _note_copies(self, table: Table, these: ColumnElement[bool]) -> None:
        c = table.c
        query = select(c.place, c.uid).where(these, c.uid >= 0, c.gone.is_(None)).distinct()
        rows = {tuple(row) for row in self._connection.execute(query)}
        for chunk in chunks(rows):
            k = erased_copies.c
            known = select(k.place, k.uid).where(tuple_(k.place, k.uid).in_(chunk))
            new = set(chunk) - {tuple(row) for row in self._connection.execute(known)}
            if new:
                self._connection.execute(insert(erased_copies), [{"place": one[0], "uid": one[1]} for one in new])

    def _doom(self, digests: Any) -> None:
        doom(self._connection, self._connection.scalars(digests).all())

    def _drop_words(self, numbers: Collection[int]) -> None:
        m = messages.c
        body = func.substr(texts.c.text, 1, INDEXED).label("text")
        query = select(m.no, m.subject, m.sender_name, m.sender_addr, body).join(texts, texts.c.message == m.no)
        for chunk in chunks(numbers, _TEXTS):
            rows = self._connection.execute(query.where(m.no.in_(chunk)))
            words = [(row.no, row.subject, f"{row.sender_name} {row.sender_addr}", row.text) for row in rows]
            self._fulltext.drop_messages(self._connection, words)

    def _end_cases(self, touched: Collection[int]) -> None:
        """Cases whose last mail went go too; of those that stay, the subject is the first mail's that is left."""
        m, of = messages.c, case_messages.c
        for chunk in chunks(touched):
            first = dict(
                tuple(row)
                for row in self._connection.execute(
                    select(of.case, func.min(of.message)).where(of.case.in_(chunk)).group_by(of.case)
                )
            )
            for case, message in first.items():
                subject = select(m.subject).where(m.no == message).scalar_subquery()
                self._connection.execute(update(cases).where(cases.c.id == case).values(subject=subject))
            case_words.index(self._connection, first)
            self._erase_cases(set(chunk) - first.keys())

    def _erase_cases(self, numbers: set[int]) -> None:
        """Erase cases with their history, and those that became part of them."""
        for chunk in chunks(numbers):
            parts = set(self._connection.scalars(select(cases.c.id).where(cases.c.merged_into.in_(chunk)))) - numbers
            if parts:
                self._erase_cases(parts)
            self._connection.execute(delete(cases).where(cases.c.id.in_(chunk)))

    def _merged_into(self, ids: Collection[str]) -> set[int]:
        """The merges by which others became part of these, and others of those."""
        found: set[int] = set()
        names = set(ids)
        while names:
            query = select(merges.c.id, merges.c.merged).where(merges.c.kept.in_(names))
            rows = [row for row in self._connection.execute(query) if row.id not in found]
            found |= {row.id for row in rows}
            names = {row.merged for row in rows}
        return found

    def _forget_moves(self, people: frozenset[str], addresses: frozenset[str]) -> None:
        """Take out what merges remember of people: their keys, and rows that were laid aside."""
        c = merge_moves.c
        theirs = (contacts_table.name, identifiers.name, interactions.name, surveys.name, proposals.name)
        query = select(c.merge, c.part, c.key, c.row).where(c.part.in_(theirs))
        for row in self._connection.execute(query).all():
            laid = json.loads(row.row) if row.row else {}
            key = (
                {str(one) for one in json.loads(row.key)}
                if row.part in (contacts_table.name, identifiers.name)
                else set()
            )
            if key & (people | addresses) or laid.get("contact_id") in people or laid.get("value") in addresses:
                this = and_(c.merge == row.merge, c.part == row.part, c.key == row.key)
                self._connection.execute(delete(merge_moves).where(this))
