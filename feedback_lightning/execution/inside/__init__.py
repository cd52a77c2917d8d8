"""What runs inside a sandbox: the standard library only, and nothing of ours outside this folder.

    host ── requests ──> zygote ──┬─ fork ──> one process for all tests of a program, if that makes no difference
         <── results ──────┘      └─ fork ──> one process for a program ── fork ──> one process for each test

- `zygote.py` is process 1 of the sandbox. It never reads a program nor what one prints, so that the next one finds
  nothing of it in its memory. After each program it compares the sandbox (limits, files, shared memory) with how it was
  at the beginning, and ends if anything differs: the host then makes a new one.
- Most programs cannot change anything in the interpreter: they import nothing, make no class, and name only pure
  builtins and methods of data types (`traces.py` checks their bytecode). Their tests run one after another in one
  process, each from the top with new globals. Tests that do not end well there are run again by themselves.
- `program.py` is the process of a program whose tests run by themselves. It runs nothing itself: each test runs in a
  fork of it, and whatever outlives its test is killed.
- `interpreter.py` is what the process of a test does. It has no way to the host, and the expected outputs never come
  here.

A test sees what `python program.py` sees: its file, `__main__`, the modules that a new interpreter has loaded, how deep
it can recurse, an empty standard input, block-buffered output, exit handlers, threads that are waited for, finalisers.
What differs: site-packages are not on the path; strings hash alike in every run (PYTHONHASHSEED=0); the environment is
the sandbox's, without /proc and /dev/shm; a program that sets its recursion limit gets some frames less; a NUL byte
is an error in every version of Python; and who looks for it finds this package's frames below the program's, and other
sys.flags.
"""
