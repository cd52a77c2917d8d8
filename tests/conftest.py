"""The places of data and a small base model, for all tests."""

import json
import shutil
from pathlib import Path
from typing import get_args

import pytest
from small_models import small_phi3, small_tokenizer

from feedback_lightning.execution.sandbox import reason_against
from feedback_lightning.execution.schema import Tier

REPOSITORY = Path(__file__).resolve().parent.parent
REAL_DATA = REPOSITORY.parent / "shared" / "data" / "intropynus"


@pytest.fixture(scope="module", params=get_args(Tier))
def tier(request: pytest.FixtureRequest) -> Tier:
    """Each tier of isolation; skipped where it does not work."""
    if reason := reason_against(request.param):
        pytest.skip(reason)
    return request.param


@pytest.fixture
def real_data() -> Path:
    """The real student programs, which do not ship with this repository."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"the real dataset is not at {REAL_DATA}")
    return REAL_DATA


@pytest.fixture
def own_data() -> Path:
    return REPOSITORY / "data"


@pytest.fixture(scope="session")
def few_data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The own data with the first 24 triples of each problem: enough for tests that train for whole epochs."""
    folder = tmp_path_factory.mktemp("few") / "data"
    shutil.copytree(REPOSITORY / "data" / "problems", folder / "problems")
    training = json.loads((REPOSITORY / "data" / "training_raw.json").read_text())
    few = {problem: entries[:24] for problem, entries in training.items()}
    (folder / "training_raw.json").write_text(json.dumps(few))
    return str(folder)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A token cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "feedback_lightning"


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A base model folder as small as it gets: random weights, and the tokenizer of small_models."""
    folder = tmp_path_factory.mktemp("base") / "small-phi3"
    tokenizer = small_tokenizer()
    sizes = {"vocab_size": len(tokenizer), "hidden_size": 64, "intermediate_size": 128}
    small_phi3(**sizes, max_position_embeddings=2048, original_max_position_embeddings=2048).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)
