"""The pages as they leave the server: what they show to whom, and what their forms do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from litestar.testing import TestClient

from assistant.web import charts, render
from assistant.web.gate import Credential
from assistant.web.visit import own_path
from rules.terms.mail import Verdict
from rules.terms.summary import Status, Summary, SummaryCustomer, SummaryMatch, SummaryMessage, Trust
from tests.assistant.web import sample
from tests.assistant.web.sampled import firm, own_firm

__all__ = ["firm", "own_firm"]

ALL = (
    "/", "/sidebar", "/sidebar?message={known}", "/sidebar?message={forged}", "/sidebar?customer=C2",
    "/sidebar?q=hansen", "/customers", "/customers?q=konsolen", "/customers/C1", "/messages/{known}",
    "/messages/{unknown}?pick=hansen", "/review", "/leads", "/quarantine", "/settings", "/settings/stored",
    "/complaints", "/complaints?state=history&severity=3", "/messages/{english}",
)  # fmt: skip


class Visitor:
    """A browser without scripts in which somebody is logged in."""

    def __init__(self, firm: sample.Sample, login: str = "anna", language: str = "de") -> None:
        self.client = TestClient(firm.app, base_url="http://127.0.0.1:8470")
        self.client.headers.update({"accept": "text/html", "accept-language": language})
        secret = firm.session(login)
        self.client.cookies.set("kingpost", secret)
        self.csrf = Credential("session", secret).csrf
        self.mails = firm.mails

    def get(self, path: str, status: int = 200) -> str:
        """A page's HTML."""
        answer = self.client.get(path.format(**self.mails))
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def post(self, path: str, status: int = 200, **form: str) -> str:
        """Send a form and follow where it leads."""
        answer = self.client.post(path.format(**self.mails), data={"_csrf_token": self.csrf, **form})
        assert answer.status_code == status, answer.text
        return unescape(answer.text)


@pytest.fixture
def anna(firm: sample.Sample) -> Visitor:
    return Visitor(firm)


@pytest.fixture
def ben(firm: sample.Sample) -> Visitor:
    return Visitor(firm, "ben", "en")


@pytest.mark.parametrize("path", ALL)
def test_every_page_answers_in_both_languages_and_holds_no_inline_code(firm: sample.Sample, path: str) -> None:
    for language in ("de", "en"):
        answer = Visitor(firm, language=language).client.get(path.format(**firm.mails))
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text
        assert not re.search(
            r'<script(?! type="(?:module" src|application/json"))|<style|\sstyle=|\son\w+=', answer.text
        )
        assert "{{" not in answer.text


def test_nobody_is_let_in_without_a_login(firm: sample.Sample) -> None:
    client = TestClient(firm.app, base_url="http://127.0.0.1:8470")
    client.follow_redirects = False
    answer = client.get("/customers/C1?channel=mail", headers={"accept": "text/html"})
    assert answer.headers["location"] == "/login?next=/customers/C1%3Fchannel%3Dmail"
    page = client.get(answer.headers["location"], headers={"accept-language": "de"}).text
    assert 'value="/customers/C1?channel=mail"' in page
    assert "Benutzername" in page
    assert 'name="next" value="/"' in client.get("/login?next=https://evil.example/").text


# -- summary


def test_the_sidebar_says_who_it_is_how_sure_and_why(anna: Visitor) -> None:
    page = anna.get("/sidebar?message={known}")
    for words in ("Hansen Metallbau GmbH", "Karin Hansen, Einkauf", "seit 2014", "sicher: Adresse bekannt", "warum?"):
        assert words in page
    assert 'aria-label="Königskunde"' in page
    assert "Angebot A-4711" in page


def test_a_forged_sender_is_shown_no_treatment(anna: Visitor) -> None:
    page = anna.get("/sidebar?message={forged}").partition('id="shown"')[2]
    assert "Absender ist wohl nicht echt" in page
    assert "gibt sich als Hansen Metallbau GmbH aus" in page
    assert "Königskunde" not in page.partition("<script")[0]
    assert "seit 2014" not in page


def test_what_is_not_the_readers_is_not_shown_but_the_contact_is(anna: Visitor, ben: Visitor) -> None:
    page = anna.get("/customers/C1")
    assert "GEHEIM" not in page
    assert "Kontakt per Mail, Inhalt nicht für Sie bestimmt" in page
    assert "GEHEIM" in ben.get("/customers/C1")
    anna.get("/messages/{private}", status=404)
    anna.get("/messages/{private}/html", status=404)
    anna.get("/sidebar?message={private}", status=404)
    assert "GEHEIM" not in anna.get("/customers?q=GEHEIM").replace("Suche: GEHEIM", "").replace("„GEHEIM“", "").replace(
        'value="GEHEIM"', ""
    )


