"""Loading the base model: dtypes, quantised kinds, and what is refused."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from feedback_lightning.data.tokenization import load_chat_format
from feedback_lightning.errors import FeedbackError
from feedback_lightning.modeling.base_model import explain_dtype, load_base_model, meta_model, resolve_dtype
from lora import ModelShape, count_base_parameters

CPU = torch.device("cpu")


def test_a_folder_is_a_phi3_with_chat_tokens(small_base):
    model, tokenizer = load_base_model(small_base, "auto", "none", CPU), load_chat_format(small_base).tokenizer
    assert type(model).__name__ == "Phi3ForCausalLM"
    assert model.dtype == resolve_dtype("auto", CPU)
    for token in ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<|endoftext|>"):
        assert tokenizer(token, add_special_tokens=False)["input_ids"] == [tokenizer.convert_tokens_to_ids(token)]
    text = "def f(x):\n    return x != 'ä'  # 𝛼\n"
    assert tokenizer.decode(tokenizer(text, add_special_tokens=False)["input_ids"]) == text


def test_dtypes(small_base):
    assert load_base_model(small_base, "bfloat16", "none", CPU).dtype == torch.bfloat16
    assert resolve_dtype("float32", CPU) == torch.float32


@pytest.mark.parametrize(
    ("capability", "dtype"),
    [("avx512_bf16", torch.bfloat16), ("amx_bf16", torch.bfloat16), ("bf16", torch.bfloat16), ("avx2", torch.float32)],
)
def test_auto_is_bfloat16_on_a_processor_that_multiplies_in_it(monkeypatch, capability, dtype):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {capability: True, "architecture": "x86_64"})
    assert resolve_dtype("auto", CPU) == dtype
    assert explain_dtype("auto", CPU).startswith(str(dtype).removeprefix("torch."))
    assert ("nothing" in explain_dtype("auto", CPU)) == (dtype == torch.float32)
    assert explain_dtype("float32", CPU) == "float32, as asked"


def test_auto_is_what_the_kernel_says_of_this_processor():
    flags = Path("/proc/cpuinfo")
    if not flags.exists():
        pytest.skip("no /proc/cpuinfo here")
    native = bool({"amx_bf16", "avx512_bf16", "bf16"} & set(flags.read_text().split()))
    assert resolve_dtype("auto", CPU) == (torch.bfloat16 if native else torch.float32)


def test_4_bit_weights_take_an_eighth(small_base):
    model = load_base_model(small_base, "float32", "nf4", CPU)
    weight = model.model.layers[0].self_attn.qkv_proj.weight
    assert weight.dtype == torch.uint8
    assert weight.numel() == 64 * 64 * 2 // 2  # two weights in a byte; grouped queries: 64 + 2 * 32 rows
    assert model.lm_head.weight.dtype == torch.float32


def test_4_bit_gradients_are_the_same_after_an_evaluation(small_base):
    """On some processors bitsandbytes puts its weights into another form for evaluation, which breaks training."""
    model = load_base_model(small_base, "float32", "nf4", CPU)
    model.set_attn_implementation("sdpa")
    inputs = torch.randn(1, 5, 64, requires_grad=True)

    def gradient() -> torch.Tensor:
        inputs.grad = None
        model.train()(inputs_embeds=inputs).logits.square().sum().backward()
        return inputs.grad

    before = gradient()
    with torch.no_grad():
        model.eval()(inputs_embeds=inputs.detach())
    assert torch.equal(gradient(), before)


def test_the_meta_model_has_the_sizes_and_no_weights(small_base):
    model = meta_model(small_base)
    assert {p.device.type for p in model.parameters()} == {"meta"}
    counted = sum(p.numel() for p in model.parameters())
    assert counted == count_base_parameters(ModelShape.from_config(model.config))


def test_a_hub_name_without_a_network_says_what_to_do(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(FeedbackError, match=r"nobody/no-such-model does not load.*download it elsewhere"):
        load_chat_format("nobody/no-such-model")


def changed_copy(base: str, folder: Path) -> Path:
    shutil.copytree(base, folder)
    return folder


def test_a_tokenizer_without_a_chat_template_is_refused(small_base, tmp_path):
    folder = changed_copy(small_base, tmp_path / "base")
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(FeedbackError, match="no chat template"):
        load_chat_format(str(folder))


def test_pickled_weights_are_never_read(small_base, tmp_path):
    folder = changed_copy(small_base, tmp_path / "base")
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(FeedbackError, match="does not load"):
        load_base_model(str(folder), "float32", "none", CPU)


def test_a_broken_config_is_one_message(small_base, tmp_path):
    folder = changed_copy(small_base, tmp_path / "base")
    (folder / "config.json").write_text(json.dumps({"model_type": "no-such-type"}))
    with pytest.raises(FeedbackError, match="does not load"):
        meta_model(str(folder))
