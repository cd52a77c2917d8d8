"""REdit is the mean over the repairs that pass, also when it is computed by several processes."""

import json
import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import REPOSITORY
from hypothesis import given
from hypothesis import strategies as st
from torchmetrics import MetricCollection

from feedback_lightning.metrics.redit import REdit
from feedback_lightning.metrics.rpass import RPass
from feedback_lightning.metrics.tokens import edit_distance

PROGRAMS = [f"def f(x):\n    return {' + '.join('x' * n)}\n" for n in range(1, 8)]
REPAIRS = [PROGRAMS[i] for i in (1, 0, 2, 6, 4, 4, 1)]
PASSED = [True, True, False, True, False, False, True]
DISTANCES = [edit_distance(a, b) for a, b in zip(PROGRAMS, REPAIRS, strict=True)]


def test_the_mean_over_the_repairs_that_pass():
    metric = REdit()
    metric.update(DISTANCES, PASSED)
    assert [d for d, ok in zip(DISTANCES, PASSED, strict=True) if ok] == [2, 2, 6, 10]
    assert metric.compute().item() == 5.0


def test_a_missing_repair_and_one_that_fails_have_no_say():
    metric = REdit()
    metric.update([2, None, 9], [True, False, False])
    assert metric.compute().item() == 2.0


@pytest.mark.parametrize("count", [0, 3])
def test_undefined_if_no_repair_passes(count):
    metric = REdit()
    metric.update(DISTANCES[:count], [False] * count)
    assert math.isnan(metric.compute().item())


def test_a_missing_repair_cannot_pass():
    with pytest.raises(ValueError, match="without a repair"):
        REdit().update([None], [True])


def test_sequences_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        REdit().update([1, 2], [True])


@given(st.lists(st.tuples(st.integers(0, 10**9), st.booleans()), min_size=1),
       st.integers(1, 4))  # fmt: skip
def test_the_pieces_do_not_matter_and_the_mean_is_exact(rows, pieces):
    metric = REdit()
    for piece in range(pieces):
        part = rows[piece::pieces]
        metric.update(*([row[i] for row in part] for i in range(2)))
    distances = [distance for distance, passed in rows if passed]
    if distances:
        assert metric.compute().item() == float(Fraction(sum(distances), len(distances)))
    else:
        assert math.isnan(metric.compute().item())


def test_both_metrics_in_a_collection():
    metrics = MetricCollection([RPass(), REdit()])
    metrics.update(distances=DISTANCES, passed=PASSED)
    assert {name: value.item() for name, value in metrics.compute().items()} == {"RPass": 100 * 4 / 7, "REdit": 5.0}


WORKER = """
import json, sys
import torch.distributed as dist
from feedback_lightning.metrics import REdit, RPass

rank, rendezvous, source, target = int(sys.argv[1]), *sys.argv[2:]
dist.init_process_group("gloo", init_method=rendezvous, rank=rank, world_size=2)
figures = []
for shares in json.load(open(source)):
    distances, passed = ([row[i] for row in shares[rank]] for i in range(2))
    rpass, redit = RPass(), REdit()
    rpass.update(passed)
    redit.update(distances, passed)
    figures.append([rpass.compute().item(), redit.compute().item()])
dist.destroy_process_group()
with open(target, "w") as file:
    json.dump(figures, file)
"""


def test_two_processes_agree_with_one(tmp_path: Path):
    """Uneven shares, one process in which nothing passes, one without any program."""
    rows = list(zip(DISTANCES, PASSED, strict=True))
    shares = [[rows[:1], rows[1:]], [rows[3:] + rows[:2], rows[2:3]], [rows[4:6], rows[:4] + rows[6:]], [rows, []]]
    source, targets = tmp_path / "shares.json", [tmp_path / f"{rank}.json" for rank in range(2)]
    source.write_text(json.dumps(shares))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(rank), f"file://{tmp_path}/rendezvous", str(source), str(target)],
            cwd=REPOSITORY, stderr=subprocess.PIPE, text=True,
        )
        for rank, target in enumerate(targets)
    ]  # fmt: skip
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    for target in targets:
        assert json.loads(target.read_text()) == [[100 * 4 / 7, 5.0]] * len(shares)
