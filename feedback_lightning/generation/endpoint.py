"""Replies from an OpenAI-compatible endpoint: OpenAI's own, or any server that speaks its chat completions.

Requests go out through the official client, `concurrency` at a time. The client repeats what may pass (time-outs, lost
connections, the statuses 408, 409, 429 and 5xx) after 0.5 s, 1 s, 2 s … up to 8 s, each less up to a quarter at
random, or when the server's Retry-After says, up to two minutes.

The key is read from the environment and sent to the endpoint. It stands in no configuration, transcript or message.

What is not covered: streaming; the price of replies that are lost on their way, since nobody tells it.
"""

import ipaddress
import itertools
import json
import os
import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from feedback_lightning.errors import FeedbackError
from feedback_lightning.generation.schema import Reply, Request
from feedback_lightning.generation.transcript import Usage

NO_KEY = "none"  # the client wants one, even if the server does not
CONNECT_TIMEOUT = 10.0  # seconds


@dataclass(frozen=True)
class EndpointConfig:
    """Which endpoint answers, and how it is asked.

    Args:
        model: as the endpoint calls it.
        base_url: the endpoint's address, up to what comes before /chat/completions.
        key_variable: environment variable that holds the key; a server on this machine or network may need none.
        max_tokens: of a reply, at most. A model that thinks before it replies needs room for that, too.
        stop: texts that end a reply.
        omit: what not to send to models that refuse it, as OpenAI's reasoning models refuse a temperature.
        concurrency: requests at a time.
        timeout: seconds to wait for a reply before it is asked for again.
        retries: times that one request is sent again after failures that may pass.
        usd_per_million_prompt: price of a million prompt tokens, in USD. Without prices no costs are counted.
        usd_per_million_completion: price of a million completion tokens, in USD.

    Raises:
        FeedbackError: a setting that cannot be meant.
    """

    model: str
    base_url: str = "https://api.openai.com/v1"
    key_variable: str = "OPENAI_API_KEY"
    max_tokens: int = 1024
    stop: tuple[str, ...] = ()
    omit: tuple[Literal["temperature", "seed", "max_tokens"], ...] = ()
    concurrency: int = 4
    timeout: float = 120.0
    retries: int = 5
    usd_per_million_prompt: float | None = None
    usd_per_million_completion: float | None = None

    def __post_init__(self) -> None:
        if not self.model:
            raise FeedbackError("the endpoint's model is missing; give the name that the endpoint knows it by")
        if not _is_address(self.base_url):
            example = "https://api.openai.com/v1 or http://localhost:8000/v1"
            raise FeedbackError(f"base_url {self.base_url!r} is no endpoint's address, such as {example}")
        for name in ("max_tokens", "concurrency", "timeout"):
            if getattr(self, name) <= 0:
                raise FeedbackError(f"{name} of the endpoint must be positive, not {getattr(self, name)}")
        for name in ("retries", "usd_per_million_prompt", "usd_per_million_completion"):
            if (getattr(self, name) or 0) < 0:
                raise FeedbackError(f"{name} of the endpoint cannot be negative: {getattr(self, name)}")
        if (self.usd_per_million_prompt is None) != (self.usd_per_million_completion is None):
            raise FeedbackError("one price is missing: give usd_per_million_prompt and usd_per_million_completion")

    def cost(self, used: Usage) -> float | None:
        """What replies cost in USD; None without prices.

        >>> config = EndpointConfig("m", usd_per_million_prompt=0.5, usd_per_million_completion=2.0)
        >>> config.cost(Usage(replies=3, prompt_tokens=1_000_000, completion_tokens=500_000))
        1.5
        """
        if self.usd_per_million_prompt is None or self.usd_per_million_completion is None:
            return None
        prompt = used.prompt_tokens * self.usd_per_million_prompt
        return (prompt + used.completion_tokens * self.usd_per_million_completion) / 1e6


