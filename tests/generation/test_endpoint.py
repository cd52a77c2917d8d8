"""The endpoint generator beside real servers: transformers' own with a small model, and one that fails at will."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch
from conftest import REPOSITORY

from feedback_lightning.data.readers import read_evaluation, read_problems
from feedback_lightning.errors import FeedbackError
from feedback_lightning.generation.endpoint import EndpointConfig, EndpointGenerator, read_completion
from feedback_lightning.generation.schema import Reply, Request
from feedback_lightning.generation.transcript import collect, read_transcript, usage
from feedback_lightning.prompts import hint_prompt, repair_prompt

KEY = "sk-a-very-secret-key"


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    """The keys and settings of whoever runs the tests stay out of them."""
    for name in [name for name in os.environ if name.startswith("OPENAI_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


# transformers serve, with a small model


@pytest.fixture(scope="module")
def model_folder(small_base, tmp_path_factory):
    """The small base, told to sample, so that the server follows a request's temperature."""
    folder = tmp_path_factory.mktemp("served") / "small-phi3"
    shutil.copytree(small_base, folder)
    settings = folder / "generation_config.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "do_sample": True}))
    return str(folder)


@pytest.fixture(scope="module")
def served(model_folder, tmp_path_factory):
    """The address of a running `transformers serve`."""
    log = tmp_path_factory.mktemp("log") / "serve.log"
    port = free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--dtype", "float32"]
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", model_folder, *options]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server, log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(url, server, log, seconds=120):
    for _ in range(seconds * 10):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"transformers serve did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def local(model_folder):
    """The same model in this process: (model, tokenizer)."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32)
    return model.eval(), AutoTokenizer.from_pretrained(model_folder)


def generate(local, request, max_tokens):
    """What transformers itself replies."""
    model, tokenizer = local
    inputs = tokenizer.apply_chat_template(
        request.messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    sampling = {"do_sample": True, "temperature": request.temperature} if request.temperature else {"do_sample": False}
    torch.manual_seed(request.seed)
    with torch.no_grad():
        output = model.generate(**inputs, **sampling, max_new_tokens=max_tokens)
    prompt_tokens = inputs["input_ids"].shape[1]
    completion = output[0, prompt_tokens:]
    finish = "length" if len(completion) >= max_tokens else "stop"
    return Reply(tokenizer.decode(completion, skip_special_tokens=True), prompt_tokens, len(completion), finish)


@pytest.fixture(scope="module")
def requests():
    """A hint and a repair, greedy, and the repair sampled with three seeds."""
    problems = read_problems(REPOSITORY / "data")
    program = min(read_evaluation(REPOSITORY / "data", problems), key=lambda program: len(program.code))
    hint, repair = (ask_for(problems[program.problem], program.code) for ask_for in (hint_prompt, repair_prompt))
    return [Request(hint), Request(repair), *(Request(repair, temperature=1.5, seed=seed) for seed in (1, 2, 3))]


def test_replies_are_those_of_the_model_itself(served, model_folder, local, requests, tmp_path):
    """Greedy and sampled: messages, temperature, seed and the limit arrive, text and usage come back."""
    config = EndpointConfig(model_folder, served, max_tokens=24, concurrency=1)  # the server has one random generator
    path = tmp_path / "transcript.jsonl"
    replies = collect(EndpointGenerator(config), requests, path)
    expected = [generate(local, request, 24) for request in requests]
    assert replies == expected
    assert len({reply.text for reply in replies[2:]}) == 3  # the seeds made a difference
    assert replies[1].finish == "length"  # the repair is cut
    assert list(read_transcript(path).values()) == replies
    assert usage(replies).prompt_tokens == sum(reply.prompt_tokens for reply in expected)


def test_many_at_a_time_get_their_own_replies(served, model_folder, local, requests):
    greedy = [Request([*requests[0].messages[:1], {"role": "user", "content": f"Count to {n}."}]) for n in range(6)]
    replies = collect(EndpointGenerator(EndpointConfig(model_folder, served, max_tokens=8, concurrency=6)), greedy)
    assert replies == [generate(local, request, 8) for request in greedy]


def test_a_stop_text_ends_the_reply(served, model_folder, local, requests):
    whole = generate(local, requests[1], 24)
    stop = next(text for text in whole.text[len(whole.text) // 2 :].split() if text.isascii())
    config = EndpointConfig(model_folder, served, max_tokens=24, stop=(stop,))
    [reply] = collect(EndpointGenerator(config), requests[1:2])
    assert reply.finish == "stop"
    assert reply.completion_tokens < whole.completion_tokens
    assert whole.text.startswith(reply.text)
    assert reply.text.count(stop) <= 1  # this server leaves the stop text in the reply, OpenAI's does not


def test_what_the_server_says_reaches_the_user(served, requests):
    with pytest.raises(FeedbackError, match=r"answered 400: .*pinned to .*small-phi3.*requested 'gpt'"):
        collect(EndpointGenerator(EndpointConfig("gpt", served)), requests[:1])


# a server that fails at will


def completion(text, **changes):
    message = {"role": "assistant", "content": text}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return {"choices": choices, "usage": {"prompt_tokens": 7, "completion_tokens": 2}, **changes}


class Answer:
    """What the server does with one request.

    Args:
        body: sent as JSON, or as it is if it is text.
        hold: set when the answer may be sent.
    """

    def __init__(self, body, status=200, headers=None, hold=None, content_type="application/json"):
        self.body = body if isinstance(body, str) else json.dumps(body)
        self.status, self.headers, self.hold = status, headers or {}, hold
        self.content_type = content_type


@contextmanager
def serving(answer):
    """A server on a port of its own: answer(number of the request from 0, its body) -> Answer, or None to hang up.

    Yields (address, requests seen): the bodies, each with the Authorization header under "key".
    """
    seen, lock = [], threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                number = len(seen)
                seen.append({**body, "path": self.path, "key": self.headers["Authorization"]})
            reply = answer(number, body)
            if reply is None:
                return
            if reply.hold:
                reply.hold.wait(30)
            content = reply.body.encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            pass  # clients that have gone

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        server.server_close()


def question(number, **settings):
    return Request([{"role": "user", "content": f"question {number}"}], **settings)


def echo(body):
    return Answer(completion("reply to " + body["messages"][-1]["content"]))


def ask(url, *requests, transcript=None, **settings):
    config = EndpointConfig("model", url, **{"retries": 0, "timeout": 20, **settings})
    return collect(EndpointGenerator(config), requests or [question(0)], transcript)


def test_what_is_sent():
    with serving(lambda _, body: echo(body)) as (url, seen):
        ask(url, question(0, temperature=0.7, seed=3), max_tokens=50, stop=("[/FIXED]",))
        ask(url, question(0), omit=("temperature", "seed", "max_tokens"))
    messages = [{"role": "user", "content": "question 0"}]
    common = {"model": "model", "messages": messages, "path": "/v1/chat/completions", "key": "Bearer none"}
    assert seen[0] == {**common, "temperature": 0.7, "seed": 3, "max_tokens": 50, "stop": ["[/FIXED]"]}
    assert seen[1] == common


def test_openai_gets_the_limit_by_its_newer_name(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    sent = EndpointGenerator(EndpointConfig("gpt-4o", max_tokens=50))._parameters(question(0))
    assert sent["max_completion_tokens"] == 50
    assert "max_tokens" not in sent


def test_no_more_at_a_time_than_allowed():
    running, most, lock = 0, 0, threading.Lock()

    def answer(_, body):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return echo(body)

    with serving(answer) as (url, seen):
        replies = ask(url, *map(question, range(12)), concurrency=3)
    assert [reply.text for reply in replies] == [f"reply to question {n}" for n in range(12)]
    assert most == 3
    assert len(seen) == 12


def test_replies_come_as_soon_as_they_are_complete():
    first_may_go = threading.Event()

    def answer(_, body):
        reply = echo(body)
        reply.hold = first_may_go if body["messages"][-1]["content"] == "question 0" else None
        return reply

    with serving(answer) as (url, _):
        generator = EndpointGenerator(EndpointConfig("model", url, concurrency=2))
        order = []
        for index, _ in generator.replies([question(n) for n in range(5)]):
            order.append(index)
            if len(order) == 4:
                first_may_go.set()
    assert order == [1, 2, 3, 4, 0]


# failures that pass


def test_a_rate_limit_is_waited_for():
    times = []

    def answer(number, body):
        times.append(time.monotonic())
        return Answer({"error": {"message": "slow down"}}, 429, {"Retry-After": "1"}) if number == 0 else echo(body)

    with serving(answer) as (url, seen):
        [reply] = ask(url, retries=1)
    assert reply.text == "reply to question 0"
    assert len(seen) == 2
    assert times[1] - times[0] >= 1  # the client's own first pause is at most 0.5 s


@pytest.mark.parametrize("status", [408, 500, 502, 503])
def test_a_passing_failure_is_asked_again(status):
    with serving(lambda number, body: echo(body) if number else Answer("busy", status)) as (url, seen):
        assert ask(url, retries=1)[0].text == "reply to question 0"
    assert len(seen) == 2


def test_a_lost_connection_is_asked_again():
    with serving(lambda number, body: echo(body) if number else None) as (url, seen):
        assert ask(url, retries=1)[0].text == "reply to question 0"
    assert len(seen) == 2


# failures that do not


def test_a_refused_connection_names_the_address():
    url = f"http://127.0.0.1:{free_port()}/v1"
    with pytest.raises(FeedbackError, match=rf"cannot reach {url}: .*refused.*is the server running"):
        ask(url)


def test_a_host_that_does_not_exist_is_named(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(FeedbackError, match=r"cannot reach https://nowhere.invalid/v1"):
        ask("https://nowhere.invalid/v1")


def test_a_failure_that_does_not_pass_ends_with_what_the_server_says():
    failure = Answer({"error": {"message": "out of memory"}}, 500)
    with (
        serving(lambda *_: failure) as (url, seen),
        pytest.raises(FeedbackError, match=r"answered 500: .*out of memory"),
    ):
        ask(url, retries=1)
    assert len(seen) == 2


def test_a_timeout_says_how_long_it_waited():
    never = threading.Event()
    with serving(lambda *_: Answer("", hold=never)) as (url, seen):
        with pytest.raises(FeedbackError, match=r"no reply within 0.2 s, asked 2 times; .*raise timeout"):
            ask(url, timeout=0.2, retries=1)
        never.set()
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("status", "advice"),
    [(400, "left out with omit"), (404, "base_url right"), (422, "left out with omit"), (429, "try again later")],
)
def test_a_refusal_says_what_to_do(status, advice):
    refusal = Answer({"error": {"message": "no such thing"}}, status)
    expected = rf"answered {status}: .*no such thing.*{advice}"
    with serving(lambda *_: refusal) as (url, seen), pytest.raises(FeedbackError, match=expected):
        ask(url)
    assert len(seen) == 1


MALFORMED = {
    "not JSON": Answer("<html>Welcome to the gateway</html>", content_type="text/html"),
    "JSON only by name": Answer('{"choices": [', content_type="application/json"),
    "empty": Answer(""),
    "null": Answer("null"),
    "an error with status 200": Answer({"error": {"message": "overloaded"}}),
    "no choices": Answer(completion("x", choices=[])),
    "choices null": Answer(completion("x", choices=None)),
    "no message": Answer(completion("x", choices=[{"finish_reason": "stop"}])),
    "content null": Answer(completion(None)),
    "content no text": Answer(completion(["x"])),
    "no usage": Answer(completion("x", usage=None)),
    "usage no number": Answer(completion("x", usage={"prompt_tokens": "many", "completion_tokens": 1})),
}


@pytest.mark.parametrize("answer", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_reply_is_shown(answer, tmp_path):
    path = tmp_path / "transcript.jsonl"
    server = serving(lambda number, body: echo(body) if number < 2 else answer)
    with server as (url, _), pytest.raises(FeedbackError) as failure:
        ask(url, *map(question, range(4)), transcript=path, concurrency=1)
    assert f"{url} sent no chat completion" in str(failure.value)
    assert answer.body[:40] in str(failure.value)
    assert "2 of 4 replies are in" in str(failure.value)
    assert len(read_transcript(path)) == 2


def test_a_long_malformed_reply_is_shortened():
    with serving(lambda *_: Answer("<p>" * 10000)) as (url, _), pytest.raises(FeedbackError) as failure:
        ask(url)
    assert len(str(failure.value)) < 500


@pytest.mark.parametrize(
    ("message", "finish_reason", "text", "finish"),
    [
        ({"content": "x"}, "stop", "x", "stop"),
        ({"content": ""}, "stop", "", "stop"),
        ({"content": "x"}, None, "x", "stop"),
        ({"content": "x"}, "length", "x", "length"),
        ({"content": None}, "length", "", "length"),
        ({"content": None, "refusal": "I cannot."}, "stop", "I cannot.", "stop"),
        ({"content": "half \ud800"}, "stop", "half ?", "stop"),
    ],
)
def test_what_counts_as_a_reply(message, finish_reason, text, finish):
    body = completion("", choices=[{"message": message, "finish_reason": finish_reason}])
    assert read_completion(json.dumps(body)) == Reply(text, 7, 2, finish)


def test_those_on_their_way_are_kept_when_one_fails(tmp_path):
    path = tmp_path / "transcript.jsonl"
    failed = threading.Event()

    def answer(_, body):
        number = int(body["messages"][-1]["content"].split()[-1])
        if number == 1:
            return Answer({"error": {"message": "too long"}}, 400)
        reply = echo(body)
        reply.hold = failed
        return reply

    with serving(answer) as (url, seen):
        threading.Timer(0.5, failed.set).start()
        with pytest.raises(FeedbackError, match=r"(?s)too long.*2 of 9 replies"):
            ask(url, *map(question, range(9)), transcript=path, concurrency=3)
        assert len(seen) == 3
    assert {reply.text for reply in read_transcript(path).values()} == {"reply to question 0", "reply to question 2"}


# the key


def test_a_missing_key_is_said_at_once():
    with pytest.raises(FeedbackError, match=r"https://api.openai.com/v1 needs a key: .*OPENAI_API_KEY"):
        EndpointGenerator(EndpointConfig("gpt-4o"))
    with pytest.raises(FeedbackError, match=r"MY_KEY"):
        EndpointGenerator(EndpointConfig("m", "https://example.com/v1", key_variable="MY_KEY"))


@pytest.mark.parametrize("key", ["schlüssel", "two\nlines", "a\x7fb"])
def test_a_key_that_is_none_is_said_at_once_and_not_shown(monkeypatch, key):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(FeedbackError, match=r"OPENAI_API_KEY holds no key") as failure:
        EndpointGenerator(EndpointConfig("gpt-4o"))
    assert key not in str(failure.value)


def test_the_key_is_sent_and_written_nowhere(monkeypatch, tmp_path):
    monkeypatch.setenv("MY_KEY", f" {KEY}\n")
    path = tmp_path / "transcript.jsonl"

    def answer(number, body):
        return echo(body) if number == 0 else Answer({"error": {"message": f"{KEY} is not valid"}}, 401)

    with serving(answer) as (url, seen), pytest.raises(FeedbackError) as failure:
        ask(url, question(0), question(1), key_variable="MY_KEY", transcript=path, concurrency=1)
    assert [request["key"] for request in seen] == [f"Bearer {KEY}"] * 2
    assert "answered 401" in str(failure.value)
    assert "check the key in the environment variable MY_KEY" in str(failure.value)
    assert KEY not in str(failure.value) + path.read_text() + repr(EndpointConfig("m", url, key_variable="MY_KEY"))


def test_a_local_server_may_want_a_key_after_all():
    expected = r"answered 401: .*who are you.*put a key in the environment variable OPENAI_API_KEY"
    refusal = Answer({"error": {"message": "who are you?"}}, 401)
    with serving(lambda *_: refusal) as (url, _), pytest.raises(FeedbackError, match=expected):
        ask(url)


# interruptions

SCRIPT = """
import sys
from pathlib import Path
from feedback_lightning.generation.endpoint import EndpointConfig, EndpointGenerator
from feedback_lightning.generation.schema import Request
from feedback_lightning.generation.transcript import collect

