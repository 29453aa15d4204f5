"""Folders: their names as people write them, what each is for, and which of them are watched."""

import base64
import binascii
import re
from collections.abc import Iterable

from connectors.imap.answers import Listed
from connectors.imap.events import FolderInfo
from rules.confidential_folders import is_confidential
from rules.terms.errors import FolderMissing
from rules.terms.mail import FolderRole, Mailbox

_SPECIAL_USE = {
    "\\sent": FolderRole.SENT,
    "\\drafts": FolderRole.DRAFTS,
    "\\junk": FolderRole.JUNK,
    "\\trash": FolderRole.TRASH,
    "\\archive": FolderRole.ARCHIVE,
    "\\all": FolderRole.ARCHIVE,
}
_VIEWS = {"\\flagged", "\\important"}
_NO_MAIL = {"\\noselect", "\\nonexistent"}

# What servers and mail programs call them where the server itself does not say (no RFC 6154).
_NAMES = {
    FolderRole.SENT: (
        "sent", "sent items", "sent messages", "sent mail", "sent-mail", "sent objects",
        "gesendet", "gesendete", "gesendete objekte", "gesendete elemente", "gesendete nachrichten",
        "gesendete mails", "gesendete e-mails",
    ),
    FolderRole.DRAFTS: ("drafts", "draft", "entwürfe", "entwurf", "outbox", "postausgang"),
    FolderRole.JUNK: ("junk", "spam", "junk e-mail", "junk-e-mail", "junk mail", "bulk mail", "spamverdacht",
                      "unerwünscht", "werbung"),
    FolderRole.TRASH: ("trash", "deleted", "deleted items", "deleted messages", "bin", "papierkorb", "gelöscht",
                       "gelöschte objekte", "gelöschte elemente", "gelöschte nachrichten"),
    FolderRole.ARCHIVE: ("archive", "archives", "archiv"),
}  # fmt: skip
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names}
_ROOTS = {"inbox", "[gmail]", "[google mail]"}
_SHIFTED = re.compile(rb"&([A-Za-z0-9+,]*)-")
_NEVER_INCOMING = (FolderRole.SENT, FolderRole.DRAFTS, FolderRole.JUNK, FolderRole.TRASH)
_ORDER = (FolderRole.INBOX, FolderRole.SENT)


def decoded(raw: bytes) -> str:
    """A folder's name for people. What is no modified UTF-7 (RFC 3501, 5.1.3) stays as the server wrote it."""
    if not raw.isascii():
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    try:
        name = _SHIFTED.sub(_unshift, raw).decode("utf-8")
    except (ValueError, binascii.Error):
        return raw.decode("ascii")
    return name if name.isprintable() else raw.decode("ascii")


