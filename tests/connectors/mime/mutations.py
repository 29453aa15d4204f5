"""Mails spoilt by a dice: what transport, programs and people with bad intentions do to them."""

import random
from collections.abc import Iterator, Sequence

PIECES = (
    *(b"\r", b"\n", b"\0", b"\r\n\r\n", b'"', b"<", b">", b"=?", b"?=", b"--a\n", b"\xff", b";", b":", b"\x1b$B"),
    *(b"Content-Type: message/rfc822\n\n", b"Content-Type: text/html\n\n", b"Content-Transfer-Encoding: base64\n"),
    *(b"=?utf-8?B?", b"=\n", b"boundary=", b"<div>", b"</blockquote>", b"Von: a@b.de\n", b"> ", b"-- \n"),
)


def mutated(originals: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """Spoilt mails without end; the same for the same seed."""
    dice = random.Random(seed)
    while True:
        raw = bytearray(dice.choice(originals))
        for _ in range(dice.randint(1, 8)):
            _spoil(raw, dice, originals)
        yield bytes(raw)


def _spoil(raw: bytearray, dice: random.Random, originals: Sequence[bytes]) -> None:
    at = dice.randrange(len(raw) + 1)
    match dice.randrange(8):
        case 0:
            raw[at:at] = dice.randbytes(dice.randint(1, 6))
        case 1:
            del raw[at : at + dice.randint(1, 30)]
        case 2 if at < len(raw):
            raw[at] = dice.randrange(256)
        case 3:
            raw[at:at] = raw[at : at + dice.randint(1, 80)] * dice.randint(1, 20)
        case 4:
            raw[at:at] = dice.choice(PIECES) * dice.choice((1, 1, 1, 50))
        case 5:
            # Cut short in the middle.
            del raw[at:]
        case 6:
            lines = raw.split(b"\n")
            dice.shuffle(lines) if len(lines) < 40 else lines.reverse()
            raw[:] = b"\n".join(lines)
        case _:
            other = dice.choice(originals)
            raw[at:] = other[dice.randrange(len(other) + 1) :]
