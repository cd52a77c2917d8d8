"""Make the embedded base model: a small Phi3ForCausalLM with its own tokenizer, trained from scratch on the bank.

What it learns is to read the chat prompts, copy programs faithfully and know Python's forms. The problems of data/
that it is later fine-tuned on are not in the bank.
"""

import itertools
import json
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from rich.progress import Progress

from feedback_lightning.data.packing import TokenizedExample, pack
from feedback_lightning.data.tokenization import tokenize
from feedback_lightning.prompts import hint_completion, hint_prompt, repair_completion, repair_prompt
from feedback_lightning.synthesis.corpus import BankProblem, corpus, read_bank

SPECIAL_TOKENS = ["<unk>", "<s>", "<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
# Phi-3-mini's own template.
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
)
CONTEXT = 2048


def pretrain(
    output: str = "data/tiny-phi3",
    bank: str = "data/bank",
    steps: int = 1700,
    vocabulary: int = 2048,
    hidden: int = 256,
    layers: int = 6,
    tokens_per_step: int = 2048,
    learning_rate: float = 2e-3,
    seed: int = 3407,
) -> None:
    """Train the embedded base model from scratch.

    Args:
        output: folder to write; one that is there is replaced when training is done.
        bank: folder with the problem bank.
        steps: optimiser steps.
        vocabulary: tokens of the tokenizer, trained on the corpus.
        hidden: width of the model; it has one attention head for each 32.
        layers: decoder layers.
        tokens_per_step: tokens of one optimiser step, at least.
        learning_rate: its peak, after 2 % of the steps; it falls to zero along a cosine.
        seed: of the corpus and of the initial weights.
    """
    from transformers import Phi3Config, Phi3ForCausalLM

    from feedback_lightning.modeling import attention

    torch.manual_seed(seed)
    problems = read_bank(bank)
    tokenizer = train_tokenizer(problems, vocabulary, seed)
    ids = {token: tokenizer.convert_tokens_to_ids(token) for token in SPECIAL_TOKENS}
    config = Phi3Config(
        vocab_size=len(tokenizer), hidden_size=hidden, intermediate_size=hidden * 11 // 4, num_hidden_layers=layers,
        num_attention_heads=hidden // 32, max_position_embeddings=CONTEXT, original_max_position_embeddings=CONTEXT,
        tie_word_embeddings=True, bos_token_id=ids["<s>"], eos_token_id=ids["<|end|>"],
        pad_token_id=ids["<|endoftext|>"],
    )  # fmt: skip
    config._attn_implementation = attention.NAME
    model = Phi3ForCausalLM(config).train()
    record = train(model, batches(problems, tokenizer, tokens_per_step, seed), steps, learning_rate)
    save(model, tokenizer, Path(output), {"seed": seed, "learning_rate": learning_rate, **record})


def train_tokenizer(problems: list[BankProblem], vocabulary: int, seed: int) -> Any:
    """A byte-level BPE tokenizer with Phi-3's chat tokens, trained on the corpus."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            # an indentation with its line end, a word with its space, one digit, a run of other signs
            pre_tokenizers.Split(Regex(r"\n+ *| ?[A-Za-z_]+|\d| ?[^\sA-Za-z_\d]+|\s+"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = (
        text
        for problem, program in itertools.islice(corpus(problems, seed + 1), 4000)
        for text in (repair_prompt(problem, program.code)[1]["content"], hint_completion(program))
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="<|end|>",
        pad_token="<|endoftext|>", extra_special_tokens=SPECIAL_TOKENS[3:6], chat_template=CHAT_TEMPLATE,
        model_max_length=CONTEXT, clean_up_tokenization_spaces=False,
    )  # fmt: skip


def batches(problems: list[BankProblem], tokenizer: Any, tokens: int, seed: int) -> Iterator[list[TokenizedExample]]:
    """Lists of examples of about `tokens` tokens; a quarter of the examples learns its prompt too."""
    rng = random.Random(seed)
    stream = corpus(problems, seed)
    while True:
        batch: list[TokenizedExample] = []
        while sum(len(example.input_ids) for example in batch) < tokens:
            drawn = list(itertools.islice(stream, 8))
            pairs = [
                (hint_prompt(problem, program.code), hint_completion(program))
                if rng.random() < 0.2
                else (repair_prompt(problem, program.code), repair_completion(program))
                for problem, program in drawn
            ]
            for ids, prompt_length in tokenize(tokenizer, pairs):
                batch.append(TokenizedExample(ids, 1 if rng.random() < 0.25 else prompt_length))
        yield batch


def train(model: Any, stream: Iterator[list[TokenizedExample]], steps: int, peak: float) -> dict[str, Any]:
    """Full training; returns what it took and the curve: [step, mean loss of the last 50 steps]."""
    from feedback_lightning.modeling.loss import completion_loss

    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.95), fused=True)
    curve, losses, tokens, begin = [], [], 0, time.monotonic()
    with Progress() as progress:
        for step in progress.track(range(1, steps + 1), description="pretraining"):
            done = step / steps
            for group in optimizer.param_groups:
                group["lr"] = peak * min(done / 0.02, 0.5 * (1 + math.cos(math.pi * done)))
            batch = pack(next(stream))
            loss = completion_loss(model, batch) / batch.loss_counts.sum()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            tokens += len(batch.input_ids)
            losses.append(loss.item())
            if step % 50 == 0:
                curve.append([step, round(sum(losses[-50:]) / 50, 4)])
                progress.console.print(f"step {step}, {tokens:,} tokens, loss {curve[-1][1]:.4f}")
    return {"steps": steps, "tokens": tokens, "minutes": round((time.monotonic() - begin) / 60, 1), "curve": curve}


def save(model: Any, tokenizer: Any, output: Path, record: dict[str, Any]) -> None:
    """Write model, tokenizer and record to a temporary folder, then rename it. Weights are stored as bfloat16."""
    import shutil

    temporary = output.with_name(f".{output.name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    model.bfloat16().save_pretrained(temporary)
    tokenizer.save_pretrained(temporary)
    (temporary / "pretraining.json").write_text(json.dumps(record, indent=1) + "\n")
    shutil.rmtree(output, ignore_errors=True)
    temporary.rename(output)
