"""Replies are those of transformers' own generate, token for token, whatever the batch, the order and the guesses."""

import gc
import random
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_decoding import changed_reply, greedy_reply, greedy_tokens, prompt_ids, sampled_reply
from small_models import having_learnt, randomise_adapters, small_llama, small_phi3, small_tokenizer

from feedback_lightning.data.chat_format import ChatFormat
from feedback_lightning.data.packing import TokenizedExample
from feedback_lightning.data.readers import read_evaluation, read_problems
from feedback_lightning.data.tokenization import tokenize
from feedback_lightning.errors import FeedbackError
from feedback_lightning.generation import local
from feedback_lightning.generation.cache import KeyValues
from feedback_lightning.generation.local import LocalGenerator, context_length
from feedback_lightning.generation.schema import Request
from feedback_lightning.modeling import attention
from feedback_lightning.modeling.base_model import load_base_model
from feedback_lightning.prompts import Example, repair_completion, repair_prompt
from lora import LoRAConfig, inject

CPU = torch.device("cpu")
TOKENIZER = small_tokenizer()
CHAT = ChatFormat(TOKENIZER)
CONTEXT = 256
SIZES = {
    "vocab_size": len(TOKENIZER),
    "max_position_embeddings": CONTEXT,
    "eos_token_id": TOKENIZER.eos_token_id,
}


def with_adapters(model: Any) -> Any:
    inject(model, LoRAConfig(rank=4, alpha=8, targets=("q_proj", "v_proj", "gate_proj"), dropout=0.5))
    randomise_adapters(model)
    return model


def partial_rotary() -> Any:
    rope = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5}
    return small_phi3(**SIZES, rope_parameters=rope)


MODELS = {
    "phi3": lambda: small_phi3(**SIZES),  # grouped queries
    "phi3 with a sliding window": lambda: small_phi3(**SIZES, sliding_window=20),
    "phi3 with partial rotary embedding": partial_rotary,
    "phi3 with adapters": lambda: with_adapters(small_phi3(**SIZES)),
    "llama": lambda: small_llama(**SIZES),
    "llama with adapters": lambda: with_adapters(small_llama(**SIZES)),
}
WORDS = ("def f(x):", "return x", "for i in range(n):", "    ", "\n", "total += i", "Repair", "[FIXED]", "é", "")


def ask(*contents: str, temperature: float = 0.0) -> list[Request]:
    return [Request([{"role": "user", "content": text}], temperature, i) for i, text in enumerate(contents)]


def all_replies(generator: LocalGenerator, requests: list[Request]) -> list[Any]:
    replies = dict(generator.replies(requests))
    assert sorted(replies) == list(range(len(requests)))
    return [replies[i] for i in range(len(requests))]


TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
FEW = ask("def f(x):\n    return x", "def f(x):\n    return y", "Hello", "def f(x):\n    return x")


@pytest.mark.parametrize("name", MODELS)
def test_greedy_replies_are_those_of_generate(name):
    model = MODELS[name]()
    plain = [greedy_reply(model.eval(), TOKENIZER, request, 24) for request in FEW]
    for batch_size, lookup in ((1, False), (1, True), (3, False), (8, True)):
        assert all_replies(LocalGenerator(model, CHAT, 24, batch_size, lookup), FEW) == plain


class KnowsTheReply:
    """In PromptLookup's place: guesses of any length, with a wrong token in every `wrong`-th place."""

    def __init__(self, reply: list[int], wrong: int) -> None:
        self.reply, self.wrong, self.done = reply, wrong, 0
        self.random = random.Random(wrong)

    def extend(self, tokens: list[int]) -> None:
        rest = self.reply[self.done :]  # a guess may go on behind the end of the reply
        assert tokens[: len(rest)] == rest[: len(tokens)]
        self.done += len(tokens)

    def guess(self, limit: int) -> list[int]:
        guess = enumerate(self.reply[self.done :][: min(limit, self.random.randrange(9))], self.done)
        return [token ^ 1 if i % self.wrong == 0 else token for i, token in guess]


@pytest.mark.parametrize("wrong", [1, 2, 5, 1000])
@pytest.mark.parametrize("name", MODELS)
def test_guesses_change_nothing_right_or_wrong(name, wrong, monkeypatch):
    model = MODELS[name]().eval()
    plain = [greedy_reply(model, TOKENIZER, request, 24) for request in FEW]
    known = {tuple(prompt_ids(TOKENIZER, request)): greedy_tokens(model, TOKENIZER, request, 24) for request in FEW}
    monkeypatch.setattr(local, "PromptLookup", lambda prompt: KnowsTheReply(known[tuple(prompt)], wrong))
    generator = LocalGenerator(model, CHAT, 24, batch_size=3)
    assert all_replies(generator, FEW) == plain
    if wrong == 1000:  # all but the first token of each reply is guessed right, four at once on average
        assert generator.forwards < 24


