"""Programs that were handed in are found and read in each layout; what is in none is refused with what was expected."""

import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from feedback_lightning.data.corpora import read_programs
from feedback_lightning.errors import DataError


def make_nus(folder: Path) -> None:
    """One question with one program."""
    for name, text in {
        "description.txt": "Task: Twice\nReturn twice the number.\n",
        "ans/input_1.txt": "twice(2)",
        "ans/output_1.txt": "4",
        "code/wrong/a.py": "def twice(n):\n    return n\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def make_quixbugs(folder: Path) -> None:
    """One program without a bug that matters."""
    for name, text in {
        "json_testcases/twice.json": "[2, 4]\n",
        "python_programs/twice.py": "def twice(n):\n    return n + 2\n",
        "correct_python_programs/twice.py": "def twice(n):\n    return n + n\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def make_own(folder: Path) -> None:
    """This project's own data."""
    data = Path(__file__).resolve().parents[2] / "data"
    shutil.copytree(data / "problems", folder / "problems")
    shutil.copy(data / "training_raw.json", folder)


MAKERS = {"own": (make_own, 5), "nus": (make_nus, 1), "quixbugs": (make_quixbugs, 1)}


@pytest.mark.parametrize("layout", MAKERS)
@pytest.mark.parametrize("place", [".", "corpus-main"])
def test_each_layout_is_recognised_at_the_top_or_one_folder_down(tmp_path, layout, place):
    make, problems = MAKERS[layout]
    folder = tmp_path / place
    make(folder / "question_1" if layout == "nus" else folder)
    corpus = read_programs(tmp_path)
    assert len(corpus.problems) == problems
    assert {program.problem for program in corpus.programs} == set(corpus.problems)


@pytest.mark.parametrize("layout", ["nus", "quixbugs"])
def test_an_archive_reads_like_its_folder(tmp_path, layout):
    folder = tmp_path / "corpus"
    MAKERS[layout][0](folder / "question_1" if layout == "nus" else folder)
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    assert read_programs(archive) == read_programs(folder)


def test_the_own_layout_is_paired_and_its_evaluation_held_out(own_data):
    corpus = read_programs(own_data)
    kinds = Counter((program.label, program.held_out) for program in corpus.programs)
    repairs = [program for program in corpus.programs if program.repair_of is not None]
    handed_in = [program for program in corpus.programs if program.label == "correct" and not program.repair_of]
    assert kinds["wrong", False] == kinds["correct", False] - len(handed_in) > 100
    assert kinds["wrong", True] == kinds["correct", True] == 25
    assert {program.repair_of for program in repairs} == {p.code for p in corpus.programs if p.label == "wrong"}
    assert Counter(program.problem for program in handed_in).keys() == corpus.problems.keys()
    assert not any(program.held_out for program in handed_in)


def test_the_own_layout_with_one_kind_of_programs(tmp_path, own_data):
    make_own(tmp_path)
    assert not any(program.held_out for program in read_programs(tmp_path).programs)
    (tmp_path / "training_raw.json").unlink()
    with pytest.raises(DataError, match=r"neither correct_programs/ nor training_raw\.json nor evaluation_data/"):
        read_programs(tmp_path)
    shutil.copytree(own_data / "evaluation_data", tmp_path / "evaluation_data")
    assert all(program.held_out for program in read_programs(tmp_path).programs)
    shutil.rmtree(tmp_path / "evaluation_data")
    shutil.copytree(own_data / "correct_programs", tmp_path / "correct_programs")
    assert {program.label for program in read_programs(tmp_path).programs} == {"correct"}


def test_the_own_layout_with_programs_that_have_no_repair(tmp_path, own_data):
    make_own(tmp_path)
    (tmp_path / "training_raw.json").write_text('{"1": [{"buggy_code": "x"}]}')
    shutil.copytree(own_data / "evaluation_data", tmp_path / "evaluation_data")
    for fix in tmp_path.glob("evaluation_data/*/prog_[234]/fixed.py"):
        fix.unlink()
    programs = read_programs(tmp_path).programs
    kinds = Counter((program.label, program.held_out) for program in programs)
    assert kinds == {("wrong", False): 1, ("wrong", True): 25, ("correct", True): 10}


def test_a_mistake_in_the_own_layout_is_named_as_by_its_readers(tmp_path):
    make_own(tmp_path)
    (tmp_path / "training_raw.json").write_text('{"1": [\n{"buggy_code": ')
    with pytest.raises(DataError, match=r"training_raw\.json:2: broken JSON"):
        read_programs(tmp_path)


def test_the_own_layout_in_an_archive_is_refused(tmp_path):
    make_own(tmp_path / "data")
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "data")
    with pytest.raises(DataError, match="unpack the archive first"):
        read_programs(archive)


def test_what_is_no_corpus_is_refused(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "file.zip").write_text("not an archive")
    for path, message in {
        tmp_path: r"no programs in a known layout; expected problems/ .* ans/ .* json_testcases/",
        tmp_path / "nowhere": r"nowhere: no such folder or \.zip archive",
        tmp_path / "file.zip": r"file\.zip: neither a folder nor a \.zip archive",
    }.items():
        with pytest.raises(DataError, match=message):
            read_programs(path)


def damaged(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    place = content.index(b"Return twice")
    content[place : place + 6] = b"return"
    archive.write_bytes(bytes(content))


def encrypted(archive: Path) -> None:
    """Sets the flag that says so, in the file's own header and in the directory."""
    content = bytearray(archive.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(signature, place + 1)
    archive.write_bytes(bytes(content))


@pytest.mark.parametrize(("harm", "message"), [(damaged, "Bad CRC"), (encrypted, "encrypted")])
def test_an_archive_that_cannot_be_read(tmp_path, harm, message):
    make_nus(tmp_path / "corpus" / "question_1")
    archive = tmp_path / "corpus.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for path in sorted((tmp_path / "corpus").rglob("*.*")):
            file.write(path, path.relative_to(tmp_path / "corpus"))
    harm(archive)
    with pytest.raises(DataError, match=rf"question_1/\S+: cannot be read from the archive: .*{message}"):
        read_programs(archive)
