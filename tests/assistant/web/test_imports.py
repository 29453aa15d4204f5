"""Tables imported in the browser: columns proposed, tried out before anything is written, every bad row told."""

import io
import re
import time
from pathlib import Path

from tests.assistant.web import sample
from tests.assistant.web.sampled import own_firm as firm
from tests.assistant.web.test_correspondents import posted
from tests.assistant.web.test_pages import Visitor

__all__ = ["firm"]

CUSTOMERS = (
    "Debitor;Firma (lang);Anschrift;PLZ;Ort;Elektr. Post;Egal\n"
    "700;Kranz Metall GmbH;Hafenstr. 5;24103;Kiel;post@kranz.example;x\n"
    "701;Zaun AG;Ring 1;20095;Hamburg;info@zaun.example;y\n"
    ";Ohne Nummer;;;;;\n"
    "10023;Hansen Metallbau GmbH;;;;;\n"
)


def sent(visitor: Visitor, kind: str, name: str, content: bytes, status: int = 200) -> str:
    """Upload a file; the page that follows."""
    answer = visitor.client.post(
        "/imports",
        data={"_csrf_token": visitor.csrf, "kind": kind},
        files={"file": (name, io.BytesIO(content))},
        follow_redirects=True,
    )
    assert answer.status_code == status, answer.text
    return answer.text


def chosen(page: str) -> dict[str, str]:
    """The form of the columns as it is sent without a change."""
    form = {}
    for name, options in re.findall(r'<select id="column-\d+" name="(column-\d+)">(.*?)</select>', page, re.DOTALL):
        found = re.search(r'value="([^"]*)" selected', options)
        form[name] = found[1] if found else ""
    return form


def path_of(page: str) -> str:
    found = re.search(r"/imports/([\w-]{22})/", page)
    assert found
    return f"/imports/{found[1]}"


def ended(visitor: Visitor, path: str) -> str:
    """The page of an import that has ended."""
    until = time.monotonic() + 30
    while "data-running" in (page := visitor.get(path)):
        assert time.monotonic() < until
        time.sleep(0.05)
    return page


def folders(firm: sample.Sample) -> list[Path]:
    """The files of all uploads."""
    return [one for one in firm.services.settings.home.rglob("uploads/*/*") if one.is_file()]


