"""Setting up: the code of the first start, kingpost.toml written by the program, drafts, how far reading has come."""

import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assistant.access import Access
from assistant.backfill_progress import SOON, Backfills
from assistant.drafts import LIFETIME, MOST, Draft
from assistant.finding_servers import Sources
from assistant.first_start import FirstStart
from assistant.grants import Grant
from assistant.key_changing import change_key
from assistant.mailboxes import Mailboxes
from assistant.renewal import Renewal
from assistant.setting_up import Choices, SettingUp, faults_in_firm
from assistant.settings import Settings, load
from assistant.settings_file import SettingsFile
from assistant.trying_out import Reach, Trial
from connectors.imap import FolderInfo
from rules.firm_proposals import Checker, OwnDomains
from rules.terms.errors import (
    CodeWrong,
    DraftGone,
    PasswordUnfit,
    SettingsError,
    SettingsUnwritable,
    SetUpAlready,
    TooMany,
    WrongUse,
)
from rules.terms.mail import Cursor, FolderRole, Health, HealthState, Mailbox
from rules.terms.staff import Role, Staff
from storage.pool import Pool
from storage.setup_drafts import setup_drafts
from tests.fakes import QUICK

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSWORD = "ein-langes-passwort"
ANNA = Staff("anna", "Anna", Role.ADMIN)
COMMENTED = """# Von Anna, bitte nicht umsortieren
[web]
bind = "127.0.0.1:9000"  # hinter dem Proxy

[firm]  # das sind wir
# seit 1950
name = 'Muster'
people = ["Anna Arndt"]
"""


@pytest.fixture
def pool(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    yield made
    made.close()


@pytest.fixture
def first(pool: Pool) -> FirstStart:
    return FirstStart(pool, Access(pool, hasher=QUICK))


# -- the code


def test_the_code_makes_one_administrator_however_it_is_typed(first: FirstStart, pool: Pool) -> None:
    session = first.begin(f" {first.code.lower().replace('-', ' ')} ", ANNA, PASSWORD, "192.0.2.1", NOW)
    assert Access(pool, hasher=QUICK).viewer_of_session(session, NOW) is not None
    assert not first.pending
    with pytest.raises(SetUpAlready):
        first.begin(first.code, Staff("eva", "Eva", Role.ADMIN), PASSWORD, "192.0.2.1", NOW)


@pytest.mark.parametrize("typed", ["", "AAAA-BBBB-CCCC", "é" * 12, "\x00"])
def test_another_code_makes_nobody(first: FirstStart, pool: Pool, typed: str) -> None:
    with pytest.raises(CodeWrong):
        first.begin(typed, ANNA, PASSWORD, "192.0.2.1", NOW)
    with pool.read() as work:
        assert work.staff.all() == []


def test_guessing_is_slowed_down(first: FirstStart) -> None:
    for _ in range(5):
        with pytest.raises(CodeWrong):
            first.begin("BBBB-BBBB-BBBB", ANNA, PASSWORD, "192.0.2.1", NOW)
    with pytest.raises(TooMany):
        first.begin(first.code, ANNA, PASSWORD, "192.0.2.1", NOW)
    assert first.begin(first.code, ANNA, PASSWORD, "192.0.2.1", NOW + timedelta(minutes=16))


def test_codes_differ_and_are_long(pool: Pool) -> None:
    codes = {FirstStart(pool, Access(pool, hasher=QUICK)).code for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code.replace("-", "")) == 12 for code in codes)


def test_an_unfit_password_keeps_the_code_good(first: FirstStart) -> None:
    with pytest.raises(PasswordUnfit):
        first.begin(first.code, ANNA, "kurz", "192.0.2.1", NOW)
    assert first.pending


def test_an_administrator_made_by_command_ends_the_code(first: FirstStart, pool: Pool) -> None:
    Access(pool, hasher=QUICK).add(ANNA, PASSWORD)
    with pytest.raises(SetUpAlready):
        first.begin(first.code, Staff("eva", "Eva", Role.ADMIN), PASSWORD, "192.0.2.1", NOW)


