"""Fine-tune a small language model to repair students' programs and to hint at their bugs.

prompts.py   problem + program -> chat prompt and the reply to learn
data/        schema and readers, tokenising, packing, FeedbackDataModule
modeling/    the base model, attention over packed segments, the loss, FeedbackModule
callbacks/   time, memory, parameter counts, checkpoints, the record of a run
synthesis/   the corpus and the pretraining of the embedded base model
cli.py       the commands
"""

__version__ = "0.1.0"