class EndpointGenerator:
    """A Generator that asks an endpoint; each request is one completion with a seed of its own.

    Whether equal requests get equal replies, even at temperature 0, is up to the endpoint.

    Args:
        config: which endpoint, and how.

    Raises:
        FeedbackError: the endpoint needs a key, and there is none.
    """

    def __init__(self, config: EndpointConfig) -> None:
        self.config = config
        self._key = _read_key(config)

    @property
    def identity(self) -> str:
        config = self.config
        settings = {"max_tokens": config.max_tokens, "stop": list(config.stop), "omit": list(config.omit)}
        return " ".join([f"{config.model} at {config.base_url}", *(f"{k}={v}" for k, v in settings.items() if v)])

    def replies(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """(index of the request, its reply), each as soon as it is complete.

        Once a request has failed for good no other is sent; the replies to those already sent still come.

        Raises:
            FeedbackError: a request failed for good: what came back, and what to do.
        """
        client = self._client()
        arrived: queue.SimpleQueue[tuple[int, Reply | Exception]] = queue.SimpleQueue()

        def ask(index: int, request: Request) -> None:
            try:
                arrived.put((index, self._ask(client, request)))
            except Exception as error:
                arrived.put((index, error))

        waiting, flying, failure = enumerate(requests), 0, None
        while True:
            room = 0 if failure else self.config.concurrency - flying
            for item in itertools.islice(waiting, room):
                # a daemon, so that Ctrl-C need not wait for it
                threading.Thread(target=ask, args=item, daemon=True).start()
                flying += 1
            if not flying:
                break
            index, answer = arrived.get()
            flying -= 1
            if isinstance(answer, Reply):
                yield index, answer
            else:
                failure = failure or answer
        if failure:
            raise failure

    def _client(self) -> Any:
        from openai import OpenAI, Timeout  # takes a second to import

        config = self.config
        timeout = Timeout(config.timeout, connect=CONNECT_TIMEOUT)
        return OpenAI(api_key=self._key, base_url=config.base_url, timeout=timeout, max_retries=config.retries)

    def _ask(self, client: Any, request: Request) -> Reply:
        from openai import OpenAIError

        try:
            response = client.chat.completions.with_raw_response.create(**self._parameters(request))
        except OpenAIError as error:
            raise self._failure(error) from error
        try:
            return read_completion(response.http_response.text)
        except ValueError as error:
            raise FeedbackError(self._without_key(f"{self.config.base_url} sent no chat completion: {error}")) from None

    def _parameters(self, request: Request) -> dict[str, Any]:
        config = self.config
        # OpenAI's newer models know the one name only, most other servers the other
        openai = "openai" in (urlsplit(config.base_url).hostname or "")
        settings = {"temperature": request.temperature, "seed": request.seed, "max_tokens": config.max_tokens}
        sent: dict[str, Any] = {name: value for name, value in settings.items() if name not in config.omit}
        if openai and "max_tokens" in sent:
            sent["max_completion_tokens"] = sent.pop("max_tokens")
        if config.stop:
            sent["stop"] = list(config.stop)
        return {"model": config.model, "messages": request.messages, **sent}

    def _failure(self, error: Exception) -> FeedbackError:
        """What a request that failed for good means for the user."""
        from openai import APIConnectionError, APIStatusError, APITimeoutError

        config, url = self.config, self.config.base_url
        if isinstance(error, APITimeoutError):
            limits = f"no connection within {CONNECT_TIMEOUT:g} s or no reply within {config.timeout:g} s"
            advice = "if it is only slow, raise timeout or lower concurrency"
            message = f"{url} gave {limits}, asked {config.retries + 1} times; {advice}"
        elif isinstance(error, APIConnectionError):
            message = f"cannot reach {url}: {error.__cause__ or error}; is the server running, and base_url right?"
        elif isinstance(error, APIStatusError):
            status, said = error.status_code, _shortened(self._without_key(error.response.text))
            message = f"{url} answered {status}: {said}; {self._advice(status)}"
        else:
            message = f"{url} cannot be asked: {error}"
        return FeedbackError(self._without_key(message))

    def _advice(self, status: int) -> str:
        config = self.config
        if status in (401, 403):
            verb = "put a key in" if self._key == NO_KEY else "check the key in"
            return f"{verb} the environment variable {config.key_variable}"
        if status == 404:
            return f"is there a model {config.model!r}, and is base_url right? It often ends in /v1"
        if status in (408, 409, 429) or status >= 500:
            return "try again later, or lower concurrency"
        return "what the model refuses can be left out with omit"

    def _without_key(self, message: str) -> str:
        return message if self._key == NO_KEY else message.replace(self._key, "[key]")


def read_completion(body: str) -> Reply:
    """The reply in the body of a chat completion.

    A refusal is the reply of a model that refuses. The reply is empty if the limit was reached before its first word.
    Whatever ended it but the limit counts as the model's own end.

    >>> message = '{"message": {"content": "Hello"}, "finish_reason": "stop"}'
    >>> read_completion('{"choices": [%s], "usage": {"prompt_tokens": 9, "completion_tokens": 1}}' % message)
    Reply(text='Hello', prompt_tokens=9, completion_tokens=1, finish='stop')

    Raises:
        ValueError: what is wrong with it, and the body.
    """
    try:
        completion = json.loads(body)
    except ValueError:
        raise ValueError(f"not JSON: {_shortened(body)}") from None
    match completion:
        case {"choices": [{"message": {**message}, **choice}, *_]}:
            pass
        case _:
            raise ValueError(f"no choices with a message: {_shortened(body)}")
    match completion:
        case {"usage": {"prompt_tokens": int(prompt_tokens), "completion_tokens": int(completion_tokens)}}:
            pass
        case _:
            raise ValueError(f"no usage with prompt_tokens and completion_tokens: {_shortened(body)}")
    cut = choice.get("finish_reason") == "length"
    candidates = (message.get("content"), message.get("refusal"), "" if cut else None)
    text = next((candidate for candidate in candidates if isinstance(candidate, str)), None)
    if text is None:
        raise ValueError(f"a message without content: {_shortened(body)}")
    text = text.encode(errors="replace").decode()  # JSON can hold half a character, files cannot
    return Reply(text, prompt_tokens, completion_tokens, "length" if cut else "stop")


def _read_key(config: EndpointConfig) -> str:
    key = os.environ.get(config.key_variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise FeedbackError(f"the environment variable {config.key_variable} holds no key: it has odd characters")
    if not key and not _is_local(config.base_url):
        raise FeedbackError(
            f"{config.base_url} needs a key: put it in the environment variable {config.key_variable},"
            " or name the variable that holds it with key_variable"
        )
    return key or NO_KEY


def _is_address(url: str) -> bool:
    """Whether it is an http(s) address without a name, password or query in it, where a key might be."""
    try:
        parts = urlsplit(url)
        plain = parts.netloc == parts.netloc.rpartition("@")[2] and not parts.query and parts.port != 0
    except ValueError:  # no such port
        return False
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_local(url: str) -> bool:
    """Whether the server is on this machine or in its network.

    >>> [_is_local(f"http://{host}:8000/v1") for host in ("localhost", "127.0.0.1", "[::1]", "192.168.0.7", "gpu-box")]
    [True, True, True, True, True]
    >>> [_is_local(f"https://{host}/v1") for host in ("api.openai.com", "8.8.8.8")]
    [False, False]
    """
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


def _shortened(text: str, length: int = 300) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[:length]} …"
