"""Run programs nobody trusts, each with its tests.

    from feedback_lightning.execution import Submission, run_programs

    outcomes = run_programs([Submission(code, problem.tests)])
    outcomes[0].passed, outcomes[0].tests[0].status, outcomes[0].tier

A test appends `result = <input>` and `print(result)` to the program, runs it in a fresh interpreter state, and passes
if standard output equals the expected output, both stripped. The expected outputs stay here; programs and inputs go to
sandboxes, one for each worker, in which every program gets a process of its own (see `inside`).

Whatever the tier, each test has limits (`Limits`) on time, memory, processes, open files and output, the processes that
it leaves behind are killed, a program that has disturbed its sandbox gets no successor there, and one that has ended it
fails that test and no other. Programs have no capabilities and gain none from set-user-ID files. Where we are root,
they run as a user that nobody else is. What else is covered depends on the tier, which is in every outcome:

- "bubblewrap", where bwrap 0.8 or newer is installed: they see a few folders of the system and Python's own, read-only,
  and an empty private /tmp that is also their working directory and home. They do not see this repository, other home
  folders, data, /proc or /sys. They have no network, not even the loopback of this machine, and see no other processes
  and no shared memory but their own.
- "namespaces", on Linux 5.14 or newer where user namespaces are allowed or we are root: the same, made by
  `namespaces.py` without bubblewrap; and no further user namespaces (with bubblewrap: except for root).
- "limits", anywhere on Linux: none of this. Programs can read what we can read, expected outputs included if they know
  where, and use the network and shared memory; the sum of their files is not limited. As root, they can write nothing
  but their own folder and what is open to everybody. As an ordinary user, they can do to this user's files and
  processes whatever the user can, and processes that hide from their parent may be left behind.

What no tier covers: there is no seccomp filter, so that a fault in the kernel can be reached through any system call;
kernel keyrings are not separated; memory is limited for each process, so that a program may use `processes` times as
much; programs can measure time and so what else the machine does. Only Linux is supported.
"""

from feedback_lightning.execution.pool import run_programs
from feedback_lightning.execution.schema import Limits, Outcome, Submission, TestOutcome

__all__ = ["Limits", "Outcome", "Submission", "TestOutcome", "run_programs"]
