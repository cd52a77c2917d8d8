"""The bar stays away from short work and from pipes."""

import pytest

from feedback_lightning import progress
from feedback_lightning.progress import LateProgress


@pytest.mark.parametrize(("patience", "bars"), [(3600.0, 0), (-1.0, 1)])
def test_the_bar_appears_when_patience_ends(monkeypatch, patience, bars):
    monkeypatch.setattr(progress, "PATIENCE", patience)
    with LateProgress() as bar:
        bar.add_task("counting", total=3)
        assert len(list(bar.get_renderables())) == bars


def test_a_pipe_gets_no_bar(monkeypatch, capfd):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    with LateProgress() as bar:
        bar.advance(bar.add_task("counting", total=3), 3)
    assert capfd.readouterr() == ("", "")