@pytest.mark.parametrize("name", ["phi3 with a sliding window", "llama with adapters"])
def test_replies_unlike_another_one_are_those_of_plain_decoding(name):
    model = MODELS[name]().eval()
    wrong = "[FIXED]\nreturn x\n[/FIXED]"
    requests = [replace(request, unlike=wrong, departure=k) for request in FEW[:2] for k in range(3)]
    plain = [changed_reply(model, TOKENIZER, request, 14) for request in requests]
    assert len({reply.text for reply in plain[:3]}) == 3
    assert not any(reply.text.startswith(wrong) for reply in plain)
    mixed = [FEW[2], *requests]  # beside one that may be anything
    for batch_size, lookup in ((1, False), (8, True)):
        replies = all_replies(LocalGenerator(model, CHAT, 14, batch_size, lookup), mixed)
        assert replies[1:] == plain
        assert replies[0] == greedy_reply(model, TOKENIZER, FEW[2], 14)
    short = [changed_reply(model, TOKENIZER, request, 3) for request in requests]  # some are over when they begin
    assert all_replies(LocalGenerator(model, CHAT, 3), requests) == short


def test_a_prompt_is_computed_once_for_all_departures_and_what_follows(monkeypatch):
    computed = []
    logits = LocalGenerator._logits

    def counting(generator, tokens, *others):
        computed.append(len(tokens))
        return logits(generator, tokens, *others)

    monkeypatch.setattr(LocalGenerator, "_logits", counting)
    wrong, request = "[FIXED]\nreturn x\n[/FIXED]", FEW[0]
    requests = [replace(request, unlike=wrong, departure=k) for k in range(4)]
    replies = all_replies(LocalGenerator(PHI3, CHAT, 16, lookup=False), requests)
    unwanted = len(prompt_ids(TOKENIZER, request)) + len(TOKENIZER(wrong, add_special_tokens=False)["input_ids"])
    assert computed[0] == unwanted
    assert sum(computed[1:]) <= sum(reply.completion_tokens for reply in replies)


def test_a_reply_departs_before_it_ends():
    request = replace(FEW[0], unlike="return x\n[/FIXED]")
    longer = replace(FEW[0], unlike="return x\n[/FIXED]\nThat is all.")
    one, other = (
        all_replies(LocalGenerator(PHI3, CHAT, 8, stop=("[/FIXED]",)), [replace(r, departure=k) for k in range(9)])
        for r in (request, longer)
    )
    assert one == other


def test_a_departure_may_end_the_reply(monkeypatch):
    monkeypatch.setattr(local, "departures", lambda *_: [[TOKENIZER.eos_token_id]])
    [reply, _] = all_replies(LocalGenerator(PHI3, CHAT, 8), [replace(FEW[0], unlike="return x"), FEW[0]])
    assert (reply.text, reply.completion_tokens, reply.finish) == ("", 1, "stop")


def test_a_4_bit_model(small_base):
    model = load_base_model(small_base, "float32", "nf4", CPU).eval()
    plain = [greedy_reply(model, TOKENIZER, request, 12) for request in FEW]
    assert all_replies(LocalGenerator(model, CHAT, 12, batch_size=3), FEW) == plain


def test_an_8_bit_model_alone(small_base):
    """The columns that int8 leaves in 16 bits are those in which any token of the forward is large, so its replies
    depend on what is computed together; the same forwards give the same replies."""
    model = load_base_model(small_base, "float32", "int8", CPU).eval()
    generator = LocalGenerator(model, CHAT, 12, lookup=False)
    for request in FEW:
        assert all_replies(generator, [request]) == [greedy_reply(model, TOKENIZER, request, 12)]


