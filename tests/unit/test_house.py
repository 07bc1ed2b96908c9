"""Data goes one way: what a package may import, and what a model may read."""

import ast
import re

import pytest

from tests.conftest import ROOT

# Each may use itself and what stands here.
USES = {
    "vocabulary": set(),
    "ingest": {"vocabulary"},
    "figures": {"vocabulary"},
    "expectations": {"ingest.shared", "vocabulary"},
    "publish": {"ingest.shared", "vocabulary"},
    "pipeline": {"expectations", "figures", "ingest", "publish", "vocabulary"},
}
# Within ingest, likewise.
ROOMS = {
    "shared": set(),
    "codebook": {"shared"},
    "routing": {"codebook", "shared"},
    "exports": {"codebook", "shared"},
    "authoring": {"codebook", "exports", "routing", "shared"},
}
MODELS = ROOT / "dbt_project/models"
LAYERS = ["staging", "intermediate", "marts", "audit", "public_release"]


def list_imports(folder):
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            yield from ((path.relative_to(ROOT), name) for name in names if name)


@pytest.mark.parametrize("package", USES)
def test_package_uses_only_what_stands_above_it(package):
    ours = {*USES}
    wrong = [
        (str(path), name)
        for path, name in list_imports(ROOT / package)
        if name.split(".")[0] in ours - {package}
        and not any(f"{name}.".startswith(f"{used}.") for used in USES[package])
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_room_of_ingest_uses_only_what_stands_above_it(room):
    wrong = [
        (str(path), name)
        for path, name in list_imports(ROOT / "ingest" / room)
        if name.startswith("ingest.") and name.split(".")[1] not in {room, *ROOMS[room]}
    ]
    assert wrong == []


def read_models():
    """Each model with its layer and what it reads."""
    for path in sorted(MODELS.rglob("*")):
        if path.suffix in (".sql", ".py"):
            text = path.read_text("utf-8")
            yield path.stem, path.relative_to(MODELS), re.findall(r"ref\(['\"](\w+)['\"]\)", text)


def test_no_model_reads_what_is_made_after_it():
    layer = {name: LAYERS.index(path.parts[0]) for name, path, _ in read_models()}
    # A finding tells of marts, and what may be published of both.
    back = [(name, read) for name, _, reads in read_models() for read in reads
            if layer[read] > layer[name]]  # fmt: skip
    assert back == []
    assert len(layer) > 60


def test_every_intermediate_model_has_its_subject_and_several_readers():
    readers: dict[str, int] = {}
    for _, path, reads in read_models():
        for read in reads:
            # What Python reads cannot be merged into it.
            readers[read] = readers.get(read, 0) + (1 if path.suffix == ".sql" else 2)
    once = set()
    for name, path, _ in read_models():
        if path.parts[0] == "intermediate":
            assert len(path.parts) == 3, path
            # One in Python, and one that a view keeps apart from its fact, cannot be merged.
            if readers.get(name, 0) < 2 and path.suffix == ".sql":
                once.add(name)
    assert once == set()


def test_publish_reads_figures_from_the_release_alone():
    # Research files are not for the public; what a municipality answered goes to itself alone.
    allowed = {
        "research.py": ("marts.",),
        # For an analyst on one machine; nothing of it is for the public, and it says so.
        "crossing.py": ("marts.", "intermediate.int_municipality_frames"),
        "sheets.py": ("marts.fct_municipality_answers",),
        "reading.py": (
            *("marts.dim_questions", "marts.bridge_question_editions", "marts.dim_options"),
            *("marts.bridge_option_editions", "marts.mart_questionnaire_changes"),
        ),
        "serving.py": ("marts.dim_editions",),
        # Counts of published figures that are the same, and what explains those that are not.
        "quality.py": ("marts.mart_published_reconciliation",),
    }
    wrong = [
        (path.name, table)
        for path in sorted((ROOT / "publish").rglob("*.py"))
        for table in re.findall(
            r"\b(?:(?:marts|intermediate|staging|raw|restricted)\.\w+|audit\.figure_changes)",
            path.read_text("utf-8"),
        )
        if not table.startswith(allowed.get(path.name, ("nothing",)))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["requirements.lock", "audit.lock"])
def test_lock_has_names_versions_and_hashes_only(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()
    strange = [
        line
        for line in lines
        if not re.fullmatch(
            r"[A-Za-z0-9._\-\[\],]+==[^\s;]+( ; [^\\]+)? \\|    --hash=sha256:\w{64}( \\)?", line
        )
    ]
    assert len(lines) > 300
    assert strange == []