def test_who_may_not_see_money_is_told_what_is_left_out(ben: Visitor) -> None:
    assert "Not visible to you: figures and money" in ben.get("/customers/C1")


def test_a_summary_can_be_a_page_of_its_own() -> None:
    customer = SummaryCustomer("C<1>", "<b>Böse & Co</b>", "firm", ("supplier",), "active", None, False)
    match = SummaryMatch("sicher: <i>x</i>", 1.0)
    message = SummaryMessage("a@b", "<script>alert(1)</script>", "x@y")
    summary = Summary(
        Status.KNOWN, datetime(2026, 1, 2, tzinfo=UTC), message, customer, None, match, Trust(Verdict.PASS, "ja")
    )
    page = render.render_summary(summary, "de")
    assert "<script>alert" not in page
    assert "<b>Böse" not in page
    assert "&lt;b&gt;Böse &amp; Co" in page
    assert 'href="/customers/C%3C1%3E"' in page
    assert "Lieferant" in page


# -- lists and records


def test_a_search_finds_customers_and_mails(anna: Visitor) -> None:
    assert "Müller & Söhne" in anna.get("/customers?q=muller")
    page = anna.get("/customers?q=konsolen")
    assert "Kein Kunde zu „konsolen“" in page
    assert "Anfrage Konsolen" in page


def test_a_timeline_pages_and_filters_without_scripts(anna: Visitor) -> None:
    page = anna.get("/customers/C2")
    assert page.count('class="entry"') == 30
    older = re.search(r'href="([^"]+)" rel="next"', page)
    assert older
    last = anna.get(older.group(1))
    assert last.count('class="entry"') == 16  # the order among them
    assert "Das ist der Anfang." in last
    assert anna.get("/customers/C1?channel=call").count('class="entry"') == 1


def test_a_mail_shows_what_is_new_first_and_folds_the_rest(anna: Visitor) -> None:
    page = anna.get("/messages/{known}")
    new, _, rest = page.partition('<details class="quoted">')
    assert "Können Sie die Konsolen auch in 8 mm liefern" in new
    assert "anbei unser Angebot" not in new
    assert "anbei unser Angebot" in rest
    assert "Stückliste Größe.csv" in page


def test_a_mails_markup_is_harmless_and_framed_without_rights(anna: Visitor) -> None:
    assert '<iframe class="framed" sandbox=""' in anna.get("/messages/{known}")
    answer = anna.client.get(f"/messages/{anna.mails['known']}/html")
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script" not in answer.text
    assert "boese.example" not in answer.text
    assert "<b>8 mm</b>" in answer.text


def test_the_start_page_shouts_when_a_login_has_ended(anna: Visitor) -> None:
    page = anna.get("/")
    assert "einkauf: Es kommt keine Mail mehr herein" in page
    assert "mail.example hat die Anmeldung von einkauf abgelehnt" in page
    assert page.index("Anmeldung abgelehnt") < page.index("alles in Ordnung")
    assert "Ben Blum" not in page


def test_empty_pages_say_what_will_come(tmp_path_factory: pytest.TempPathFactory) -> None:
    bare = sample.build(tmp_path_factory.mktemp("bare"), empty=True)
    visitor = Visitor(bare)
    assert "Noch kein Postfach" in visitor.get("/")
    assert "Noch keine Kunden" in visitor.get("/customers")
    assert "Alles geprüft" in visitor.get("/review")
    assert "Keine Mail in Quarantäne" in visitor.get("/quarantine")
    bare.services.pool.close()


# -- forms


def test_a_doubtful_mail_is_assigned_with_one_click_and_back(anna: Visitor) -> None:
    page = anna.post("/messages/{doubtful}/match", customer="C6", next="/review")
    assert "Zugeordnet zu Hotel Seeblick." in page
    assert "Tür klemmt" not in page
    assert "Zugeordnet von Anna Arndt" in anna.get("/messages/{doubtful}")
    assert "Tür klemmt" in anna.get("/customers/C6")
    page = anna.post("/messages/{doubtful}/match/undo", next="/review")
    assert "Zuordnung zurückgenommen." in page
    assert "Tür klemmt" in page