def test_of_two_at_once_one_becomes_administrator(pool: Pool) -> None:
    access = Access(pool, hasher=QUICK)
    made: list[str] = []

    def make(login: str) -> None:
        try:
            access.add_first(Staff(login, login, Role.ADMIN), PASSWORD)
            made.append(login)
        except SetUpAlready:
            pass

    threads = [threading.Thread(target=make, args=(f"admin{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pool.read() as work:
        assert [staff.login for staff in work.staff.all()] == made
    assert len(made) == 1


# -- kingpost.toml


def test_comments_order_and_what_is_not_asked_stay(tmp_path: Path) -> None:
    path = tmp_path / "kingpost.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    path.chmod(0o600)
    settings = SettingsFile(path).change("firm", {"name": "Muster GmbH", "domains": ["muster.example"], "city": ""})
    text = path.read_text(encoding="utf-8")
    for kept in ("# Von Anna", "# hinter dem Proxy", "# das sind wir", "# seit 1950", 'people = ["Anna Arndt"]'):
        assert kept in text
    assert text.index("[web]") < text.index("[firm]")
    assert "city" not in text
    assert settings.firm.name == load(path).firm.name == "Muster GmbH"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["kingpost.toml"]


def test_what_is_new_stands_before_the_next_tables_comment(tmp_path: Path) -> None:
    path = tmp_path / "kingpost.toml"
    path.write_text("[firm]\n\n# Die Werkstatt\n[web]\nsession_hours = 3\n", encoding="utf-8")
    SettingsFile(path).change("firm", {"name": "Muster"})
    SettingsFile(path).change("firm", {"city": "Köln", "domains": ["a.example"]})
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    assert lines == [
        "[firm]",
        'name = "Muster"',
        'city = "Köln"',
        'domains = ["a.example"]',
        "# Die Werkstatt",
        "[web]",
        "session_hours = 3",
    ]


@given(
    st.lists(
        st.sampled_from(["# Kommentar", "", "name = 'A'", "[web]", "[[mailbox]]", "[pool]", "[firm]"]), unique=True
    ),
    st.dictionaries(st.sampled_from(["name", "city", "phone"]), st.sampled_from(["", "x", "Ä"])),
)
def test_whatever_stands_there_the_change_is_what_was_asked_for(lines: list[str], values: dict[str, str]) -> None:
    import tempfile
    import tomllib

    text = "\n".join(lines).replace("[[mailbox]]", "[[mailbox]]\nname = 'm'\nhost = 'h'\nuser = 'u'")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kingpost.toml"
        path.write_text(text, encoding="utf-8")
        try:
            before = tomllib.loads(text)
            load(path)
        except (tomllib.TOMLDecodeError, SettingsError):
            return
        SettingsFile(path).change("firm", values)
        after = tomllib.loads(path.read_text(encoding="utf-8"))
        firm = {**before.pop("firm", {}), **values}
        assert after.pop("firm", {}) == {name: value for name, value in firm.items() if value or name not in values}
        assert after == before
        assert path.read_text(encoding="utf-8").count("# Kommentar") == text.count("# Kommentar")


def test_a_new_file_says_what_there_is(tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "kingpost.toml").change("firm", {"name": 'Müller "& Söhne"\\n'})
    assert settings.firm.name == 'Müller "& Söhne"\\n'
    assert "docs/configuration.md" in (tmp_path / "kingpost.toml").read_text(encoding="utf-8")


def test_what_cannot_be_meant_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kingpost.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    with pytest.raises(SettingsError):
        SettingsFile(path).change("firm", {"time_zone": "Mond/Krater"})
    assert path.read_text(encoding="utf-8") == COMMENTED
    path.write_text("[firm]\nnmae = 'x'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"kingpost\.toml"):
        SettingsFile(path).change("firm", {"name": "x"})
    assert [path.name for path in tmp_path.iterdir()] == ["kingpost.toml"]


def test_a_folder_that_must_not_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsUnwritable, match=r"kingpost\.toml"):
        SettingsFile(tmp_path / "nirgends" / "kingpost.toml").change("firm", {"name": "x"})


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "kingpost.toml"
    real.write_text(COMMENTED, encoding="utf-8")
    link.symlink_to(real)
    SettingsFile(link).change("firm", {"name": "Neu"})
    assert link.is_symlink()
    assert load(real).firm.name == "Neu"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_name_comes_back_as_it_was_written(name: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = SettingsFile(Path(folder) / "kingpost.toml")
        file.change("firm", {"name": "vorher"})
        assert file.change("firm", {"name": name}).firm.name == name


def test_faults_are_named_by_their_fields() -> None:
    said = {"time_zone": "Mond", "business_hours": ("Mo 9-8",), "holidays": "XX", "language": "fr"}
    assert faults_in_firm(Settings(), said) == set(said)
    assert not faults_in_firm(Settings(), {"name": "x", "time_zone": "Europe/Vienna", "business_hours": ("Mo 8-9",)})


# -- beginning anew


def test_no_watcher_begins_between_a_change_and_the_next_life() -> None:
    renewal, begun = Renewal(), list[int]()
    renewal.unless_due(lambda: begun.append(1))
    with pytest.raises(ValueError, match="x"), renewal.asked():
        raise ValueError("x")
    assert not renewal.due
    with renewal.asked():
        pass
    renewal.unless_due(lambda: begun.append(2))
    assert (renewal.due, begun) == (True, [1])


# -- drafts


def setting_up(pool: Pool, folder: Path, **firm: object) -> SettingUp:
    settings = Settings.model_validate({"home": folder, "firm": firm})
    mailboxes = Mailboxes(settings, pool)
    nobody = Sources(lambda name: [], lambda domain: [], lambda address: None)
    made = SettingUp(settings, pool, Access(pool, hasher=QUICK), mailboxes, None, nobody)  # type: ignore[arg-type]
    made.bind(SettingsFile(folder / "kingpost.toml"))
    return made


def draft_that_was_tried(house: SettingUp) -> Draft:
    draft = house.begin("Info@Muster.example", "anna", NOW)
    inbox = FolderInfo("INBOX", FolderRole.INBOX, 7)
    draft.secret = "geheim-17"
    draft.trial = Trial((inbox,), (), (Reach(None, None, {"INBOX": 7}, 0.01),), "idle", {})
    draft.own, draft.checker = OwnDomains(("muster.example",)), Checker()
    house._drafts.keep(draft, NOW)
    return draft


@pytest.mark.parametrize("address", ["", "info", "info@", "a b@muster.example", "x" * 300 + "@muster.example", "a\n@b"])
def test_what_is_no_address_is_said(pool: Pool, tmp_path: Path, address: str) -> None:
    with pytest.raises(WrongUse):
        setting_up(pool, tmp_path).begin(address, "anna", NOW)


def test_a_draft_is_its_makers_and_lasts_an_hour(pool: Pool, tmp_path: Path) -> None:
    house = setting_up(pool, tmp_path)
    draft = house.begin("info@muster.example", "anna", NOW)
    assert house.draft(draft.id, "anna", NOW) == draft
    for login, when in (("eva", NOW), ("anna", NOW + LIFETIME)):
        with pytest.raises(DraftGone):
            house.draft(draft.id, login, when)
    assert "geheim" not in repr(draft)


def test_another_process_goes_on_with_what_was_begun_and_once_only(url: str, tmp_path: Path) -> None:
    blobs = str(tmp_path / "blobs")
    with closing(Pool.create(url, blobs)) as here, closing(Pool.open(url, blobs)) as there:
        one, other = setting_up(here, tmp_path), setting_up(there, tmp_path)
        draft = draft_that_was_tried(one)
        same = other.draft(draft.id, "anna", NOW)
        assert same == draft
        assert same.secret == "geheim-17"
        # A new key seals what is under way, too.
        change_key(Settings.model_validate({"home": tmp_path}), here, settled=0)
        assert other.draft(draft.id, "anna", NOW) == draft
        other.finish(same, ["muster.example"], [], "", NOW)
        with pytest.raises(WrongUse):  # the name is taken
            one.finish(draft, ["muster.example"], [], "", NOW)
        with pytest.raises(DraftGone):
            one.finish(replace_name(draft), ["muster.example"], [], "", NOW)
        with pytest.raises(DraftGone):
            one.draft(draft.id, "anna", NOW)
        assert [box.name for box in Mailboxes(load(tmp_path / "kingpost.toml"), here).all()] == ["info"]


def replace_name(draft: Draft) -> Draft:
    return replace(draft, mailbox=replace(draft.mailbox, name="anders"))


def test_of_what_is_under_way_nothing_can_be_read_in_the_pool_or_a_dump(pool: Pool, tmp_path: Path) -> None:
    house = setting_up(pool, tmp_path)
    draft_that_was_tried(house)
    with pool._reading() as connection:
        (row,) = connection.execute(select(setup_drafts)).all()
    assert b"muster" not in row.sealed
    assert "setup_drafts" not in "".join(pool.dump())


def test_what_another_key_sealed_is_gone(pool: Pool, tmp_path: Path) -> None:
    draft = draft_that_was_tried(setting_up(pool, tmp_path))
    Path(tmp_path / "kingpost-data" / "secrets.key").unlink()
    with pytest.raises(DraftGone):
        setting_up(pool, tmp_path).draft(draft.id, "anna", NOW)


def test_a_name_that_no_letters_can_spell_is_kept(pool: Pool, tmp_path: Path) -> None:
    house = setting_up(pool, tmp_path)
    draft = draft_that_was_tried(house)
    folder = FolderInfo("Ablage \ud800\x00", FolderRole.INBOX, 7, raw=b"\xff\x00")
    draft.trial = Trial((folder,), (), (), "idle", {})
    draft.secret = Grant("google", refresh="r-1")
    house._drafts.keep(draft, NOW)
    assert house.draft(draft.id, "anna", NOW) == draft


def test_only_so_many_are_kept_the_newest(pool: Pool, tmp_path: Path) -> None:
    house = setting_up(pool, tmp_path)
    moments = [NOW + timedelta(seconds=number) for number in range(MOST + 2)]
    made = [house.begin("info@muster.example", "anna", moment) for moment in moments]
    with pytest.raises(DraftGone):
        house.draft(made[1].id, "anna", moments[-1])
    assert house.draft(made[2].id, "anna", moments[-1]) == made[2]


def test_what_is_confirmed_is_written_together(pool: Pool, tmp_path: Path) -> None:
    house = setting_up(pool, tmp_path)
    draft = draft_that_was_tried(house)
    house.finish(draft, ["muster.example"], [], "mx.muster.example", NOW)
    assert house.renewal.due
    settings = load(tmp_path / "kingpost.toml")
    assert (settings.firm.domains, settings.firm.authserv_id) == (("muster.example",), "mx.muster.example")
    mailboxes = Mailboxes(settings, pool)
    assert mailboxes.login(mailboxes.get("info")) == "geheim-17"
    assert "geheim-17" not in (tmp_path / "kingpost.toml").read_text(encoding="utf-8")
    with pytest.raises(DraftGone):
        house.draft(draft.id, "anna", NOW)


def test_where_the_file_cannot_be_written_there_is_no_mailbox_either(pool: Pool, tmp_path: Path) -> None:
    house = setting_up(pool, tmp_path)
    house.bind(SettingsFile(tmp_path / "nirgends" / "kingpost.toml"))
    draft = draft_that_was_tried(house)
    with pytest.raises(SettingsUnwritable):
        house.finish(draft, ["muster.example"], [], "", NOW)
    with pool.read() as work:
        assert work.mailboxes.all() == []
    assert not house.renewal.due
    assert house.draft(draft.id, "anna", NOW) == draft


def test_a_second_mailbox_of_the_same_firm_begins_nothing_anew(pool: Pool, tmp_path: Path) -> None:
    house = setting_up(pool, tmp_path, domains=["muster.example"])
    house.finish(draft_that_was_tried(house), ["muster.example"], [], "", NOW)
    assert not house.renewal.due
    assert not (tmp_path / "kingpost.toml").exists()
    with pool.read() as work:
        assert [mailbox.name for mailbox in work.mailboxes.all()] == ["info"]


def test_a_taken_name_or_a_missing_folder_is_said_before_anything_is_read(pool: Pool, tmp_path: Path) -> None:
    house = setting_up(pool, tmp_path)
    draft = draft_that_was_tried(house)
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("info", host="h", user="u"))
    fine = Choices("neu", None, frozenset(), (), "", None)
    for wrong in (
        Choices("info", None, frozenset(), (), "", None),
        Choices("files", None, frozenset(), (), "", None),
        Choices("", None, frozenset(), (), "", None),
        Choices("neu", None, frozenset(), ("Gibt es nicht",), "", None),
        Choices("neu", None, frozenset(), ("INBOX",), "", None),
    ):
        with pytest.raises(WrongUse):
            house.choose(draft, wrong, NOW)
    house.choose(draft, fine, NOW)
    assert (draft.mailbox.name, draft.mailbox.expected) == ("neu", 7)


# -- how far reading has come


def test_reading_is_over_when_the_pool_says_so_not_the_server(pool: Pool) -> None:
    mailbox = Mailbox("info", host="h", user="u", expected=100)
    with pool.begin() as work:
        work.mailboxes.put(mailbox)
        work.mailboxes.set_health("info", Health(HealthState.WATCHING, NOW))
    backfills = Backfills(pool)
    assert not backfills.of(mailbox, NOW).over
    with pool.begin() as work:
        work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(1, 9, 9, None, 4, 9))
    progress = backfills.of(mailbox, NOW + timedelta(seconds=2 * SOON))
    assert (progress.over, progress.done, progress.expected, progress.seconds) == (False, 0, 100, None)
    with pool.begin() as work:
        work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(1, 9, 9, None, 9, 9))
    assert backfills.of(mailbox, NOW).over
