"""Every request and its reply, kept as they arrive, so that no reply is paid for or computed twice.

A transcript is a file of JSON lines, one for each reply: when it came, who answered (the generator's identity), what
was asked (messages, temperature, seed, what it must differ from) and what came back (reply, token counts, how it
ended), under a key made of who and what. A process that is killed loses the replies in flight and no other. If the kill
tears the last line, the line is dropped when the transcript is continued, and its request is asked again.

What is not covered: two commands that write to one transcript at the same time may both ask the same request.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from feedback_lightning.errors import DataError, FeedbackError
from feedback_lightning.generation.schema import Generator, Reply, Request
from feedback_lightning.progress import LateProgress

BEGIN = b'{"key": "'  # of every line


def collect(
    generator: Generator, requests: Sequence[Request], transcript: Path | None = None, description: str = "asking"
) -> list[Reply]:
    """The replies to `requests`, in their order. Only what the transcript lacks is asked, and equal requests once.

    Args:
        generator: who answers.
        requests: what is asked.
        transcript: keeps each reply as soon as it arrives; made if it is not there.
        description: what the progress bar calls the work.

    Raises:
        DataError: the transcript cannot be read or written.
        FeedbackError: the generator failed; the replies that it had given by then are in the transcript.
    """
    identity = generator.identity
    keys = [request_key(identity, request) for request in requests]
    replies = read_transcript(transcript) if transcript else {}
    missing = {key: request for key, request in zip(keys, requests, strict=True) if key not in replies}
    if missing and transcript:
        _prepare(transcript)
    wanted, asked = len(set(keys)), list(missing)
    with LateProgress() as progress:
        bar = progress.add_task(description, total=wanted, completed=wanted - len(asked))
        try:
            for index, reply in generator.replies(list(missing.values())) if missing else ():
                key = asked[index]
                if transcript:
                    _append(transcript, key, identity, missing[key], reply)
                replies[key] = reply
                progress.advance(bar)
        except (FeedbackError, KeyboardInterrupt) as error:
            if not transcript:
                raise
            done = sum(key in replies for key in set(keys))
            kept = f"{done} of {wanted} replies are in {transcript}; the same command asks for the others"
            if isinstance(error, FeedbackError):
                raise FeedbackError(f"{error}\n{kept}") from error
            progress.console.print(kept, highlight=False, markup=False, soft_wrap=True)
            raise
    return [replies[key] for key in keys]


def request_key(identity: str, request: Request) -> str:
    """What a reply is found by: 32 hexadecimal digits made of who is asked and what.

    >>> request_key("model", Request([{"role": "user", "content": "hello"}], temperature=0, seed=1))
    '0223830ff319b545dd07b5855010093c'
    """
    asked = [identity, request.messages, float(request.temperature), request.seed]
    if request.unlike is not None:
        asked += [request.unlike, request.departure]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Usage:
    """What replies took: how many there are, and their tokens, summed."""

    replies: int
    prompt_tokens: int
    completion_tokens: int


def usage(replies: Iterable[Reply]) -> Usage:
    """Sum up replies; those of a transcript with usage(read_transcript(path).values()).

    >>> usage([Reply("a", 10, 1, "stop"), Reply("b", 20, 2, "stop")])
    Usage(replies=2, prompt_tokens=30, completion_tokens=3)
    """
    counts = [(reply.prompt_tokens, reply.completion_tokens) for reply in replies]
    return Usage(len(counts), sum(prompt for prompt, _ in counts), sum(completion for _, completion in counts))


def read_transcript(path: Path) -> dict[str, Reply]:
    """The replies of a transcript by request_key; none if there is no such file.

    Raises:
        DataError: the file cannot be read, or has a line that is no entry, other than a torn last one.
    """
    lines, _ = _read_lines(path)
    return dict(_read_entry(path, number, line) for number, line in enumerate(lines, start=1))


def _read_lines(path: Path) -> tuple[list[bytes], bytes]:
    """The complete lines, and what a kill has left of one more."""
    try:
        *lines, torn = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], b""
    except OSError as error:
        raise DataError(path, f"cannot be read: {error.strerror}") from None
    if torn[: len(BEGIN)] != BEGIN[: len(torn)]:
        raise DataError(path, "not a transcript; give another file", line=len(lines) + 1)
    return lines, torn


def _read_entry(path: Path, number: int, line: bytes) -> tuple[str, Reply]:
    try:
        entry = json.loads(line)
        reply = Reply(entry["reply"], entry["prompt_tokens"], entry["completion_tokens"], entry["finish"])
        return entry["key"], reply
    except (ValueError, TypeError, KeyError):
        message = "not an entry of a transcript; give another file, or remove the line and its request is asked again"
        raise DataError(path, message, line=number) from None


def _prepare(path: Path) -> None:
    """Make sure that entries can be appended, before anything is asked; drop a torn last line."""
    _, torn = _read_lines(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.truncate(file.tell() - len(torn))
    except OSError as error:
        raise DataError(path, f"cannot be written: {error.strerror}") from None


def _append(path: Path, key: str, identity: str, request: Request, reply: Reply) -> None:
    entry = {
        "key": key,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "identity": identity,
        "messages": request.messages,
        "temperature": request.temperature,
        "seed": request.seed,
        "unlike": request.unlike,
        "departure": request.departure,
        "reply": reply.text,
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
        "finish": reply.finish,
    }
    # lone surrogates, which UTF-8 has not, become JSON's own escapes
    line = (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
    try:
        with path.open("ab") as file:
            file.write(line)
    except OSError as error:
        raise DataError(path, f"cannot be written: {error.strerror}") from None
