"""The start page says what became of the files of watched folders."""

from datetime import UTC, datetime
from pathlib import Path

from assistant.settings import ImportFolderSettings
from storage.folder_imports import FolderImport
from tests.assistant.web import sample
from tests.assistant.web.test_pages import Visitor


def test_the_start_page_shows_the_last_results_and_errors(tmp_path: Path) -> None:
    firm = sample.build(tmp_path)
    now = datetime.now(UTC)
    folders = (ImportFolderSettings(folder="share", kind="orders"),)
    shown = firm.services.settings.model_copy(update={"import_folder": folders})
    object.__setattr__(firm.services, "settings", shown)
    with firm.services.pool.begin() as work:
        work.folder_imports.put(FolderImport("/share", "auftraege.csv", "orders", "1:1", now, new=1200, bad=1))
        refused = FolderImport("/share", "kunden.csv", "customers", "1:1", now, error_en="Odd.", error_de="Seltsam.")
        work.folder_imports.put(refused)
    page = Visitor(firm).get("/")
    for words in ("auftraege.csv", "1.200 neu", "1 Zeile fehlerhaft", "kunden.csv", "Seltsam."):
        assert words in page, words
    assert "Odd." in Visitor(firm, language="en").get("/")
    firm.services.pool.close()