url, transcript = sys.argv[1:]
requests = [Request([{"role": "user", "content": f"question {n}"}]) for n in range(20)]
config = EndpointConfig("model", url, retries=0, timeout=20, concurrency=3)
collect(EndpointGenerator(config), requests, Path(transcript))
"""


def start(url, transcript, **environment):
    command = [sys.executable, "-c", SCRIPT, url, str(transcript)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **environment}, **pipes)


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT], ids=["SIGKILL", "Ctrl-C"])
def test_killed_half_way_and_resumed_without_paying_twice(tmp_path, blow):
    path = tmp_path / "transcript.jsonl"
    half, never = threading.Event(), threading.Event()

    def answer(number, body):
        reply = echo(body)
        if number >= 10:  # who asks for an eleventh, three at a time, has 8 replies at least
            half.set()
            reply.hold = never
        return reply

    with serving(answer) as (url, seen):
        process = start(url, path)
        assert half.wait(60)
        process.send_signal(blow)
        output, _ = process.communicate(timeout=10)  # it does not wait for the three on their way
        assert process.returncode != 0
        kept = read_transcript(path)
        asked = [request["messages"][-1]["content"] for request in seen]
        assert 8 <= len(kept) <= 10
        assert len(asked) <= len(kept) + 3
        assert blow == signal.SIGKILL or f"{len(kept)} of 20 replies are in" in output
        never.set()
        answered = {reply.text.removeprefix("reply to ") for reply in kept.values()}

        resumed = start(url, path)
        resumed.communicate(timeout=60)
        assert resumed.returncode == 0
    counts = Counter(request["messages"][-1]["content"] for request in seen)
    assert len(counts) == len(read_transcript(path)) == 20
    assert all(counts[question] == 1 for question in answered)
    assert sum(counts.values()) <= 20 + 3


def test_debug_output_does_not_hold_the_key(tmp_path):
    with serving(lambda _, body: echo(body)) as (url, seen):
        process = start(url, tmp_path / "transcript.jsonl", OPENAI_API_KEY=KEY, OPENAI_LOG="debug")
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert "HTTP Response" in output  # the client does speak
    assert all(request["key"] == f"Bearer {KEY}" for request in seen)
    assert KEY not in output


# settings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model": ""}, "model is missing"),
        ({"base_url": "localhost:8000"}, "base_url 'localhost:8000' is no endpoint's address"),
        ({"base_url": "ftp://localhost"}, "base_url"),
        ({"base_url": "http://"}, "base_url"),
        ({"base_url": "http://localhost:99999/v1"}, "base_url"),
        ({"base_url": "http://key@localhost/v1"}, "base_url"),
        ({"base_url": "http://localhost/v1?key=1"}, "base_url"),
        ({"concurrency": 0}, "concurrency of the endpoint must be positive, not 0"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"timeout": 0}, "timeout"),
        ({"retries": -1}, "retries"),
        ({"usd_per_million_prompt": 1.0}, "one price is missing"),
        ({"usd_per_million_prompt": -1.0, "usd_per_million_completion": 1.0}, "usd_per_million_prompt"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings, message):
    with pytest.raises(FeedbackError, match=message):
        EndpointConfig(**{"model": "m", **settings})


def test_identity_names_what_replies_depend_on():
    def identity(**settings):
        return EndpointGenerator(
            EndpointConfig(**{"model": "m", "base_url": "http://localhost/v1", **settings})
        ).identity

    assert identity() == "m at http://localhost/v1 max_tokens=1024"
    assert identity(stop=("x",), omit=("seed",)) == "m at http://localhost/v1 max_tokens=1024 stop=['x'] omit=['seed']"
    prices = {"usd_per_million_prompt": 1.0, "usd_per_million_completion": 2.0}
    assert identity(concurrency=9, timeout=9, retries=9, key_variable="MY_KEY", **prices) == identity()
    assert len({identity(), identity(model="n"), identity(base_url="http://gpu/v1"), identity(max_tokens=9)}) == 4


def test_costs_are_counted_by_the_prices_given():
    config = EndpointConfig("m", usd_per_million_prompt=3.0, usd_per_million_completion=15.0)
    used = usage([Reply("x", 1000, 100, "stop"), Reply("y", 2000, 300, "length")])
    assert config.cost(used) == pytest.approx(3000 * 3e-6 + 400 * 15e-6)
    assert EndpointConfig("m").cost(used) is None


def test_the_configuration_is_read_from_the_command_line():
    from jsonargparse import auto_cli

    def command(endpoint: EndpointConfig):
        return endpoint

    args = "--endpoint.model m --endpoint.base_url http://gpu:8000/v1 --endpoint.stop ['a','b'] --endpoint.omit [seed]"
    config = auto_cli(command, args=args.split(), as_positional=False)
    assert config == EndpointConfig("m", "http://gpu:8000/v1", stop=("a", "b"), omit=("seed",))
    with pytest.raises(FeedbackError, match=r"concurrency"):
        auto_cli(command, args=[*args.split(), "--endpoint.concurrency=0"], as_positional=False)
