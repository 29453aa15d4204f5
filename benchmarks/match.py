"""How well and how fast senders are matched to customers, through the product's own command line.

    python -m benchmarks.match --set ../shared/matching [--scorer SCRIPT] [--filler 4000] [--keep PREDICTIONS]

A set is a folder: customers.csv, contacts.csv, references.csv (as `kingpost import` takes them), threads.csv (mails of
ours: message_id, customer_id, contact_id, subject, sent), own.json (who we are), mails.jsonl ({id, headers, body}) and
truth.jsonl, which only the scorer reads. In a temporary folder the firm is set up, the records are imported, our own
mails are ingested as sent ones, and the mails are explained; what `explain --json` says is what is scored.

CPU is that of matching alone, between reading and storing, the best of several rounds over the same mails.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from assistant.deciding import decide, draft_of
from assistant.reader_worker import ReadMail
from assistant.settings import Settings, load
from connectors.mime import pack, read
from rules import reading
from rules.terms.mail import FolderRole, Placement, RawMail
from storage.pool import Pool

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("customers", "contacts", "references")
BATCH = 100
ROUNDS = 3
# Names and towns of the further customers that make a pool larger; any three of them make a firm.
FIRST = (
    "Amsel Birke Dachs Eiche Fichte Ginster Habicht Iltis Jasmin Kiebitz Luchs Marder Nelke Otter Pirol Quitte".split()
)
SECOND = (
    "Brunner Dahlke Ehlers Fuhrmann Gerlach Hansen Jansen Kessler Lorenz Matthes Nowak Paulsen Reimers Sander".split()
)
TRADE = (
    "Logistik Metallbau Druckerei Gartenbau Elektrotechnik Software Tischlerei Brauerei Werkzeuge Fensterbau".split()
)
TOWNS = (
    ("20095", "Hamburg"),
    ("01067", "Dresden"),
    ("44135", "Dortmund"),
    ("90402", "Nürnberg"),
    ("65183", "Wiesbaden"),
)


def main() -> int:
    """Run the comparison and print it."""
    options = _options()
    folder: Path = options.set.resolve()
    with tempfile.TemporaryDirectory(prefix="kingpost-match-") as home:
        place = Path(home)
        own = json.loads((folder / "own.json").read_text(encoding="utf-8"))
        (place / "kingpost.toml").write_text(_toml(own), encoding="utf-8")
        _kingpost(place, "init")
        for kind in _tables(options.filler, place, folder):
            _kingpost(place, "import", *kind)
        _kingpost(place, "ingest", "--sent", str(_sent(place, folder, own)))
        mails = [json.loads(line) for line in (folder / "mails.jsonl").open(encoding="utf-8")]
        files = _written(place / "mails", mails)
        said = _kingpost(place, "explain", "--json", *map(str, files))
        predictions = options.keep or place / "predictions.jsonl"
        _predict(said, mails, predictions)
        scorer = options.scorer or next(folder.glob("score*.py"), ROOT / "benchmarks" / "match_score.py")
        subprocess.run(
            [sys.executable, scorer, folder / "truth.jsonl", predictions, "--per-situation", "--errors", "20"],
            check=True,
        )
        _print_speed(place, files)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, required=True, help="folder with records, mails and truth")
    parser.add_argument(
        "--scorer",
        type=Path,
        help="script that compares truth and predictions (default: the set's own, else match_score.py)",
    )
    parser.add_argument("--filler", type=int, default=0, help="further customers that make the pool larger")
    parser.add_argument("--keep", type=Path, help="where to leave the predictions")
    return parser.parse_args()


def _toml(own: Mapping[str, Any]) -> str:
    """The settings of the set's firm."""
    domains = set(own["domains"])
    staff = [addr for _, addr in own.get("staff", ()) if addr.rpartition("@")[2] not in domains]
    values = {
        "name": own["name"],
        "domains": own["domains"],
        "authserv_id": own["authserv_id"],
        "phone": own.get("phone", ""),
        "vat_id": own.get("vat_id", ""),
        "city": own.get("city", ""),
        "staff": staff,
        "people": [name for name, _ in own.get("staff", ())],
        "web_form_senders": _listed(own.get("webform_sender")),
        "fax_gateways": _listed(own.get("fax_gateway")),
        "trusted_arc": _listed(own.get("trusted_arc")),
    }
    # A JSON string or list of strings is one in TOML too.
    return "[firm]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def _listed(value: str | Sequence[str] | None) -> list[str]:
    return [] if not value else [value] if isinstance(value, str) else list(value)