def test_repairs_of_evaluation_programs_are_those_of_generate_and_mostly_guessed(own_data):
    """A repair copies most of its prompt, if the model has learnt to."""
    problems = read_problems(own_data)
    programs = read_evaluation(own_data, problems)[:15:5]
    prompts = [repair_prompt(problems[p.problem], p.code) for p in programs]
    requests = [Request(prompt) for prompt in prompts]
    examples = [Example(prompt, repair_completion(p)) for prompt, p in zip(prompts, programs, strict=True)]
    repairs = tokenize(CHAT, examples)
    beginnings = [TokenizedExample(ids[: n + 40], n) for ids, n, _ in repairs]
    model = having_learnt(beginnings, **SIZES)
    plain = [greedy_reply(model, TOKENIZER, request, 40) for request in requests]
    generator = LocalGenerator(model, CHAT, 40)
    assert all_replies(generator, requests) == plain
    assert [reply.text for reply in plain] == [TOKENIZER.decode(ids[n:]) for ids, n, _ in beginnings]
    alone = LocalGenerator(model, CHAT, 40, batch_size=1)
    assert all_replies(alone, requests) == plain
    assert 1.5 * alone.forwards < sum(reply.completion_tokens for reply in plain)  # guesses were right
    assert generator.forwards < alone.forwards


def test_replies_to_real_programs_are_those_of_generate(small_base, real_data):
    problems = read_problems(real_data)
    programs = read_evaluation(real_data, problems)[4::10]
    requests = [Request(repair_prompt(problems[p.problem], p.code)) for p in programs]
    model = load_base_model(small_base, "float32", "none", CPU).eval()
    plain = [greedy_reply(model, TOKENIZER, request, 40) for request in requests]
    assert all_replies(LocalGenerator(model, CHAT, 40), requests) == plain


PHI3, LLAMA = small_phi3(**SIZES), with_adapters(small_llama(**SIZES)).eval()


@settings(deadline=None, max_examples=15)
@given(
    model=st.sampled_from([PHI3, LLAMA]),
    requests=st.lists(
        st.builds(
            Request,
            TEXTS.map(lambda text: [{"role": "user", "content": text}]),
            st.sampled_from([0.0, 0.7, 2.0]),
            st.integers(-(2**70), 2**70),
        ),
        max_size=6,
    ),
    batch_size=st.integers(1, 4),
    lookup=st.booleans(),
    shuffle=st.randoms(use_true_random=False),
)
def test_a_reply_depends_on_its_request_only(model, requests, batch_size, lookup, shuffle):
    alone = [all_replies(LocalGenerator(model, CHAT, 10, 1, lookup=False), [r])[0] for r in requests]
    order = list(range(len(requests)))
    shuffle.shuffle(order)
    replies = all_replies(LocalGenerator(model, CHAT, 10, batch_size, lookup), [requests[i] for i in order])
    assert replies == [alone[i] for i in order]


@pytest.mark.parametrize("model", [PHI3, LLAMA], ids=["phi3", "llama with adapters"])
def test_sampled_replies_are_those_of_sampling_without_a_cache(model):
    requests = [replace(request, temperature=0.5, seed=seed) for seed, request in enumerate(FEW)]
    plain = [sampled_reply(model, TOKENIZER, request, 15) for request in requests]
    assert plain[0].text != plain[3].text  # the same prompt with another seed
    assert all_replies(LocalGenerator(model, CHAT, 15, batch_size=3), requests) == plain


def test_replies_come_as_they_are_complete_and_others_take_their_place():
    generator = LocalGenerator(PHI3, CHAT, 30, batch_size=2)
    alive = []
    for _, reply in generator.replies(ask(*(f"x = {i}" for i in range(7)))):
        alive.append(sum(type(thing) is KeyValues for thing in gc.get_objects()))
        assert reply.completion_tokens <= 30
    assert len(alive) == 7
    assert max(alive) <= 2 + 1  # the batch, and the one whose prefix the next prompt may share


@settings(deadline=None, max_examples=15)
@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(1, 6))
def test_what_prompts_share_is_computed_once(texts, batch_size):
    computed = []
    hook = PHI3.register_forward_pre_hook(lambda _, __, inputs: computed.append(inputs["input_ids"].numel()),
                                          with_kwargs=True)  # fmt: skip
    requests = ask(*texts)
    try:
        all_replies(LocalGenerator(PHI3, CHAT, 1, batch_size), requests)
    finally:
        hook.remove()
    prompts = [tuple(prompt_ids(TOKENIZER, request)) for request in requests]
    beginnings = {prompt[: n + 1] for prompt in prompts for n in range(len(prompt))}
    copies = len(prompts) - len(set(prompts))  # of these only the last token is computed, for its logits
    assert sum(computed) == len(beginnings) + copies