def test_a_table_is_mapped_tried_out_imported_and_deleted(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    page = sent(anna, "customers", "Kundenliste 2026.csv", CUSTOMERS.encode())
    form = chosen(page)
    assert list(form.values()) == ["customer_no", "name", "street", "zip", "city", "email", ""]
    assert "post@kranz.example" in page
    path = path_of(page)
    with firm.services.pool.read() as work:
        before = work.customers.size()
    page = posted(anna, f"{path}/preview", form)
    for words in ("3 Zeilen passen", "eine Zeile ist fehlerhaft", "Kranz Metall GmbH", "Kundennummer fehlt"):
        assert words in page, words
    with firm.services.pool.read() as work:
        assert work.customers.size() == before
    posted(anna, f"{path}/run", chosen(page))
    page = ended(anna, path)
    assert "3 neu, 0 geändert, 0 gleich, 1 fehlerhaft." in page
    assert "Kundennummer fehlt" in page
    listed = anna.client.get(f"{path}/problems")
    assert "Kundenliste 2026-zeilen.csv" in listed.headers["content-disposition"]
    assert listed.content.decode("utf-8-sig").splitlines() == ["Zeile;Grund", "4;Kundennummer fehlt"]
    with firm.services.pool.read() as work:
        kranz = work.customers.get("700")
    assert kranz is not None
    assert (kranz.name, kranz.email, kranz.zip) == ("Kranz Metall GmbH", "post@kranz.example", "24103")
    assert not [one for one in folders(firm) if one.name.startswith("table")]
    assert anna.get(f"{path}/preview", status=405)


def test_what_was_chosen_is_proposed_the_next_time(firm: sample.Sample) -> None:
    anna = Visitor(firm, language="en")
    page = sent(anna, "customers", "k.csv", CUSTOMERS.encode())
    form = chosen(page) | {"column-2": "", "column-6": "legal_form"}
    path = path_of(page)
    posted(anna, f"{path}/run", form)
    assert "3 new, 0 changed, 0 the same, 1 bad." in ended(anna, path)
    again = sent(anna, "customers", "k2.csv", CUSTOMERS.encode())
    assert chosen(again) == form
    other = sent(anna, "customers", "k3.csv", CUSTOMERS.replace("Egal", "Neu").encode())
    assert chosen(other)["column-2"] == "street"
    path = path_of(again)
    posted(anna, f"{path}/run", form)
    assert "0 new, 0 changed, 3 the same, 1 bad." in ended(anna, path)


def test_orders_are_read_with_amounts_and_days_and_unknown_customers_are_told_before(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    table = "AuftragsNr.;Kunde;Belegdatum;Netto EUR\nA-1;C1;02.11.2026;1.234,50\nA-2;C999;03.11.2026;5,00\n"
    page = sent(anna, "orders", "auftraege.csv", table.encode("cp1252"))
    assert sorted(chosen(page).values()) == ["amount", "customer_id", "date", "order_no"]
    page = posted(anna, f"{path_of(page)}/preview", chosen(page))
    assert "1.234,50" in page
    assert "C999" in page
    assert "eine Zeile passt" in page


def test_days_and_revenue_are_shown_as_the_reader_writes_them(firm: sample.Sample) -> None:
    table = b"Kundennummer;Firma;Kunde seit;Umsatz\n700;Kranz GmbH;6.3.24;82742,50\n701;Zaun AG;2019-04;1\n"
    german, english = Visitor(firm), Visitor(firm, language="en")
    page = sent(german, "customers", "k.csv", table)
    page = posted(german, f"{path_of(page)}/preview", chosen(page))
    for words in ("<td>06.03.2024</td>", "<td>82.742,50 €</td>", "<td>04.2019</td>"):
        assert words in page, words
    page = sent(english, "customers", "k.csv", table)
    page = posted(english, f"{path_of(page)}/preview", chosen(page))
    for words in ("<td>2024-03-06</td>", "<td>€82,742.50</td>"):
        assert words in page, words


def test_of_a_number_that_stands_there_twice_preview_and_result_say_the_same(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    table = "Kundennummer;Firma;Telefon\n700;Kranz GmbH;0431 1\n701;Zaun AG;0431 2\n700;Kranz;\n"
    page = sent(anna, "customers", "k.csv", table.encode())
    path = path_of(page)
    page = posted(anna, f"{path}/preview", chosen(page))
    for words in ("2 Zeilen passen", "eine Zeile ist fehlerhaft", "Kundennummer 700 steht schon in Zeile 2"):
        assert words in page, words
    posted(anna, f"{path}/run", chosen(page))
    page = ended(anna, path)
    assert "2 neu, 0 geändert, 0 gleich, 1 fehlerhaft." in page
    assert "Kundennummer 700 steht schon in Zeile 2" in page


def test_cards_need_no_columns(firm: sample.Sample) -> None:
    told = ("VERSION:3.0", "UID:v1", "FN:Karla Kranz", "N:Kranz;Karla;;;", "ORG:Hansen Metallbau GmbH")
    card = "\r\n".join(("BEGIN:VCARD", *told, "END:VCARD", ""))
    anna = Visitor(firm)
    page = sent(anna, "contacts", "karten.vcf", card.encode())
    assert "vCards haben keine Spalten" in page
    path = path_of(page)
    assert "Kranz" in anna.post(f"{path}/preview")
    anna.post(f"{path}/run")
    assert "1 neu" in ended(anna, path)


def test_what_cannot_be_imported_is_told_with_the_files_own_name(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    sent(anna, "customers", "leer.csv", b"", status=400)
    sent(anna, "nonsense", "k.csv", CUSTOMERS.encode(), status=400)
    page = sent(anna, "customers", "bild.csv", b"\x00\x01\x02" * 3000, status=400)
    assert "bild.csv" in page
    assert "uploads" not in page
    page = sent(anna, "customers", "k.csv", CUSTOMERS.encode())
    path, form = path_of(page), chosen(page)
    assert "Wählen Sie die Spalte für: Firma." in posted(anna, f"{path}/preview", form | {"column-1": ""}, 400)
    assert "zweimal gewählt" in posted(anna, f"{path}/run", form | {"column-2": "name"}, 400)
    anna.post(f"{path}/drop")
    anna.get(path, status=404)
    assert not any(one.parent.name == path.rpartition("/")[2] for one in folders(firm))


def test_uploads_are_their_owners_and_staff_import_nothing(firm: sample.Sample) -> None:
    anna, ben = Visitor(firm), Visitor(firm, "ben")
    path = path_of(sent(anna, "customers", "k.csv", CUSTOMERS.encode()))
    ben.get("/imports", status=403)
    sent(ben, "customers", "k.csv", CUSTOMERS.encode(), status=403)
    ben.get(path, status=403)
    ben.post(f"{path}/run", status=403)
    for name in ("nothing", "..%2f..%2fetc", "A" * 22):
        anna.get(f"/imports/{name}", status=404)
