r"""When does `\Seen` mean that somebody opened a mail? Which mails are unread lives here, in memory, and nowhere else.

unread  --\Seen appears-->  opening  --at most three a second-->  told
                               └──────more: a burst-----------→  not told, until it has been quiet for a second

A burst is mark-all-read, a rule or another tool. Openings of one answer are counted before the first is told, so a
mark-all-read shows nothing at all.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable

from connectors.imap.answers import Mail
from connectors.imap.fetching import SEEN

_PER_SECOND = 3
_WINDOW = 1.0
_REMEMBERED = 4096


class Bursts:
    """Tells people from machines by their speed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recent: deque[float] = deque()
        self._quiet_at = float("-inf")

    def admits(self, count: int) -> bool:
        """Whether these openings, just seen together, may be told."""
        now = self._clock()
        while self._recent and self._recent[0] <= now - _WINDOW:
            self._recent.popleft()
        self._recent.extend([now] * min(count, _PER_SECOND + 1))
        if len(self._recent) > _PER_SECOND or now < self._quiet_at:
            self._quiet_at = now + _WINDOW
            return False
        return True


class Unread:
    """The unread mails of each folder, as all connections of the account see them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folders: dict[str, tuple[int, set[int]]] = {}
        self._flips: OrderedDict[tuple[str, int], int | None] = OrderedDict()

    def learn(self, folder: str, uidvalidity: int, uids: Iterable[int]) -> None:
        """The folder's unread mails are these."""
        with self._lock:
            self._folders[folder] = (uidvalidity, set(uids))

    def add(self, folder: str, uidvalidity: int, uids: Iterable[int]) -> None:
        """These are new and unread."""
        with self._lock:
            validity, unread = self._folders.get(folder, (0, set()))
            if validity == uidvalidity:
                unread.update(uids)

    def forget(self, folder: str, uids: Iterable[int]) -> None:
        """These are gone."""
        with self._lock:
            self._folders.get(folder, (0, set()))[1].difference_update(uids)

    def knows(self, folder: str, uidvalidity: int) -> bool:
        """Whether this folder's unread mails have been learned."""
        return self._folders.get(folder, (0, None))[0] == uidvalidity

    def opened(self, folder: str, uidvalidity: int, mails: Collection[Mail]) -> list[int]:
        r"""Take in flags as they are now; the UIDs that were unread and have `\Seen` come back."""
        found = []
        with self._lock:
            validity, unread = self._folders.get(folder, (0, set()))
            if validity != uidvalidity:
                return []
            for mail in mails:
                if mail.uid is None or mail.flags is None:
                    continue
                if SEEN in mail.flags and mail.uid in unread:
                    unread.discard(mail.uid)
                    self._remember(folder, mail)
                    found.append(mail.uid)
                elif SEEN not in mail.flags and mail.uid not in unread:
                    unread.add(mail.uid)
                    self._remember(folder, mail)
        return found

    def only_read(self, folder: str, mail: Mail) -> bool:
        """Whether it is known of this change that the mail was read or unread, which is nobody's business."""
        return mail.uid is not None and self._flips.get((folder, mail.uid), 0) == mail.modseq

    def _remember(self, folder: str, mail: Mail) -> None:
        key = (folder, mail.uid or 0)
        self._flips[key] = mail.modseq
        self._flips.move_to_end(key)
        while len(self._flips) > _REMEMBERED:
            self._flips.popitem(last=False)