def test_a_reply_ends_with_the_stop_text():
    (whole,) = all_replies(LocalGenerator(PHI3, CHAT, 40), FEW[:1])
    stop = whole.text[len(whole.text) // 2 :][:4]
    expected = greedy_reply(PHI3, TOKENIZER, FEW[0], 40, (stop,))
    for lookup in (False, True):
        (reply,) = all_replies(LocalGenerator(PHI3, CHAT, 40, lookup=lookup, stop=(stop, "never")), FEW[:1])
        assert reply == expected
        assert reply.finish == "stop"
        assert reply.text == whole.text[: whole.text.index(stop) + len(stop)]
        assert reply.completion_tokens < whole.completion_tokens


def test_a_reply_may_fill_the_context_and_no_more():
    (request,) = ask("x " * 220)
    prompt_tokens = len(prompt_ids(TOKENIZER, request))
    assert 200 < prompt_tokens < CONTEXT
    (reply,) = all_replies(LocalGenerator(PHI3, CHAT, 100), [request])
    room = CONTEXT - prompt_tokens
    assert reply == greedy_reply(PHI3, TOKENIZER, request, room)
    assert (reply.prompt_tokens, reply.completion_tokens, reply.finish) == (prompt_tokens, room, "length")


def test_a_prompt_without_room_for_a_reply_is_refused_before_anything_is_done():
    generator = LocalGenerator(PHI3, CHAT, 100)
    with pytest.raises(FeedbackError, match=r"5_top-k/prog_2: its prompt has \d{3} tokens, and the model takes 256"):
        generator.replies([*ask("short"), replace(*ask("x " * 300), name="5_top-k/prog_2")])
    assert generator.forwards == 0


def test_no_requests_no_replies():
    assert list(LocalGenerator(PHI3, CHAT).replies([])) == []


@pytest.mark.parametrize("settings", [{"max_new_tokens": 0}, {"batch_size": 0}])
def test_settings_below_one_are_refused(settings):
    with pytest.raises(FeedbackError, match="at least 1"):
        LocalGenerator(PHI3, CHAT, **settings)


def test_the_model_is_afterwards_as_before(small_base):
    """Training and testing take turns with one model object; dropout is off while it generates."""
    model = with_adapters(load_base_model(small_base, "float32", "none", CPU)).train()
    model.model.layers[0].eval()
    before = [module.training for module in model.modules()]
    generator = LocalGenerator(model, CHAT, 8)
    complete = all_replies(generator, FEW)
    assert complete == [greedy_reply(model.eval(), TOKENIZER, request, 8) for request in FEW]
    model.train().model.layers[0].eval()
    replies = generator.replies(FEW)
    next(replies)
    assert not model.training
    replies.close()  # not iterated to the end
    assert [module.training for module in model.modules()] == before
    assert model.config._attn_implementation == attention.NAME
    assert all(p.requires_grad == (".adapters." in name) for name, p in model.named_parameters())


def test_attention_with_extras_is_refused():
    from transformers import Gemma2Config, Gemma2ForCausalLM

    config = {**SIZES, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 1, "num_attention_heads": 4,
              "num_key_value_heads": 2, "head_dim": 8}  # fmt: skip
    model = Gemma2ForCausalLM(Gemma2Config(**config)).eval()
    with pytest.raises(FeedbackError, match="softcap"):
        all_replies(LocalGenerator(model, CHAT, 4), FEW)
    assert model.config._attn_implementation != "cached"


def test_layers_that_keep_something_else_are_refused():
    from transformers import Lfm2Config, Lfm2ForCausalLM

    with torch.device("meta"):
        model = Lfm2ForCausalLM(
            Lfm2Config(**SIZES, hidden_size=32, num_hidden_layers=2, layer_types=["conv", "full_attention"])
        )
    with pytest.raises(FeedbackError, match="also has conv"):
        LocalGenerator(model, CHAT)


def test_a_longrope_model_is_used_up_to_its_original_length():
    factors = {"short_factor": [1.0] * 4, "long_factor": [2.0] * 4}
    rope = {"rope_type": "longrope", "rope_theta": 10000.0, "original_max_position_embeddings": 64, **factors}
    model = small_phi3(**SIZES, rope_parameters=rope, original_max_position_embeddings=64)
    assert context_length(model.config) == 64
    assert context_length(PHI3.config) == CONTEXT
    (reply,) = all_replies(LocalGenerator(model, CHAT, 200), FEW[:1])
    assert reply.prompt_tokens + reply.completion_tokens == 64
    assert reply == greedy_reply(model, TOKENIZER, FEW[0], reply.completion_tokens)
