"""Fine-tune a small language model to repair students' programs and to hint at their bugs.

prompts.py   problem + program -> chat prompt and the reply to learn; reply -> repair or hint
data/        schema and readers, tokenising, packing, FeedbackDataModule
modeling/    the base model, attention over packed segments, the loss, FeedbackModule
callbacks/   time, memory, parameter counts, checkpoints, the record of a run
execution/   running programs that nobody trusts
metrics/     RPass, REdit, and how sure one can be of them
generation/  replies: from the local model, fast and exact, or from an endpoint
evaluation/  from programs to results.json, and comparisons
synthesis/   buggy programs made from correct ones, to train on
cli.py       the commands
"""

__version__ = "0.1.0"
