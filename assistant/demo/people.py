"""Who writes the demo's mails: staff, contacts of the customer list, and strangers; with mail program and signature."""

import csv
import io
from dataclasses import dataclass, replace
from email.utils import parseaddr

from assistant.demo import source


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an address, a usual mail program and a signature."""

    name: str
    address: str
    language: str = "de"
    client: str = ""
    signature: str = ""
    staff: bool = False
    private: bool = False

    @property
    def domain(self) -> str:
        """The part behind the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Finds the people whom the mail files name."""

    staff: dict[str, Person]
    contacts: dict[str, Person]
    signatures: dict[str, source.Entry]

    def find(self, key: str, shared: str | None = None) -> Person:
        """The person for a staff key, a contact's id or `Name <address>`; staff write as `shared` if given."""
        if key in self.staff:
            person = self.staff[key]
            return person if shared is None else replace(person, address=shared)
        if key in self.contacts:
            return self.contacts[key]
        name, address = parseaddr(key)
        if "@" not in address:
            raise ValueError(f"nobody is called {key!r}")
        known = self.signatures.get(address)
        return Person(
            name,
            address,
            known.get("Lang", "de") if known else "de",
            known.get("Client") if known else "",
            known.body if known else "",
            private=address.endswith(FREEMAIL),
        )


FREEMAIL = (
    "@gmx.example", "@web-post.example", "@mailo.example", "@freenetz.example", "@tidemail.example",
    "@briefbote.example", "@postkasten.example", "@elbmail.example", "@inboxly.example",
)  # fmt: skip


def address_book(staff: tuple[tuple[str, str], ...]) -> AddressBook:
    """The address book of the firm with this staff (name, address), from its files."""
    signatures = {entry.id: _with_separator(entry) for entry in source.entries("signatures.txt")}
    customers = {row["customer_id"]: row for row in _rows("customers.csv")}

    def person(key: str, name: str, address: str, language: str, staff: bool, private: bool) -> Person:
        sign = signatures.get(key)
        client = sign.get("Client") if sign else ""
        return Person(name, address, language, client, sign.body if sign else "", staff, private)

    own = {}
    for name, address in staff:
        key = address.partition(".")[0]
        own[key] = person(key, name, address, "de", True, False)
    contacts = {
        row["contact_id"]: person(
            row["contact_id"],
            " ".join(filter(None, (row["title"], row["first_name"], row["last_name"]))),
            row["email"],
            row["language"],
            False,
            customers[row["customer_id"]]["kind"] == "person",
        )
        for row in _rows("contacts.csv")
    }
    return AddressBook(own, contacts, signatures)


def _with_separator(entry: source.Entry) -> source.Entry:
    """The signature with its separator as sent, `-- ` (RFC 3676 section 4.3)."""
    return replace(entry, body=f"-- {entry.body[2:]}" if entry.body.startswith("--\n") else entry.body)


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(source.text(name))))
