"""The commands. This file parses and calls; the work is done elsewhere.

fit, validate, test and predict are LightningCLI's, with its YAML and overrides; the other commands are typed functions.
"""

import importlib
import logging
import os
import sys
import warnings

from feedback_lightning.errors import FeedbackError
from feedback_lightning.paths import find_config

USAGE = """usage: python cli.py <command> [options]

  fit        fine-tune adapters:  python cli.py fit --config r64.yaml
  validate   the loss on held-out programs:  python cli.py validate --config r64.yaml --ckpt_path last
  test       RPass and REdit on the evaluation programs:  python cli.py test --config r64.yaml --ckpt_path last
  predict    the replies alone:  python cli.py predict --config r64.yaml --ckpt_path last
  execute    run and score programs that are there already:  python cli.py execute my_repairs
  compare    models on the same programs:  python cli.py compare lightning_logs/base-smollm2 lightning_logs/repair-r64
  audit      what is wrong with a dataset:  python cli.py audit my_course
  scaling    how parameters grow with the rank over your runs:  python cli.py scaling lightning_logs
  synthesize training data from correct programs:  python cli.py synthesize my_course my_data
  pair       buggy programs with their smallest repairs:  python cli.py pair my_course my_course my_data

Options of a command: python cli.py <command> --help. Configurations are looked up in configs/ and compose from left
to right:  python cli.py fit --config r64.yaml --config merged.yaml --data.root my_course"""
TRAINING, EVALUATION = ("fit", "validate"), ("test", "predict")
LIGHTNING = TRAINING + EVALUATION
FUNCTIONS = {
    "execute": "feedback_lightning.evaluation.execute:execute",
    "compare": "feedback_lightning.evaluation.compare:compare",
    "audit": "feedback_lightning.evaluation.audit:audit",
    "scaling": "feedback_lightning.callbacks.parameter_scaling:scaling",
    "synthesize": "feedback_lightning.synthesis.synthesize:synthesize",
    "pair": "feedback_lightning.synthesis.pair:pair",
}


def main(args: list[str] | None = None) -> int:
    """Run one command; returns the exit status. A user's mistake is one message and 2, never a traceback."""
    args = sys.argv[1:] if args is None else args
    command = args[0] if args else "--help"
    try:
        if command in ("-h", "--help"):
            print(USAGE)
        elif command in LIGHTNING:
            _run_lightning(with_found_configs(args))
        elif command in FUNCTIONS:
            _run_function(command, args[1:])
        else:
            raise FeedbackError(f"unknown command {command!r}; there are {', '.join((*LIGHTNING, *FUNCTIONS))}")
    except Exception as error:
        if not isinstance(error, users_mistakes(command)):
            raise
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def users_mistakes(command: str) -> tuple[type[Exception], ...]:
    """What a user can put right. Asked for when something went wrong, since these imports take long."""
    from lora.config import LoRAError

    if command not in LIGHTNING:
        return FeedbackError, LoRAError
    from lightning.fabric.utilities.exceptions import MisconfigurationException

    return FeedbackError, LoRAError, MisconfigurationException


def with_found_configs(args: list[str]) -> list[str]:
    """Replace each --config NAME by the file that NAME means."""
    found, take_next = [], False
    for arg in args:
        if take_next:
            arg = str(find_config(arg))
        elif arg.startswith("--config="):
            arg = f"--config={find_config(arg.removeprefix('--config='))}"
        take_next = arg in ("--config", "-c")
        found.append(arg)
    return found


def _run_function(command: str, args: list[str]) -> None:
    from jsonargparse import auto_cli

    module, _, name = FUNCTIONS[command].partition(":")
    auto_cli(getattr(importlib.import_module(module), name), args=args, prog=f"cli.py {command}", as_positional=True)


def _run_lightning(args: list[str]) -> None:
    _quieten()
    # oneDNN keeps a compiled kernel for every size of a bfloat16 product, and every step has another number of tokens:
    # with its default of 1024 kernels, 339 steps took 2 GB. A step needs more than 64: with so few, most are compiled
    # again and again, and training takes 1.8 times as long as with 256. oneDNN reads this at its first product.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "256")
    from feedback_lightning.lightning_cli import FeedbackCLI
    from feedback_lightning.modeling.module import FeedbackModule

    model_class: type[FeedbackModule] = FeedbackModule
    if args[0] in EVALUATION:
        from feedback_lightning.evaluation.module import EvaluationModule

        model_class = EvaluationModule
    sys.argv[1:] = args  # where LightningCLI reads them, also in the processes that it starts for several devices
    FeedbackCLI(model_class)


def _quieten() -> None:
    """Keep what a user can act on: drop Lightning's tips and transformers' deprecation notes."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    for name in ("lightning.pytorch.utilities.rank_zero", "lightning.fabric.utilities.seed", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for words in ("predict returned None", "isinstance.treespec", "is_gradient_checkpointing", "across ranks is zero"):
        warnings.filterwarnings("ignore", f".*{words}")
