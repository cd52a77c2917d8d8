"""A transcript keeps what has been paid for: nothing in it is asked again, whatever happens to the process."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_lightning.errors import DataError, FeedbackError
from feedback_lightning.generation.schema import Reply, Request
from feedback_lightning.generation.transcript import collect, read_transcript, request_key, usage


class Reverser:
    """Replies with the last message backwards, the last request first; fails after `limit` replies."""

    def __init__(self, identity="reverser", limit=None, error=None):
        self.identity = identity
        self.limit, self.error = limit, error
        self.asked = []

    def replies(self, requests):
        for number, (index, request) in enumerate(reversed(list(enumerate(requests)))):
            if number == self.limit:
                raise self.error
            self.asked.append(request)
            text = request.messages[-1]["content"]
            yield index, Reply(text[::-1] + f" {request.seed}", len(text), number, "stop" if number % 2 else "length")


def request(text, **settings):
    return Request([{"role": "system", "content": "Reverse."}, {"role": "user", "content": text}], **settings)


REQUESTS = [request("one"), request("two"), request("one", seed=1), request("one", temperature=0.7)]


def texts(replies):
    return [reply.text for reply in replies]


def test_replies_come_in_the_order_of_the_requests():
    assert texts(collect(Reverser(), REQUESTS)) == ["eno 0", "owt 0", "eno 1", "eno 0"]
    assert collect(Reverser(), []) == []


def test_equal_requests_are_asked_once():
    generator = Reverser()
    assert texts(
        collect(generator, [*REQUESTS, *REQUESTS[::-1]])
    ) == "eno 0,owt 0,eno 1,eno 0,eno 0,eno 1,owt 0,eno 0".split(",")
    assert len(generator.asked) == 4


def test_what_is_in_the_transcript_is_not_asked_again(tmp_path):
    path = tmp_path / "new" / "folder" / "transcript.jsonl"
    first, second, third = Reverser(), Reverser(), Reverser()
    begun = collect(first, REQUESTS[:2], path)
    again = collect(second, REQUESTS[:2], path)
    whole = collect(third, REQUESTS, path)
    assert begun == again == whole[:2]
    assert second.asked == []
    assert third.asked == [REQUESTS[3], REQUESTS[2]]
    assert usage(read_transcript(path).values()) == usage(whole)


def test_another_model_is_another_question(tmp_path):
    path = tmp_path / "transcript.jsonl"
    collect(Reverser("small"), REQUESTS, path)
    large = Reverser("large")
    collect(large, REQUESTS, path)
    assert len(large.asked) == 4
    assert len(read_transcript(path)) == 8


def test_the_transcript_is_readable(tmp_path):
    path = tmp_path / "transcript.jsonl"
    collect(Reverser(), [request("Größe ≤ 3\n“x”", temperature=0.7, seed=5)], path)
    [line] = path.read_text(encoding="utf-8").splitlines()
    assert "Größe ≤ 3" in line
    entry = json.loads(line)
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "key": request_key("reverser", request("Größe ≤ 3\n“x”", temperature=0.7, seed=5)),
        "identity": "reverser",
        "messages": [{"role": "system", "content": "Reverse."}, {"role": "user", "content": "Größe ≤ 3\n“x”"}],
        "temperature": 0.7,
        "seed": 5,
        "unlike": None,
        "departure": 0,
        "reply": "”x“\n3 ≤ eßörG 5",
        "prompt_tokens": 13,
        "completion_tokens": 0,
        "finish": "length",
    }


def test_keys_tell_requests_apart_and_nothing_else():
    others = [request("one", unlike="x"), request("one", unlike="y"), request("one", unlike="x", departure=1)]
    keys = [request_key(identity, each) for identity in ("a", "b") for each in REQUESTS + others]
    assert len(set(keys)) == len(keys)
    assert request_key("a", request("x", temperature=0)) == request_key("a", request("x", temperature=0.0))


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_survives(tmp_path_factory, asked, replied):
    """Line separators, control characters and half characters (lone surrogates) too."""

    class Saying:
        identity = replied

        def replies(self, requests):
            yield 0, Reply(replied, 1, 1, "stop")

    path = tmp_path_factory.mktemp("any") / "transcript.jsonl"
    [reply] = collect(Saying(), [request(asked)], path)
    assert read_transcript(path) == {request_key(replied, request(asked)): reply}
    assert reply.text == replied


def test_a_transcript_torn_at_any_byte_goes_on(tmp_path):
    path = tmp_path / "transcript.jsonl"
    whole = collect(Reverser(), REQUESTS, path)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        generator = Reverser()
        assert texts(collect(generator, REQUESTS, path)) == texts(whole)
        assert len(generator.asked) == 4 - content[:length].count(b"\n")
        assert len(read_transcript(path)) == 4


@pytest.mark.parametrize(
    "content", ["not a transcript", '{"results": 1}', '{"results": 1}\n', "{\n}\n", "[1]\n", "\n", "\0\n"]
)
def test_other_files_are_refused_and_left_as_they_are(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_text(content)
    generator = Reverser()
    with pytest.raises(DataError, match=r"results.json:1: not a"):
        collect(generator, REQUESTS, path)
    assert generator.asked == []
    assert path.read_text() == content


def test_a_broken_line_is_named(tmp_path):
    path = tmp_path / "transcript.jsonl"
    collect(Reverser(), REQUESTS, path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1][:50], *lines[2:], ""]))
    with pytest.raises(DataError, match=r"transcript.jsonl:2: not an entry.*remove the line"):
        collect(Reverser(), REQUESTS, path)


@pytest.mark.parametrize("place", ["a/folder", "a/file/below"])
def test_a_place_that_cannot_be_written_is_said_before_anything_is_asked(tmp_path, place):
    (tmp_path / "a" / "folder").mkdir(parents=True)
    (tmp_path / "a" / "file").touch()
    generator = Reverser()
    with pytest.raises(DataError, match=r"cannot be"):
        collect(generator, REQUESTS, tmp_path / place)
    assert generator.asked == []


def test_a_failure_leaves_what_was_finished_and_says_so(tmp_path):
    path = tmp_path / "transcript.jsonl"
    collect(Reverser(), REQUESTS[:1], path)
    with pytest.raises(FeedbackError, match=r"(?s)the model is gone.*3 of 4 replies are in .*transcript.jsonl"):
        collect(Reverser(limit=2, error=FeedbackError("the model is gone")), REQUESTS, path)
    generator = Reverser()
    collect(generator, REQUESTS, path)
    assert generator.asked == [REQUESTS[1]]


def test_an_interruption_leaves_what_was_finished_and_says_so(tmp_path, capsys):
    path = tmp_path / "transcript.jsonl"
    with pytest.raises(KeyboardInterrupt):
        collect(Reverser(limit=3, error=KeyboardInterrupt()), REQUESTS, path)
    assert "3 of 4 replies are in" in capsys.readouterr().err
    assert len(read_transcript(path)) == 3


def test_without_a_transcript_a_failure_promises_nothing():
    with pytest.raises(FeedbackError, match=r"^gone$"):
        collect(Reverser(limit=2, error=FeedbackError("gone")), REQUESTS)
