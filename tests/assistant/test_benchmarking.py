"""`kingpost benchmark` measures this machine, and touches nothing of an installation on it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
def test_it_measures_in_a_pool_of_its_own_with_a_reference_for_each_figure(tmp_path: Path) -> None:
    here = os.environ | {"PYTHONPATH": str(ROOT), "KINGPOST_POOL__URL": f"sqlite:///{tmp_path}/real.sqlite"}
    command = [sys.executable, "-m", "assistant", "benchmark", "--mails", "120", "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=here, capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["mails"] == 120
    figures = {figure["name"]: figure for figure in found["figures"]}
    assert figures.keys() == {"mail_cpu", "mail_rate", "summary_p50", "summary_p99", "disk"}
    for name, figure in figures.items():
        assert figure["value"] > 0
        if name != "disk":
            assert figure["ratio"] == pytest.approx(figure["value"] / figure["reference"])
    assert figures["summary_p50"]["value"] <= figures["summary_p99"]["value"]
    assert list(tmp_path.iterdir()) == []
