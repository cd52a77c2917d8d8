"""The two pipes to the host.

The host sends a marshalled configuration, then for each program the marshalled (program, tests, seconds); each is
preceded by its size in 8 bytes. The zygote answers READY. For each test comes back one result: a byte that says how it
ended, then exit code, microseconds, size of output and size of errors in 8 bytes each, output, errors. After the last
one comes FIT if the sandbox can take another program, CHANGED if it is not as it was (the tests not answered for have
not begun), or BROKEN if the program's process was killed (the first test not answered for did that).
"""

import os

READY, FIT, CHANGED, BROKEN = b"r", b"+", b"c", b"b"
ENDED, TIME_LIMIT, OUTPUT_LIMIT = b"e", b"t", b"o"


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

    def read_size(self) -> int:
        """The size of the next message; 0 if the host has closed the pipe."""
        return int.from_bytes(self.read(8), "big")

    def send(self, message: bytes) -> None:
        while message:
            message = message[os.write(self.results, message) :]


def as_message(ended: bytes, code: int, microseconds: int, output: bytes, errors: bytes) -> bytes:
    """One result."""
    numbers = (code, microseconds, len(output), len(errors))
    return b"".join((ended, *(number.to_bytes(8, "big", signed=True) for number in numbers), output, errors))
