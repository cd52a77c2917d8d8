"""How many replies a program gets, and which of its repairs counts.

    basic      one greedy reply
    best-of-n  n sampled replies; of their repairs the one that passes most tests, then the one with the smallest edit
    changes    the n most probable replies that change the program (departures.py); of their repairs the best in the
               same sense

What is not here: running the repairs (execution/) and measuring the edits (metrics/).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from feedback_lightning.errors import FeedbackError
from feedback_lightning.generation.endpoint import EndpointConfig
from feedback_lightning.generation.schema import Request
from feedback_lightning.prompts import Messages

Pipeline = Literal["basic", "best-of-n", "changes"]


@dataclass(frozen=True)
class GenerationConfig:
    """How replies are made.

    Args:
        pipeline: basic takes one greedy reply; best-of-n samples several and takes the repair that passes most tests,
            then the one with the smallest edit; changes does so with the most probable replies that change the program.
        n: replies for each program under best-of-n and changes. With one, no test has a say in which it is.
        temperature: of the sampling under best-of-n.
        seed: of the sampling; each program has its own, made from this one and its name.
        max_new_tokens: of a local model's reply, at most.
        batch_size: replies that the local model works on at once. It does not change them.
        lookup: speculate that the reply goes on as the program in the prompt does. It does not change the reply.
        endpoint: ask this OpenAI-compatible endpoint instead of a local model.
    """

    pipeline: Pipeline = "basic"
    n: int = 3
    temperature: float = 0.7
    seed: int = 3407
    max_new_tokens: int = 512
    batch_size: int = 16
    lookup: bool = True
    endpoint: EndpointConfig | None = None

    def __post_init__(self) -> None:
        for name in ("n", "max_new_tokens", "batch_size"):
            if getattr(self, name) < 1:
                raise FeedbackError(f"generation.{name} must be at least 1, not {getattr(self, name)}")
        if self.temperature <= 0:
            raise FeedbackError(
                f"generation.temperature must be positive, not {self.temperature}; for greedy replies take the pipeline"
                " basic"
            )
        if self.pipeline == "changes" and self.endpoint:
            raise FeedbackError(
                "the pipeline changes needs the probabilities of all tokens, which endpoints do not give; take the"
                " pipeline best-of-n"
            )

    @property
    def limit(self) -> str:
        """The setting at which replies are cut, with its value.

        >>> GenerationConfig().limit, GenerationConfig(endpoint=EndpointConfig("m")).limit
        ('generation.max_new_tokens = 512', 'generation.endpoint.max_tokens = 1024')
        """
        if self.endpoint:
            return f"generation.endpoint.max_tokens = {self.endpoint.max_tokens}"
        return f"generation.max_new_tokens = {self.max_new_tokens}"


def pipeline_label(pipeline: Pipeline, n: int) -> str:
    """A pipeline with its number of replies.

    >>> pipeline_label("basic", 3), pipeline_label("best-of-n", 3), pipeline_label("changes", 1)
    ('basic', 'best-of-3', 'changes-1')
    """
    return pipeline if pipeline == "basic" else f"{pipeline.removesuffix('-n')}-{n}"


def requests_for(config: GenerationConfig, messages: Messages, name: str, unchanged: str) -> list[Request]:
    """The replies that the pipeline wants for one program.

    Args:
        config: which pipeline.
        messages: the prompt.
        name: the program's; it gives each program a seed of its own, whatever else is asked.
        unchanged: the reply that leaves the program as it is.
    """
    if config.pipeline == "basic":
        return [Request(messages, name=name)]
    if config.pipeline == "changes":
        return [Request(messages, unlike=unchanged, departure=k, name=name) for k in range(config.n)]
    return [
        Request(messages, config.temperature, sample_seed(config.seed, name, k), name=name) for k in range(config.n)
    ]


def sample_seed(seed: int, name: str, k: int) -> int:
    """The seed of a program's k-th reply, below 2**31 as endpoints want it.

    >>> sample_seed(3407, "1_insert-position/prog_1", 0)
    192098662
    """
    return int.from_bytes(hashlib.sha256(f"{seed} {k} {name}".encode()).digest()[:4], "big") >> 1


def best_candidate(tests_passed: Sequence[int], distances: Sequence[int | None]) -> int:
    """Index of the repair that passes most tests, then of the smallest edit, then the first.

    Args:
        tests_passed: of each candidate; -1 where the reply had no repair.
        distances: token edit distance from the buggy program; None where there is no repair.

    >>> best_candidate([3, 5, 5, -1], [1, 9, 7, None])
    2
    """
    return max(range(len(tests_passed)), key=lambda k: (tests_passed[k], -(distances[k] or 0), -k))
