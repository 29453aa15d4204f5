"""Whose word on the sender counts: our own server's, topmost block, and nobody else's."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.authentication import changed_on_the_way, passed_on, sealer, verdict
from rules.terms.mail import Verdict

OURS = "mx.firma.example"


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (["mx.firma.example; dmarc=pass header.from=example.org"], Verdict.PASS),
        (["mx.firma.example; dmarc=fail (p=reject) header.from=example.org"], Verdict.FAIL),
        (["MX.Firma.Example 1; spf=pass; dkim=pass; dmarc = pass"], Verdict.PASS),
        (["mx.firma.example; spf=pass", "mx.firma.example; dmarc=pass"], Verdict.PASS),
        (["mx.firma.example; dmarc=pass", "mx.firma.example; dmarc=fail"], Verdict.FAIL),
        (["mx.firma.example; spf=pass; dkim=pass"], Verdict.NONE),
        (["mx.firma.example; dmarc=none"], Verdict.NONE),
        (["mx.firma.example; dmarc=bestguesspass"], Verdict.NONE),
        (["mx.firma.example; none"], Verdict.NONE),
        (["fremd.example; dmarc=pass"], Verdict.NONE),
        (["fremd.example; dmarc=pass", "mx.firma.example; dmarc=pass"], Verdict.NONE),
        (["mx.firma.example; spf=pass", "fremd.example; x", "mx.firma.example; dmarc=pass"], Verdict.NONE),
        # a stranger's line above ours: no pass, but our fail stands
        (["fremd.example; dmarc=pass", "mx.firma.example; dmarc=fail"], Verdict.FAIL),
        (["fremd.example; dmarc=pass", "mx.firma.example; x=( dmarc=fail"], Verdict.FAIL),
        (["fremd.example; dmarc=fail", "mx.firma.example; x (dmarc=fail)"], Verdict.NONE),
        (["mx.firma.example.boese.example; dmarc=pass"], Verdict.NONE),
        (['mx.firma.example; spf=fail smtp.mailfrom="; dmarc=pass"@boese.example'], Verdict.NONE),
        (["mx.firma.example; spf=fail (sender said ; dmarc=pass)"], Verdict.NONE),
        (["mx.firma.example; spf=fail (a (b; dmarc=pass) c)"], Verdict.NONE),
        (["mx.firma.example; spf=fail (offen ; dmarc=pass"], Verdict.NONE),
        (['mx.firma.example; spf=fail (" ; dmarc=pass (")'], Verdict.NONE),
        (["(Kommentar) mx.firma.example; dmarc=pass"], Verdict.PASS),
        ([], Verdict.NONE),
        # a pass for somebody else
        (["mx.firma.example; dmarc=pass header.from=boese.example"], Verdict.FAIL),
        (["mx.firma.example; dmarc=pass header.from=mail.example.org"], Verdict.PASS),
        # the sender's words break the field open or swallow its end
        (['mx.firma.example; spf=pass ("a(b"@boese.example is fine) smtp.mailfrom=x; dmarc=fail'], Verdict.FAIL),
        (["mx.firma.example; spf=pass smtp.mailfrom=(@boese.example; dmarc=fail (p=reject)"], Verdict.FAIL),
        (
            ["mx.firma.example; spf=pass smtp.mailfrom=(@boese.example; dmarc=fail; dkim=pass header.i=)@x"],
            Verdict.FAIL,
        ),
        (["mx.firma.example; spf=pass smtp.mailfrom=(@boese.example; dmarc=pass"], Verdict.NONE),
        (["mx.firma.example; dmarc=pass; arc=pass (i=1 dmarc=fail)"], Verdict.NONE),
        (["mx.firma.example; x=" + "a" * 9000 + "; dmarc=pass"], Verdict.NONE),
        (["mx.firma.example; x=" + "a" * 9000 + "; dmarc=fail"], Verdict.FAIL),
    ],
)
def test_the_verdict_is_our_own_servers(results: list[str], expected: Verdict) -> None:
    assert verdict(results, OURS, "example.org") is expected


@pytest.mark.parametrize("authserv_id", [None, "", "  "])
def test_without_a_configured_server_nothing_is_believed(authserv_id: str | None) -> None:
    assert verdict(["mx.firma.example; dmarc=pass"], authserv_id, "example.org") is Verdict.NONE


@given(st.lists(st.text(alphabet='mx.firmaexple;= dmarc=passfail()"\\', max_size=60), max_size=4))
def test_any_text_gives_a_verdict(results: list[str]) -> None:
    assert verdict(results, OURS, "example.org") in Verdict


@given(st.text(alphabet="abc;= dmarc=pass", max_size=60))
def test_what_stands_in_a_comment_or_quotation_never_passes(words: str) -> None:
    assert verdict([f"mx.firma.example; spf=fail ({words})"], OURS, "example.org") is Verdict.NONE
    assert verdict([f'mx.firma.example; spf=fail x="{words}"'], OURS, "example.org") is Verdict.NONE


def test_a_hostile_field_costs_no_more_than_its_length() -> None:
    begun = time.process_time()
    verdict(["mx.firma.example; a" + '""a' * 400_000, "mx.firma.example; dmarc=pass"], OURS, "example.org")
    assert time.process_time() - begun < 2


CHAIN = "mx.firma.example; dmarc=fail header.from=a.example; arc=pass (i=1 dmarc=pass fromdomain=a.example)"


@pytest.mark.parametrize(
    ("results", "passed"),
    [
        ([CHAIN], True),
        (["mx.firma.example; dmarc=fail header.from=a.example", "mx.firma.example; arc=pass smtp.remote-ip=::1"], True),
        (["mx.firma.example; dmarc=fail header.from=a.example; arc=fail"], False),
        (["mx.firma.example; dmarc=fail (arc=pass) header.from=a.example"], False),
        (['mx.firma.example; dmarc=fail smtp.mailfrom="x; arc=pass"'], False),
        (["mx.other.example; arc=pass"], False),
        ([CHAIN, "mx.firma.example; arc=fail"], False),
        ([], False),
    ],
)
def test_only_our_own_server_says_that_a_mail_was_passed_on_in_order(results: list[str], *, passed: bool) -> None:
    assert passed_on(results, OURS) is passed


@pytest.mark.parametrize(
    ("seal", "domain"),
    [("i=1; a=rsa-sha256; d=Liste.example; cv=none; b=x", "liste.example"), ("i=1; bd=evil.example", ""), ("", "")],
)
def test_the_seal_names_who_passed_a_mail_on(seal: str, domain: str) -> None:
    assert sealer(seal) == domain


BROKEN = f"{OURS}; spf=pass smtp.mailfrom=verein.example; dkim=fail header.d=firma.example; dmarc=fail"
LIST = "einkauf-bounces@verein.example"


@pytest.mark.parametrize(
    ("result", "envelope", "changed"),
    [
        (BROKEN, LIST, True),
        (f"{OURS}; dkim=fail header.i=@mail.firma.example; dmarc=fail", LIST, True),
        (f"{OURS}; spf=pass; dkim=none; dmarc=fail", "SRS0=ab=XY=firma.example=otto@weiter.example", True),
        # No seal of theirs, another one's, or an envelope that names themselves: nobody passed it on.
        (f"{OURS}; spf=fail; dkim=none; dmarc=fail", LIST, False),
        (f"{OURS}; dkim=fail header.d=andere.example; dmarc=fail", LIST, False),
        (f"{OURS}; dkim=pass header.d=mailer.example; dmarc=fail", "x@mailer.example", False),
        (BROKEN, "otto@firma.example", False),
        (BROKEN, "", False),
        (f"{OURS}; spf=pass; dkim=none; dmarc=fail", "SRS0=ab=XY=firma.example=eva@weiter.example", False),
        # Another server's word.
        (BROKEN.replace(OURS, "mx.fremd.example"), LIST, False),
    ],
)
def test_what_looks_as_forwarders_leave_it(result: str, envelope: str, *, changed: bool) -> None:
    assert changed_on_the_way([result], OURS, "otto@firma.example", envelope) is changed


@given(st.text(max_size=300), st.text(max_size=80))
def test_any_words_of_the_sender_are_borne(words: str, envelope: str) -> None:
    changed_on_the_way([f"{OURS}; {words}"], OURS, "otto@firma.example", envelope)
