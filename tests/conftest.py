"""Small real models and the places of data, for all tests."""

import json
import shutil
from pathlib import Path
from typing import Any, get_args

import pytest
import torch

from feedback_lightning.execution.sandbox import reason_against
from feedback_lightning.execution.schema import Tier

REPOSITORY = Path(__file__).resolve().parent.parent
REAL_DATA = REPOSITORY.parent / "shared" / "data" / "intropynus"
SMALL = {
    "vocab_size": 97,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "original_max_position_embeddings": 128,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
    "initializer_range": 0.3,  # far from linear, so that mistakes show
}


def small_phi3(seed: int = 0, **changes: Any) -> Any:
    """A Phi3ForCausalLM with random weights, grouped queries and fused projections."""
    from transformers import Phi3Config, Phi3ForCausalLM

    torch.manual_seed(seed)
    return Phi3ForCausalLM(Phi3Config(**{**SMALL, **changes})).eval()


def small_llama(seed: int = 0, **changes: Any) -> Any:
    """The same sizes with separate q, k, v, gate and up projections."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    sizes = {key: value for key, value in SMALL.items() if not key.startswith("original")}
    return LlamaForCausalLM(LlamaConfig(**{**sizes, **changes})).eval()


def randomise_adapters(model: torch.nn.Module, seed: int = 1, scale: float = 0.3) -> None:
    """Give A and B values, so that the adapters do something."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        if parameter.requires_grad:
            values = torch.randn(parameter.shape, generator=generator) * scale
            parameter.data.copy_(values)


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
    """A base model folder as small as it gets: random weights, the embedded model's tokenizer."""
    from transformers import AutoTokenizer

    folder = tmp_path_factory.mktemp("base") / "small-phi3"
    tokenizer = AutoTokenizer.from_pretrained(REPOSITORY / "data" / "tiny-phi3")
    sizes = {"vocab_size": len(tokenizer), "hidden_size": 64, "intermediate_size": 128}
    small_phi3(**sizes, max_position_embeddings=2048, original_max_position_embeddings=2048).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)
