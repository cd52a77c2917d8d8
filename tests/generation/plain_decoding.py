"""The reference: transformers' own generate, and sampling without cache, batch or guesses, one request at a time."""

from typing import Any

import torch

from feedback_lightning.data.chat_format import ChatFormat
from feedback_lightning.generation.choice import choose_tokens
from feedback_lightning.generation.ending import Ending
from feedback_lightning.generation.schema import Reply, Request


def prompt_ids(tokenizer: Any, request: Request) -> list[int]:
    text = tokenizer.apply_chat_template(request.messages, tokenize=False, add_generation_prompt=True)
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def greedy_reply(
    model: Any, tokenizer: Any, request: Request, max_new_tokens: int, stop: tuple[str, ...] = ()
) -> Reply:
    """What `generate` says, cut behind the first stop."""
    tokens = greedy_tokens(model, tokenizer, request, max_new_tokens, stop)
    return as_reply(model, tokenizer, prompt_ids(tokenizer, request), tokens, stop)


@torch.no_grad()
def greedy_tokens(
    model: Any, tokenizer: Any, request: Request, max_new_tokens: int, stop: tuple[str, ...] = ()
) -> list[int]:
    return greedy_tokens_after(model, tokenizer, prompt_ids(tokenizer, request), max_new_tokens, stop)


def greedy_tokens_after(
    model: Any, tokenizer: Any, prompt: list[int], max_new_tokens: int, stop: tuple[str, ...]
) -> list[int]:
    before = model.config._attn_implementation
    model.set_attn_implementation("sdpa")
    try:
        output = model.generate(
            torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            do_sample=False,
            use_cache=True,
            max_new_tokens=max_new_tokens,
            eos_token_id=sorted(Ending(model, ChatFormat(tokenizer)).tokens),
            pad_token_id=0,
            **({"stop_strings": list(stop), "tokenizer": tokenizer} if stop else {}),
        )
    finally:
        model.set_attn_implementation(before)
    return output[0, len(prompt) :].tolist()


@torch.no_grad()
def sampled_reply(model: Any, tokenizer: Any, request: Request, max_new_tokens: int) -> Reply:
    """A forward over the whole sequence for each token."""
    ending, prompt = Ending(model, ChatFormat(tokenizer)), prompt_ids(tokenizer, request)
    before = model.config._attn_implementation
    model.set_attn_implementation("sdpa")
    tokens: list[int] = []
    while len(tokens) < max_new_tokens and not (tokens and tokens[-1] in ending.tokens):
        logits = model(input_ids=torch.tensor([prompt + tokens]), use_cache=False).logits[0, -1:]
        one = torch.ones(1, dtype=torch.long)
        tokens += choose_tokens(logits, request.temperature * one, request.seed * one, len(tokens) * one).tolist()
    model.set_attn_implementation(before)
    return as_reply(model, tokenizer, prompt, tokens, ())


@torch.no_grad()
def changed_reply(
    model: Any, tokenizer: Any, request: Request, max_new_tokens: int, stop: tuple[str, ...] = ()
) -> Reply:
    """A forward for each token of the reply that is not wanted, then what `generate` says behind the departure."""
    prompt, unlike = prompt_ids(tokenizer, request), tokenizer(request.unlike, add_special_tokens=False)["input_ids"]
    ways, kept = [], 0.0
    for place, own in enumerate(unlike[:max_new_tokens]):
        logits = model(input_ids=torch.tensor([prompt + unlike[:place]]), use_cache=False).logits[0, -1]
        log_p = logits.double().log_softmax(dim=-1).tolist()
        ways += [(kept + p, [*unlike[:place], token]) for token, p in enumerate(log_p) if token != own]
        kept += log_p[own]
    beginning = sorted(ways, reverse=True)[request.departure][1]
    ending = Ending(model, ChatFormat(tokenizer), stop)
    if ending.reached(beginning) or len(beginning) == max_new_tokens:
        tokens = beginning
    else:
        rest = greedy_tokens_after(model, tokenizer, prompt + beginning, max_new_tokens - len(beginning), stop)
        tokens = beginning + rest
    return as_reply(model, tokenizer, prompt, tokens, stop)


def as_reply(model: Any, tokenizer: Any, prompt: list[int], tokens: list[int], stop: tuple[str, ...]) -> Reply:
    ended = tokens[-1] in Ending(model, ChatFormat(tokenizer)).tokens
    text = tokenizer.decode(tokens[: len(tokens) - ended], skip_special_tokens=True)
    found = [text.index(tag) + len(tag) for tag in stop if tag in text]
    return Reply(text[: min(found, default=None)], len(prompt), len(tokens), "stop" if ended or found else "length")
