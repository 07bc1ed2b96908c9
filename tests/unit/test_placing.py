"""Folders put in their place whole: what stops half-way changes nothing, what is not ours stays."""

import pytest

from publish.placing import OutputError, placed


def write(folder, **files):
    with placed(folder) as draft:
        for name, text in files.items():
            path = draft / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def write_half(folder):
    with placed(folder) as draft:
        (draft / "index").write_text("half")
        raise KeyboardInterrupt


def read(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_new_files_take_the_place_of_the_old_ones(tmp_path):
    folder = tmp_path / "site"
    write(folder, index="1", data__a="1")
    write(folder, index="2", data__b="2")
    assert read(folder) == {"index": "2", "data/b": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_stops_half_way_changes_nothing(tmp_path):
    folder = tmp_path / "site"
    write(folder, index="1")
    with pytest.raises(KeyboardInterrupt):
        write_half(folder)
    assert read(folder) == {"index": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_is_not_ours_is_neither_deleted_nor_overwritten(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "thesis.docx").write_text("mine")
    with pytest.raises(OutputError, match="does not know as its own"):
        write(folder, index="1")
    assert read(folder) == {"thesis.docx": "mine"}
    (folder / "thesis.docx").unlink()
    write(folder, index="1")
    # Put there later, among ours.
    (folder / "data").mkdir()
    (folder / "data/mine").write_text("mine")
    write(folder, index="2")
    assert read(folder) == {"index": "2", "data/mine": "mine"}
    with pytest.raises(OutputError, match="stands in the place of a file"):
        write(folder, index="3", data__mine="ours")
    assert read(folder) == {"index": "2", "data/mine": "mine"}


def test_killed_between_out_and_in_comes_back(tmp_path):
    folder = tmp_path / "site"
    write(folder, index="1")
    folder.rename(tmp_path / ".site.old")
    (tmp_path / ".site.part").mkdir()
    (tmp_path / ".site.part/.made-by-gelijkekansen.json").write_text("[]")
    with pytest.raises(ZeroDivisionError), placed(folder):
        raise ZeroDivisionError
    assert read(folder) == {"index": "1"}
    write(folder, index="2")
    assert read(folder) == {"index": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_file_in_the_place_of_the_folder_stays(tmp_path):
    (tmp_path / "site").write_text("mine")
    with pytest.raises(OutputError):
        write(tmp_path / "site", index="1")
    assert (tmp_path / "site").read_text() == "mine"