def encoded(name: str) -> bytes:
    """A folder's name in modified UTF-7."""
    pieces = re.split(r"([^\x20-\x7e]+)", name)
    wire = bytearray()
    for index, piece in enumerate(pieces):
        if index % 2:
            shifted = base64.b64encode(piece.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
            wire += b"&" + shifted + b"-"
        else:
            wire += piece.replace("&", "&-").encode("ascii")
    return bytes(wire)


def infos(listed: Iterable[Listed], sent: str | None) -> tuple[FolderInfo, ...]:
    """The folders that can hold mail, INBOX first. `sent` is the configured name of the Sent folder."""
    found: dict[str, FolderInfo] = {}
    for entry in listed:
        if entry.attributes & _NO_MAIL:
            continue
        name = "INBOX" if entry.raw.upper() == b"INBOX" else decoded(entry.raw)
        if name in found and found[name].raw != entry.raw:
            # Two names on the wire that read alike: the second keeps its wire form.
            name = entry.raw.decode("latin-1")
        role = FolderRole.SENT if sent and name == sent else _role(name, entry)
        view = bool(entry.attributes & _VIEWS)
        found[name] = FolderInfo(name, role, raw=entry.raw, view=view, delimiter=entry.delimiter or "")
    if "INBOX" not in found:
        found["INBOX"] = FolderInfo("INBOX", FolderRole.INBOX, raw=b"INBOX")
    return tuple(sorted(found.values(), key=_rank))


def watched(folders: Iterable[FolderInfo], mailbox: Mailbox) -> tuple[list[FolderInfo], list[str]]:
    """The folders that the mailbox's settings ask for, and the asked-for names that are not there."""
    by_name = {folder.name: folder for folder in folders}
    missing = []
    if mailbox.folders:
        wanted = {name: find(by_name.values(), name) for name in mailbox.folders}
        missing = [name for name, folder in wanted.items() if folder is None]
        chosen = {folder.name: folder for folder in wanted.values() if folder is not None}
    else:
        chosen = {
            name: folder for name, folder in by_name.items() if folder.role.watched_by_default and not folder.view
        }
    if mailbox.junk:
        chosen |= {name: folder for name, folder in by_name.items() if folder.role is FolderRole.JUNK}
    if mailbox.sent:
        if mailbox.sent in by_name:
            chosen[mailbox.sent] = by_name[mailbox.sent]
        else:
            missing.append(mailbox.sent)
    kept = (folder for folder in chosen.values() if not _left_out(folder, mailbox))
    return sorted(kept, key=_rank), missing


def find(folders: Iterable[FolderInfo], name: str) -> FolderInfo | None:
    """The folder of that name; INBOX in any spelling."""
    wanted = "INBOX" if name.upper() == "INBOX" else name
    return next((folder for folder in folders if folder.name == wanted), None)


def must_find(folders: Iterable[FolderInfo], name: str, mailbox: Mailbox) -> FolderInfo:
    """The folder of that name, or FolderMissing."""
    folder = find(folders, name)
    if folder is None:
        raise FolderMissing(folder=name, mailbox=mailbox.name)
    return folder


def must_have(folders: Iterable[FolderInfo], mailbox: Mailbox) -> tuple[FolderInfo, ...]:
    """The folders that the mailbox's settings ask for, or FolderMissing."""
    chosen, missing = watched(folders, mailbox)
    if missing:
        raise FolderMissing(folder=missing[0], mailbox=mailbox.name)
    return tuple(chosen)


def _left_out(folder: FolderInfo, mailbox: Mailbox) -> bool:
    """Whether a folder, or one that it lies in, is never to be read."""
    if not mailbox.confidential and folder.name not in mailbox.folders and is_confidential(folder.name):
        return True
    marks = (folder.delimiter,) if folder.delimiter else ()
    return any(
        folder.name == one or any(folder.name.startswith(one + mark) for mark in marks) for one in mailbox.excluded
    )


def incoming(folders: Iterable[FolderInfo]) -> list[FolderInfo]:
    """Those that hold mail of others."""
    return [folder for folder in folders if folder.role not in _NEVER_INCOMING]


def own(folders: Iterable[FolderInfo], foreign: Iterable[bytes]) -> list[FolderInfo]:
    """Those that are the account's own, not what others share with it; `foreign` are the prefixes of the latter."""
    prefixes = tuple(foreign)
    return [folder for folder in folders if not folder.raw.startswith(prefixes)]


def _role(name: str, entry: Listed) -> FolderRole:
    if name == "INBOX":
        return FolderRole.INBOX
    for attribute, role in _SPECIAL_USE.items():
        if attribute in entry.attributes:
            return role
    # Only where such folders usually are: “Projekte/Entwürfe” is somebody's project.
    path = name.split(entry.delimiter) if entry.delimiter else [name]
    if len(path) == 1 or (len(path) == 2 and path[0].casefold() in _ROOTS):
        return _ROLE_OF.get(path[-1].casefold(), FolderRole.OTHER)
    return FolderRole.OTHER


def _rank(folder: FolderInfo) -> tuple[int, str]:
    return (_ORDER.index(folder.role) if folder.role in _ORDER else len(_ORDER), folder.name)


def _unshift(match: re.Match[bytes]) -> bytes:
    shifted = match[1]
    if not shifted:
        return b"&"
    padding = b"=" * (-len(shifted) % 4)
    return base64.b64decode(shifted.replace(b",", b"/") + padding, validate=True).decode("utf-16-be").encode("utf-8")