def test_an_assignment_without_customer_or_to_nobody_is_an_error_with_a_sentence(anna: Visitor) -> None:
    assert "Bitte wählen Sie einen Kunden." in anna.post("/messages/{doubtful}/match", status=400)
    anna.post("/messages/{doubtful}/match", status=404, customer="gibtsnicht")
    anna.post("/messages/{private}/match", status=404, customer="C1")


def test_a_form_without_our_proof_is_turned_away(anna: Visitor) -> None:
    answer = anna.client.post(f"/messages/{anna.mails['doubtful']}/match", data={"customer": "C6"})
    assert answer.status_code == 403


def test_following_is_switched_by_lead_and_owner_only(anna: Visitor, ben: Visitor) -> None:
    assert "Die Seitenleiste folgt info nicht mehr." in anna.post("/mailboxes/info/follow", on="")
    assert "Die Seitenleiste folgt jetzt info." in anna.post("/mailboxes/info/follow", on="1")
    ben.post("/mailboxes/info/follow", status=403, on="1")
    ben.post("/mailboxes/Anna Arndt/follow", status=404, on="")


def test_marks_are_switched_by_lead_and_owner_only(anna: Visitor, ben: Visitor) -> None:
    assert "Mails werden nicht markiert." in anna.get("/")
    page = anna.post("/mailboxes/info/marks", on="1")
    assert "Kingpost markiert jetzt Mails in info." in page
    assert "Mails werden markiert." in page
    assert "Kingpost nimmt seine Markierungen in info zurück." in anna.post("/mailboxes/info/marks", on="")
    ben.post("/mailboxes/info/marks", status=403, on="1")
    ben.post("/mailboxes/Anna Arndt/marks", status=404, on="1")


def test_the_look_into_junk_is_switched_by_lead_and_owner_only(
    firm: sample.Sample, anna: Visitor, ben: Visitor
) -> None:
    assert "Der Spam-Ordner bleibt ungelesen." in anna.get("/")
    assert "Kingpost sieht jetzt im Spam-Ordner von info nach Kunden." in anna.post("/mailboxes/info/junk", on="1")
    with firm.services.pool.read() as work:
        info = work.mailboxes.get("info")
    assert info is not None
    assert info.junk
    ben.post("/mailboxes/info/junk", status=403, on="")
    ben.post("/mailboxes/Anna Arndt/junk", status=404, on="1")
    assert "Kingpost sieht nicht mehr in den Spam-Ordner von info." in anna.post("/mailboxes/info/junk", on="")
    # What stands in kingpost.toml is switched there, and has no button.
    with firm.services.pool.begin() as work:
        work.mailboxes.put(replace(info, declared=True))
    assert 'action="/mailboxes/info/junk"' not in anna.get("/")
    anna.post("/mailboxes/info/junk", status=400, on="1")
    with firm.services.pool.begin() as work:
        work.mailboxes.put(replace(info, junk=False))


def test_a_language_stays_chosen(firm: sample.Sample) -> None:
    ben = Visitor(firm, "ben", "de")
    assert "The language is changed." in ben.post("/settings/language", language="en")
    assert "Customers" in ben.get("/customers")
    assert "Die Sprache ist geändert." in ben.post("/settings/language", language="")


def test_a_token_is_seen_once_and_can_be_revoked(anna: Visitor) -> None:
    page = anna.post("/settings/tokens", name="Mein Skript", scope="read", days="30")
    assert re.search(r"kp_[\w-]{20,}", page)
    page = anna.get("/settings")
    assert not re.search(r"kp_[\w-]{20,}", page)
    revoke = re.search(r"/settings/tokens/\d+/revoke", page)
    assert revoke
    assert "Das Token gilt nicht mehr." in anna.post(revoke.group(0))
    assert "Mein Skript" not in anna.get("/settings")


def test_a_password_is_changed_by_who_knows_the_old_one(own_sample: sample.Sample) -> None:
    anna = Visitor(own_sample)
    assert "mindestens 10 Zeichen" in anna.post("/settings/password", old=sample.PASSWORD, new="kurz")
    wrong = anna.post("/settings/password", old="falsch", new="etwas langes neues")
    assert 'role="alert"' in wrong
    assert "Das Passwort ist geändert." in anna.post(
        "/settings/password", old=sample.PASSWORD, new="etwas langes neues"
    )
    anna.get("/settings")


@pytest.fixture
def own_sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sample.Sample]:
    made = sample.build(tmp_path_factory.mktemp("own"), empty=True)
    yield made
    made.services.pool.close()


