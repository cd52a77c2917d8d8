"""The benchmark runs, and would not pass other replies as the same ones."""

from dataclasses import replace

import pytest

from benchmarks import generation
from feedback_lightning.errors import FeedbackError

OPTIONS = ["--max_new_tokens", "3", "--repetitions", "1", "--dtype", "float32", "--device", "cpu"]


def test_every_method_gives_the_replies_of_generate(small_base, own_data, capsys):
    generation.main(["--model", small_base, "--data", str(own_data), *OPTIONS])
    printed = capsys.readouterr().out
    assert printed.count("25/25") == 5
    assert "1.0x" in printed


def test_other_replies_are_found_out(small_base, own_data, monkeypatch):
    ours = generation.our_replies

    def changed(*arguments):
        replies, forwards = ours(*arguments)
        return [replace(replies[0], text=replies[0].text + "?"), *replies[1:]], forwards

    monkeypatch.setattr(generation, "our_replies", changed)
    with pytest.raises(FeedbackError, match="not the replies of generate"):
        generation.main(["--model", small_base, "--data", str(own_data), *OPTIONS])
