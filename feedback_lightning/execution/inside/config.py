"""What the host says when a sandbox starts."""


class Config:
    """Everything that does not depend on the program.

    Args:
        folder: the programs' working directory: empty, and the only place where they can write (tier "limits": the
            only place where they should).
        uid: the user to become, or None to stay.
        own_namespaces: whether processes and shared memory of this sandbox are separate from all others.
        test_seconds: wall-clock time of a test, at most.
        limits: {name of a RLIMIT_ constant without its prefix: value} for each process of a test.
    """

    def __init__(
        self,
        folder: str,
        uid: int | None,
        own_namespaces: bool,
        test_seconds: float,
        limits: dict[str, int],
    ) -> None:
        self.folder, self.uid, self.own_namespaces = folder, uid, own_namespaces
        self.test_seconds, self.limits = test_seconds, limits
