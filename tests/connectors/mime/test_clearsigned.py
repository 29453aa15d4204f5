"""Text signed in the open is read without its armour."""

import time

import pytest

from connectors import mime
from connectors.mime.clearsigned import unarmoured

SIGNED = """Vorab.

-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

Guten Tag,

- - zwei Pumpen
- -- \nMax
-----BEGIN PGP SIGNATURE-----

iQEzBAEBCAAdFiEE
=abcd
-----END PGP SIGNATURE-----
Danach.
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_words_are_read_without_the_armour(end: str) -> None:
    raw = f"Subject: x\n\n{SIGNED}".replace("\n", end).encode()
    assert mime.read(raw).message.text == "Vorab.\n\nGuten Tag,\n\n- zwei Pumpen\n-- \nMax\nDanach."


def test_other_text_is_left_alone() -> None:
    assert unarmoured("Guten Tag,\n\n- eins") is None


def test_a_signature_that_never_ends_takes_nothing_but_itself() -> None:
    assert (
        unarmoured(SIGNED.partition("-----BEGIN PGP SIGNATURE")[0])
        == "Vorab.\n\nGuten Tag,\n\n- zwei Pumpen\n-- \nMax\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PGP SIGNED MESSAGE-----\n" * 20_000,
        "-----BEGIN PGP SIGNED MESSAGE-----\n\n" + "-----BEGIN PGP SIGNATURE-----\n" * 20_000,
        "-----BEGIN PGP SIGNED MESSAGE-----\n" + "a: b\n" * 100_000,
    ],
)
def test_hostile_armour_costs_bounded_time(text: str) -> None:
    start = time.process_time()
    unarmoured(text)
    assert time.process_time() - start < 0.5
