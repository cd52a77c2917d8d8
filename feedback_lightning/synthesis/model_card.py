"""The card of the pretrained model, from its training's record."""

from typing import Any

CARD = """\
# tiny-phi3

A Phi3ForCausalLM of {parameters:,} parameters, trained by `python cli.py pretrain {data}` from {origin}, and
stored as bfloat16. It is a base model that Feedback Lightning fine-tunes where Phi-3 is not at hand.

| | |
|---|---|
| Shape | {layers} layers of {hidden}, {heads} heads, MLP of {intermediate}, tied embeddings |
| Tokenizer | byte-level BPE, {vocabulary:,} tokens, Phi-3's chat template |
| Context | {context:,} tokens |
| Data | {triples:,} proven triples (buggy program, repair, hint) of {problems} problems |
| Disguise | {disguise:.0%} of the programs have other names each time that they are shown |
| Training | {steps:,} steps, {tokens:,} tokens, products in {dtype}, seed {seed} |
| Time | {minutes} minutes |
| Loss | {loss} in the end{left_out} |

`pretraining.json` has the settings and the whole curve: step, mean loss since the point before, loss on what was
left out.

## Use

It reads one kind of prompt, that of `feedback_lightning/prompts.py`, and replies with a repaired program or a hint.
Of other problems than those of `{data}` it has seen nothing in this training: what it does about them it has to learn.

## Limits

- It knows short programs of introductory courses and nothing else: no language, no libraries, no facts.
- A program unlike those of its training is often copied with mistakes.
- Its hints name places and doubts; they are phrasings that it was shown.
"""


def model_card(model: Any, record: dict[str, Any]) -> str:
    """The card as Markdown.

    Args:
        model: the trained model.
        record: what `pretrain` writes to pretraining.json.
    """
    config = model.config
    _, loss, held_out_loss = record["curve"][-1]
    what = f"{record['held_out']} problems" if record["held_out"] else f"{record['held_out_programs']} programs"
    left_out = "" if held_out_loss is None else f"; {held_out_loss} on {what} left out of training"
    fields = record | {
        "dtype": record["dtype"].removeprefix("torch."), "loss": loss, "left_out": left_out,
        "origin": f"the weights of {record['base']}" if record["base"] else "scratch",
        "parameters": model.num_parameters(), "heads": config.num_attention_heads,
        "hidden": config.hidden_size, "layers": config.num_hidden_layers, "vocabulary": config.vocab_size,
        "intermediate": config.intermediate_size, "context": config.max_position_embeddings,
    }  # fmt: skip
    return CARD.format(**fields)
