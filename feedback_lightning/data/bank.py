"""Read a problem bank: one JSON file for each problem, its correct programs included.

<name>.json      title, description, signature, tests: [{input, output}], solutions: [program, ...]
"""

from feedback_lightning.data.json_fields import field, read_json, text
from feedback_lightning.data.layout import Folder, children, slug
from feedback_lightning.data.readers import read_tests
from feedback_lightning.data.schema import Corpus, Problem, Program
from feedback_lightning.errors import DataError


def is_bank(folder: Folder) -> bool:
    """Whether the folder has JSON files and nothing else."""
    found = children(folder)
    return bool(found) and all(child.name.endswith(".json") for child in found)


def read_bank(folder: Folder) -> Corpus:
    """The problems, with their file's name as id, and their solutions, said to be correct."""
    problems: dict[str, Problem] = {}
    programs: list[Program] = []
    for path in children(folder, ".json"):
        raw, key = read_json(path), slug(path.name.removesuffix(".json"))
        if key in problems:
            raise DataError(str(path), f"its name makes the id {key}, and so does another file's; rename one")
        title = text(raw, "title", path)
        problems[key] = Problem(
            key, f"{key}_{slug(title)}", title, text(raw, "description", path), "", text(raw, "signature", path),
            read_tests(raw, path),
        )  # fmt: skip
        for i, solution in enumerate(field(raw, "solutions", path, kind=list)):
            if not isinstance(solution, str) or not solution.strip():
                raise DataError(str(path), "expected the text of a program", entry=f"solution {i}")
            programs.append(Program(key, f"{path.name}[{i}]", solution, "correct"))
    return Corpus(problems, tuple(programs))
