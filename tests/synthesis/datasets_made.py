"""Small datasets of our own, on the disk."""

import json
from pathlib import Path

PROGRAMS = {
    "double": [
        "def double(n):\n    return 2 * n\n",
        "def double(n):\n    result = n\n    result += n\n    return result\n",
        "def double(n):\n    total = 0\n    for i in range(2):\n        total = total + n\n    return total\n",
    ],
    "triple": [
        "def triple(n):\n    return 3 * n  # that is all\n",
        "def triple(n):\n    total = 0\n    for part in [n, n, n]:\n        total += part\n    return total\n",
        "def triple(n):\n    total = 0\n    while n != 0:\n        total += 3\n        n -= 1\n    return total\n",
    ],
}
FACTORS = {"double": 2, "triple": 3}


def write_dataset(root: Path, problems: dict[str, str], correct: bool) -> Path:
    """problems/ and, if asked for, correct_programs/ with three programs for each problem, given as {id: slug}."""
    (root / "problems").mkdir(parents=True, exist_ok=True)
    for problem_id, slug in problems.items():
        problem = {
            "id": problem_id,
            "title": slug,
            "description": f"Write {slug}(n).",
            "signature": f"def {slug}(n):\n    pass",
            "tests": [{"input": f"{slug}({n})", "output": str(FACTORS[slug] * n)} for n in (0, 1, 4, 7)],
        }
        (root / "problems" / f"{problem_id}_{slug}.json").write_text(json.dumps(problem))
        if correct:
            folder = root / "correct_programs" / f"{problem_id}_{slug}"
            folder.mkdir(parents=True)
            for i, code in enumerate(PROGRAMS[slug]):
                (folder / f"p{i}.py").write_text(code)
    return root
