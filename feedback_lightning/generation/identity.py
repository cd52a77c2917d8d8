"""A model's name by content: the same weights, adapters and tokenizer get the same one, wherever they lie."""

import hashlib
import json
from typing import Any

import torch
from torch import Tensor

from lora import adapter_state_dict, lora_layers

SAMPLED = 256  # values looked at in each parameter of the base, about
NOT_CONTENT = ("_name_or_path", "transformers_version", "use_cache")


def model_fingerprint(model: Any, tokenizer: Any) -> str:
    """16 hexadecimal digits.

    The adapters count in full. Of each parameter of the base, name, shape, dtype and SAMPLED values spread over it
    count, so that a large model takes a moment; another training of the base shows in them.
    """
    digest = hashlib.sha256()
    config = {key: value for key, value in model.config.to_dict().items() if key not in NOT_CONTENT}
    digest.update(json.dumps(config, sort_keys=True, default=str).encode())
    adapters = adapter_state_dict(model)
    for name, tensor in model.named_parameters():
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}".encode())
        digest.update(_bytes(tensor if name in adapters else _spread(tensor)))
    for path, layer in lora_layers(model):
        blocks = [(adapter.rows, adapter.scaling) for adapter in layer.blocks()]
        digest.update(f"{path} {blocks} {layer.merged}".encode())
    digest.update(_tokenizer_content(tokenizer).encode())
    return digest.hexdigest()[:16]


def _spread(tensor: Tensor) -> Tensor:
    return tensor.reshape(-1)[:: max(1, tensor.numel() // SAMPLED)]


def _bytes(tensor: Tensor) -> bytes:
    return tensor.detach().reshape(-1).contiguous().view(torch.uint8).cpu().numpy().tobytes()


def _tokenizer_content(tokenizer: Any) -> str:
    """What maps text to ids and back, and the template. Padding and truncation change with use and do not count."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    content = json.loads(backend.to_str()) if backend else {"vocabulary": tokenizer.get_vocab()}
    content = {key: value for key, value in content.items() if key not in ("padding", "truncation")}
    return json.dumps([content, tokenizer.chat_template], sort_keys=True)
