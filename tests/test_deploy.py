"""The units for systemd: what they start is there, and systemd finds nothing wrong with them."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import app

DEPLOY = Path(__file__).parents[1] / "deploy"
PROGRAM = "/opt/kingpost/bin/kingpost"


def command(unit: Path) -> list[str]:
    """What a unit starts, behind the program's name."""
    (line,) = (line for line in unit.read_text(encoding="utf-8").splitlines() if line.startswith("ExecStart="))
    return shlex.split(line.rpartition(PROGRAM)[2].rstrip("'"))


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda unit: unit.name)
def test_what_a_unit_starts_is_a_command_of_ours(unit: Path) -> None:
    name, *options = command(unit)
    said = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output
    assert all(option in said for option in options if option.startswith("--"))


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for unit in DEPLOY.iterdir():
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        # A template is looked at as one of its instances.
        (tmp_path / unit.name.replace("@.", "@web.")).write_text(text, encoding="utf-8")
    if shutil.which("systemd-analyze"):
        verify = ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))]
        done = subprocess.run(verify, capture_output=True, text=True, check=False, timeout=60)
        ours = [line for line in done.stderr.splitlines() if "kingpost" in line]
        assert (done.returncode, ours) == (0, [])


def test_every_unit_that_runs_kingpost_keeps_it_in_its_folder() -> None:
    for unit in DEPLOY.glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        for line in (
            "User=kingpost",
            "ProtectSystem=strict",
            "NoNewPrivileges=yes",
            "CapabilityBoundingSet=\n",
            "UMask=0077",
        ):
            assert line in text, unit.name
