"""Configurations and base models are found by name, from anywhere."""

import pytest
from conftest import REPOSITORY

from feedback_lightning.errors import FeedbackError
from feedback_lightning.paths import find_config


def test_a_config_as_given_comes_before_configs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_config("r64.yaml") == find_config("r64") == REPOSITORY / "configs" / "r64.yaml"
    (tmp_path / "r64.yaml").write_text("{}")
    assert find_config("r64.yaml").resolve() == tmp_path / "r64.yaml"


def test_an_unknown_config_lists_what_there_is():
    with pytest.raises(
        FeedbackError, match=r"--config r65\.yaml: no such file .* hints\.yaml, merged\.yaml, phi3\.yaml, r16\.yaml"
    ):
        find_config("r65.yaml")