def test_a_link_cannot_put_words_into_our_mouth(anna: Visitor) -> None:
    assert "undo" not in anna.get("/?done=Rufen Sie 0900 an").partition("<main")[2]
    assert "Zugeordnet" not in anna.get("/?done=assigned&mail={known}")
    assert "folgt jetzt" not in anna.get("/?done=follow_on&mailbox=Rufen Sie an")


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a b", "/a\nb", "", "x"],
)
def test_a_form_leads_to_our_own_pages_only(path: str) -> None:
    assert own_path(path, "/") == "/"
    assert own_path("/review?list=unknown#mail-3", "/") == "/review?list=unknown#mail-3"


# -- chart


def test_the_chart_counts_each_day_and_says_so_in_words() -> None:
    chart = charts.by_day(
        {date(2026, 11, 20): 4, date(2026, 11, 22): 2, date(2026, 1, 1): 99}, date(2026, 11, 22), "de"
    )
    assert (chart.today, chart.total, len(chart.bars)) == (2, 6, 14)
    assert chart.bars[-3].title == "Freitag, 20. November 2026: 4"
    assert chart.bars[-3].value == "4"
    assert chart.bars[-2].quiet
    assert all(0 <= bar.y <= chart.height for bar in chart.bars)


# -- what waits for a person's word


def test_the_review_page_shows_the_evidence_in_the_mail_and_each_candidates_side(anna: Visitor) -> None:
    page = anna.get("/review")
    assert 'title="Adresse bekannt">haustechnik@seeblick.example<' in page
    assert page.count('class="side"') == 3
    for words in ("Hotel Seeblick", "Seeblick Gastronomie", "Überlingen · 10052", "noch kein Kontakt", "Ignorieren"):
        assert words in page