def _tables(filler: int, place: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """What is imported: the set's records, and further ones."""
    for kind in KINDS:
        yield kind, str(folder / f"{kind}.csv")
    if filler:
        yield "customers", str(_filler(place / "filler.csv", filler))


def _filler(file: Path, count: int) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(
            "customer_id customer_no kind name legal_form street zip city country phone email domain".split()
        )
        for number in range(count):
            first, second, trade = (
                words[number // size % len(words)] for words, size in ((FIRST, 1), (SECOND, 16), (TRADE, 224))
            )
            code, town = TOWNS[number % len(TOWNS)]
            domain = f"{first}-{second}-{number}.example".lower()
            row = (
                f"F{number}",
                f"F-{number}",
                "firm",
                f"{first} {second} {trade}",
                "GmbH",
                f"Ring {number}",
                code,
                town,
            )
            table.writerow((*row, "DE", f"+49 40 {7_000_000 + number}", f"info@{domain}", domain))
    return file


def _kingpost(place: Path, *arguments: str) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "assistant", "--config", str(place / "kingpost.toml"), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "KINGPOST_PASSWORD": "long enough for a test"}
    done = subprocess.run(command, env=environment, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"kingpost {' '.join(arguments[:2])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _sent(place: Path, folder: Path, own: Mapping[str, Any]) -> Path:
    """Our own mails, one for each line of threads.csv, to an address by which the customer is known.

    Those to a customer of whom no address is known are left out: nobody could have sent them.
    """
    addresses = _addresses(folder)
    sender = own["staff"][0][1] if own.get("staff") else f"info@{own['domains'][0]}"
    there = place / "sent"
    there.mkdir()
    with (folder / "threads.csv").open(encoding="utf-8", newline="") as rows:
        for number, row in enumerate(csv.DictReader(rows)):
            addressee = addresses.get(row["contact_id"]) or addresses.get(row["customer_id"])
            if addressee is None:
                continue
            mail = EmailMessage()
            mail["From"], mail["To"] = sender, addressee
            mail["Subject"], mail["Message-ID"] = row["subject"], row["message_id"]
            mail["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.strptime(row["sent"], "%Y-%m-%dT%H:%M:%S"))
            mail.set_content("…")
            (there / f"{number}.eml").write_bytes(mail.as_bytes())
    return there


def _addresses(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, key in (("contacts", "contact_id"), ("contacts", "customer_id"), ("customers", "customer_id")):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as rows:
            found |= {row[key]: row["email"] for row in csv.DictReader(rows) if row["email"]}
    return found


def _written(there: Path, mails: Sequence[Mapping[str, Any]]) -> list[Path]:
    there.mkdir()
    files = []
    for mail in mails:
        head = [f"{name}: {value}" for name, value in mail["headers"]]
        if not any(name.lower() == "content-type" for name, _ in mail["headers"]):
            head += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
        text = "\n".join((*head, "", mail["body"])).replace("\r\n", "\n").replace("\n", "\r\n")
        files.append(there / f"{mail['id']}.eml")
        files[-1].write_bytes(text.encode())
    return files


def _predict(said: str, mails: Sequence[Mapping[str, Any]], out: Path) -> None:
    with out.open("w", encoding="utf-8") as lines:
        for mail, line in zip(mails, said.splitlines(), strict=True):
            match = json.loads(line)["match"]
            kept = ("action", "customer", "contact", "candidates", "spoof", "confidence")
            prediction = {"id": mail["id"], **{key: match[key] for key in kept}}
            prediction["evidence"] = [f"{one['reason']}: {one['quote']} {one['weight']:+}" for one in match["evidence"]]
            lines.write(json.dumps(prediction, ensure_ascii=False) + "\n")


def _print_speed(place: Path, files: Sequence[Path]) -> None:
    settings: Settings = load(place / "kingpost.toml")
    firm = settings.as_firm()
    sources = [RawMail(file.read_bytes(), Placement("files", "files")) for file in files]
    parsed = [read(source.raw) for source in sources]
    mails = [
        ReadMail(one.message, reading.read(one.message, firm), pack(source.raw), ())
        for one, source in zip(parsed, sources, strict=True)
    ]
    pool = Pool.open(settings.pool_url, settings.blobs)
    try:
        best = min(_matching_seconds(pool, mails, sources, firm) for _ in range(ROUNDS))
        with pool.read() as work:
            size = work.customers.size()
    finally:
        pool.close()
    print(f"\n{size} customers, {len(files)} mails: {1000 * best / len(files):.2f} ms CPU a mail in matching")


def _matching_seconds(pool: Pool, mails: Sequence[ReadMail], sources: Sequence[RawMail], firm: Any) -> float:
    begun = time.process_time()
    with pool.read() as work:
        for start in range(0, len(mails), BATCH):
            chunk = zip(mails[start : start + BATCH], sources[start : start + BATCH], strict=True)
            decide(work, [draft_of(mail, source, FolderRole.OTHER, firm) for mail, source in chunk])
    return time.process_time() - begun


if __name__ == "__main__":
    raise SystemExit(main())
