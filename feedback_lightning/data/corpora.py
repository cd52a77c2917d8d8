"""Read programs that were handed in, from whichever of four layouts they are in.

    this project's                  problems/*.json, training_raw.json, ...                 (readers.py)
    the NUS student corpus's        question_*/ans/, question_*/code/                       (nus_corpus.py)
    QuixBugs'                       json_testcases/, python_programs/                       (quixbugs.py)
    a problem bank's                <name>.json for each problem, with its solutions        (bank.py)

The last three also from a .zip archive.
"""

from pathlib import Path

from feedback_lightning.data.bank import is_bank, read_bank
from feedback_lightning.data.layout import children, open_folder
from feedback_lightning.data.nus_corpus import questions, read_nus_corpus
from feedback_lightning.data.quixbugs import read_quixbugs
from feedback_lightning.data.readers import (
    TRAINING_FILE,
    read_correct_programs,
    read_evaluation,
    read_problems,
    read_training,
)
from feedback_lightning.data.schema import Corpus, Program
from feedback_lightning.errors import DataError


def read_programs(path: str | Path) -> Corpus:
    """The problems and programs of a folder or .zip archive, or of the first folder in it that is in a known layout.

    Nothing is run, so a label is what the corpus says.

    Raises:
        DataError: the layout is none of the four, or something in it is wrong; names the file and the entry.
    """
    root = open_folder(path)
    for folder in (root, *filter(lambda child: child.is_dir(), children(root))):
        if (folder / "problems").is_dir():
            if not isinstance(folder, Path):
                raise DataError(str(folder), "problems/ is read from folders only; unpack the archive first")
            return _read_own(folder)
        if (folder / "json_testcases").is_dir():
            return read_quixbugs(folder)
        if questions(folder):
            return read_nus_corpus(folder)
        if is_bank(folder):
            return read_bank(folder)
    raise DataError(
        path,
        "no programs in a known layout; expected problems/ with correct_programs/, training_raw.json or"
        " evaluation_data/, folders with ans/ and code/ for each question, json_testcases/ with python_programs/, or"
        " JSON files of problems with solutions",
    )


def _read_own(root: Path) -> Corpus:
    """Buggy programs are wrong, repairs of them correct. Each kind of programs may be missing, but not all."""
    problems = read_problems(root)
    training = read_training(root, problems) if (root / TRAINING_FILE).exists() else []
    evaluation = read_evaluation(root, problems) if (root / "evaluation_data").exists() else []
    programs = read_correct_programs(root, problems) if (root / "correct_programs").exists() else []
    if not training and not evaluation and not programs:
        raise DataError(
            root, f"no programs: neither correct_programs/ nor {TRAINING_FILE} nor evaluation_data/ is there"
        )
    for pairs, held_out in ((training, False), (evaluation, True)):
        for pair in pairs:
            programs.append(Program(pair.problem, pair.name, pair.code, "wrong", held_out=held_out))
            if pair.fixed is not None:
                repair = Program(pair.problem, pair.name, pair.fixed, "correct", repair_of=pair.code, held_out=held_out)
                programs.append(repair)
    return Corpus(problems, tuple(programs))