def test_a_doubtful_senders_other_mails_are_filed_in_one_go_and_back(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    page = anna.post("/messages/{doubtful}/match", customer="C6", all="1", next="/review")
    assert "Zugeordnet zu Hotel Seeblick." in page
    undo = re.search(r'action="(/messages/\d+/match/undo)".*?name="also" value="([\d-]*)"', page)
    assert "Tür klemmt" in anna.get("/customers/C6")
    assert "haustechnik@seeblick.example" in anna.get("/customers/C6").partition("Gelernte Adressen")[2]
    anna.post(undo.group(1) if undo else "/messages/{doubtful}/match/undo", also=undo.group(2) if undo else "")
    assert "Tür klemmt" not in anna.get("/customers/C6")


def test_a_lead_becomes_a_customer_with_all_its_addresses_and_is_taken_back(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    page = anna.get("/leads")
    assert page.count('class="card review lead"') == 1
    assert "2 Mails" in page
    form = anna.get("/messages/{again}/new?also=" + str(anna.mails["unknown"]))
    assert 'value="Neukunde Maschinenbau"' in form
    page = anna.post(
        "/messages/{again}/new",
        also=str(anna.mails["unknown"]),
        name="Neukunde Maschinenbau",
        contact_first_name="Łukasz",
        contact_last_name="Dvořák",
        contact_email="dvorak@neukunde-maschinenbau.example",
    )
    assert "Neuer Kunde angelegt: Neukunde Maschinenbau." in page
    assert "Keine unbekannten Absender" in page
    assert "Angelegt aus einer Mail: Re: Anfrage" in anna.get("/customers/N-000001")
    assert "Der neue Kunde ist wieder entfernt." in anna.post("/messages/{again}/new/undo")
    anna.get("/customers/N-000001", status=404)
    assert "Łukasz Dvořák" in anna.get("/leads")


def test_unknown_senders_are_counted_truly_and_go_on_behind_the_first_page(
    own_firm: sample.Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.web.views.leads.SHOWN", 1)
    anna = Visitor(own_firm)
    first = anna.get("/leads")
    count = re.search(r'href="/leads"[^>]*>[^<]*<b class="count">(\d+)</b>', first)
    more = re.search(r'href="(/leads\?after=\d+)" rel="next"', first)
    assert count
    assert int(count[1]) == 2
    assert more
    second = anna.get(more[1])
    assert second.count('class="card review lead"') == 1
    assert f'name="next" value="{more[1]}"' in second
    assert 'rel="next"' not in second
    assert re.findall(r'id="mail-(\d+)"', first) != re.findall(r'id="mail-(\d+)"', second)


def test_an_address_without_a_page_is_told_in_the_language_of_the_account(own_firm: sample.Sample) -> None:
    with own_firm.services.pool.begin() as work:
        account = work.staff.get("anna")
        assert account is not None
        work.staff.put(replace(account, language="en"))
    assert "There is nothing at this address." in Visitor(own_firm).get("/nirgends", status=404)
    stranger = TestClient(own_firm.app, base_url="http://127.0.0.1:8470")
    answer = stranger.get("/nirgends", headers={"accept": "text/html", "accept-language": "de"})
    assert answer.status_code == 404
    assert "Unter dieser Adresse gibt es nichts." in answer.text


def test_a_supplier_leaves_the_list_and_comes_back(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    page = anna.post("/messages/{again}/sender", stance="supplier", also=str(anna.mails["unknown"]))
    assert "dvorak@neukunde-maschinenbau.example: Lieferant." in page
    assert "Keine unbekannten Absender" in page
    assert "Dieser Absender: Lieferant (Anna Arndt)" in anna.get("/messages/{unknown}")
    assert "Zurückgenommen." in anna.post("/messages/{again}/sender/undo", also=str(anna.mails["unknown"]))
    assert "2 Mails" in anna.get("/leads")
    anna.post("/messages/{again}/sender", status=400, stance="emperor")
    anna.post("/messages/{forged}/sender", status=400, stance="ignore")
    anna.post("/messages/{private}/sender", status=404, stance="ignore")


def test_a_proposal_is_accepted_dismissed_and_taken_back(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    page = anna.get("/proposals")
    accept = re.search(r"/proposals/\d+/accept", page)
    assert accept
    assert "Vogel" in page
    assert "In den Stammdaten übernommen." in anna.post(accept.group(0))
    assert "Petra Vogel" in anna.get("/customers/C1")
    assert "Zurückgenommen." in anna.post(accept.group(0).replace("accept", "undo"))
    assert "<b>Petra Vogel</b>" not in anna.get("/customers/C1")
    assert "Verworfen." in anna.post(accept.group(0).replace("accept", "dismiss"))
    assert "Das Adressbuch stimmt" in anna.get("/proposals")


def test_a_record_that_is_two_customers_is_split_and_merged_again(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    page = anna.get("/customers/C1/part")
    chosen = re.findall(r'name="(contact:[^"]+)"', page)
    assert chosen
    form: dict[str, Any] = {"name": "Söhne Transporte", chosen[0]: "on"}
    page = anna.post("/customers/C1/part", **form)
    assert "Söhne Transporte ist jetzt ein eigener Kunde" in page
    merged = re.search(r'name="merged" value="([^"]+)"', page)
    assert merged
    anna.post("/customers/C1/merge", merged=merged[1])
    assert chosen[0] in anna.get("/customers/C1/part")


def test_duplicates_are_chosen_looked_at_merged_and_split(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    assert "Seeblick Gastronomie" in anna.get("/customers/C6/merge?q=seeblick")
    assert "Das kommt von Müller & Söhne" in anna.get("/customers/C6/merge?other=C2")
    assert "45 Einträge im Verlauf" in anna.get("/customers/C6/merge?other=C2")
    page = anna.post("/customers/C6/merge", merged="C7")
    assert "Seeblick Gastronomie gehört jetzt hierher." in page
    assert "Hotel Seeblick" in anna.get("/customers/C7")
    undo = re.search(r"/merges/\d+/undo", page)
    assert undo
    assert "Wieder zwei getrennte Kunden." in anna.post(undo.group(0), next="/customers/C6")
    assert "Seeblick Gastronomie" in anna.get("/customers/C7")
    anna.post("/customers/C6/merge", status=404, merged="gibtsnicht")


def test_what_was_right_is_confirmed_from_the_sidebar(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    assert ">Stimmt</button>" in anna.get("/sidebar?message={known}")
    page = anna.post("/messages/{known}/match", customer="C1", next="/sidebar?message={known}".format(**anna.mails))
    assert "sicher: von Hand zugeordnet" in page
    assert ">Stimmt</button>" not in page
    assert "Karin Hansen, Einkauf" in page


def test_somebody_unknown_is_said_to_be_no_customer_from_the_sidebar(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    page = anna.get("/sidebar?message={unknown}")
    assert f'/messages/{anna.mails["unknown"]}/new"' in page
    assert ">Kein Kunde</button>" in page
    assert ">Kein Kunde</button>" not in anna.get("/sidebar?message={forged}")
    page = anna.post("/messages/{unknown}/sender", stance="ignore", next="/sidebar?message=1")
    assert "l.dvorak@neukunde-maschinenbau.example: Ignorieren." in page
