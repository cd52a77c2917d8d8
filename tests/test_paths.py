"""Configurations and base models are found by name, from anywhere."""

import pytest
from conftest import REPOSITORY

from feedback_lightning import paths
from feedback_lightning.errors import FeedbackError
from feedback_lightning.paths import find_base_model, find_config


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


def test_a_folder_in_the_repository_is_found_from_another_folder(tmp_path, monkeypatch):
    folder = tmp_path / "repository" / "models" / "mine"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    monkeypatch.setattr(paths, "REPOSITORY", tmp_path / "repository")
    monkeypatch.chdir(tmp_path)
    assert find_base_model("models/mine") == str(folder)


def test_folders_and_hub_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_base_model("microsoft/Phi-3-mini-4k-instruct") == "microsoft/Phi-3-mini-4k-instruct"
    (tmp_path / "mine").mkdir()
    with pytest.raises(FeedbackError, match=r"mine has no config\.json"):
        find_base_model("mine")
    (tmp_path / "mine" / "config.json").write_text("{}")
    assert find_base_model("mine") == "mine"


@pytest.mark.parametrize("name", ["./nope", "nope", "data/nope", "/a/b/c", "a/b/c"])
def test_what_is_neither_folder_nor_hub_name_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FeedbackError, match="no such folder, and not a hub name"):
        find_base_model(name)
