"""The settings: read once, wrong ones refused with a sentence that helps."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant import settings
from assistant.bootstrap import opened_pool
from assistant.lookup import Lookup
from rules.terms.errors import SettingsError


@pytest.fixture(autouse=True)
def _empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("KINGPOST_CONFIG", raising=False)


def write(text: str) -> Path:
    file = Path("kingpost.toml")
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    found = settings.load()
    assert found.web.bind == "127.0.0.1:8470"
    assert found.pool_url == f"sqlite:///{tmp_path}/kingpost-data/pool.sqlite"


def test_paths_belong_to_the_files_folder(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "kingpost.toml").write_text('[pool]\nblobs = "b"\n')
    assert settings.load(folder / "kingpost.toml").blobs == str(folder / "b")


def test_an_unknown_setting_is_refused_and_the_near_one_named() -> None:
    file = write('[firm]\ndomain = ["x.de"]\n')
    with pytest.raises(SettingsError, match="did you mean “domains”"):
        settings.load(file)


def test_an_unknown_setting_in_a_mailbox_is_refused_too() -> None:
    file = write('[[mailbox]]\nname = "a"\nhost = "h"\nuser = "u"\npasword_env = "X"\n')
    with pytest.raises(SettingsError, match="password_env"):
        settings.load(file)


def test_the_name_of_the_mailbox_for_files_is_not_given_away() -> None:
    file = write('[[mailbox]]\nname = "files"\nhost = "h"\nuser = "u"\n')
    with pytest.raises(SettingsError, match="“files” is kept for mail that comes by file; choose another name"):
        settings.load(file)


def test_a_senseless_value_names_the_setting_and_the_remedy() -> None:
    file = write('[firm]\ntime_zone = "Mittelerde"\n[web]\nbind = "irgendwo"\n')
    with pytest.raises(SettingsError, match="Europe/Berlin") as refusal:
        settings.load(file)
    assert "127.0.0.1:8470" in str(refusal.value)


def test_broken_toml_is_told_with_its_line() -> None:
    with pytest.raises(SettingsError, match="line 2"):
        settings.load(write('[firm]\nname = "ohne Ende\n'))


def test_a_named_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(SettingsError, match="kingpost init"):
        settings.load(Path("nirgends.toml"))


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    file = write('[web]\nbind = "127.0.0.1:1"\nsession_hours = 3\n')
    monkeypatch.setenv("KINGPOST_WEB__BIND", "127.0.0.1:2")
    found = settings.load(file)
    assert (found.web.bind, found.web.session_hours) == ("127.0.0.1:2", 3)


def test_our_own_variables_for_tests_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINGPOST_CORPUS", "somewhere")
    settings.load()


def test_a_weight_of_evidence_can_be_set_and_a_wrong_name_is_explained() -> None:
    assert settings.load(write("[matching]\nweights = { phone = 2.5 }\n")).as_firm().weights == {"phone": 2.5}
    with pytest.raises(SettingsError, match="phone"):
        settings.load(write("[matching]\nweights = { fone = 2.5 }\n"))
    with pytest.raises(SettingsError, match="sign"):
        settings.load(write("[matching]\nweights = { other-vat = 5.0 }\n"))


def test_the_shell_and_the_pages_look_with_the_same_settings() -> None:
    write('[firm]\nbusiness_hours = ["Mo-Fr 9-10"]\nholidays = "AT"\n[value]\nhorizon_days = 365\n')
    found = settings.load()
    with opened_pool(found, create=True) as pool:
        lookup = Lookup.by(found, pool)
    assert lookup.horizon_days == 365
    # Over a weekend and Austria's national holiday.
    friday, tuesday = (datetime(2026, 10, day, 9, 30, tzinfo=ZoneInfo("Europe/Berlin")) for day in (23, 27))
    assert lookup.hours.after(friday, 1) == tuesday
