"""The two pipes to the host.

The host sends a marshalled configuration, preceded by its size in 8 bytes; the zygote answers READY. Then it sends, for
each program, TOGETHER or ALONE, a size, and as many bytes with the marshalled (program, tests, seconds).

- TOGETHER is answered by the sizes of two files and their contents: notes (for each test that has ended well, where
  its output ends and how many microseconds it took) and the output of these tests.
- ALONE is answered, for each test, by a byte that says how it ended, exit code, microseconds, size of output and size
  of errors, output, errors.

Then comes FIT if the sandbox can take another program, CHANGED if it is not as it was (the tests not answered for have
not begun), or BROKEN if the program's process was killed (the first test not answered for did that). All numbers take
8 bytes.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

READY, TOGETHER, ALONE = b"r", b"t", b"a"
FIT, CHANGED, BROKEN = b"+", b"c", b"b"
ENDED, TIME_LIMIT, OUTPUT_LIMIT = b"e", b"l", b"o"


class Host:
    """Reads requests and sends results.

    Args:
        requests, results: file descriptors.
    """

    def __init__(self, requests: int, results: int) -> None:
        self.requests, self.results = requests, results

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes; none if the host has closed the pipe."""
        data = b""
        while len(data) < size:
            part = os.read(self.requests, size - len(data))
            if not part:
                return b""
            data += part
        return data

    def read_number(self) -> int:
        return int.from_bytes(self.read(8), "big")

    def send(self, message: bytes) -> None:
        while message:
            message = message[os.write(self.results, message) :]

    def send_files(self, files: list[int]) -> None:
        """Sizes and contents, without reading them into this process."""
        sizes = [os.fstat(file).st_size for file in files]
        self.send(as_bytes(sizes))
        for file, size in zip(files, sizes, strict=True):
            sent = 0
            while sent < size:
                sent += os.sendfile(self.results, file, sent, size - sent)


def as_bytes(numbers: Iterable[int]) -> bytes:
    return b"".join(number.to_bytes(8, "big", signed=True) for number in numbers)


def as_numbers(data: bytes) -> list[int]:
    """
    >>> as_numbers(as_bytes([3, -1]))
    [3, -1]
    """
    return [int.from_bytes(data[at : at + 8], "big", signed=True) for at in range(0, len(data) - 7, 8)]
