"""A file that cannot be used: one sentence, one code, and every byte as it was."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from audit_engine.problems import Unusable
from audit_engine.records import sqlite_files
from audit_engine.records.database import create_database, open_database

from .conftest import Told

ORDINARY_USER = 65534


def nothing(_: Path) -> None:
    """Leave it missing."""


def some_bytes(content: bytes) -> Callable[[Path], None]:
    def make(file: Path) -> None:
        file.write_bytes(content)

    return make


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE t (a)")
        other.execute("PRAGMA application_id = 77")
        other.commit()


def patched(offset: int, value: int) -> Callable[[Path], None]:
    def make(file: Path) -> None:
        create_database(file, mode="live").close()
        content = bytearray(file.read_bytes())
        content[offset : offset + 4] = value.to_bytes(4, "big")
        file.write_bytes(content)

    return make


def truncated(file: Path) -> None:
    create_database(file, mode="live").close()
    os.truncate(file, 5_000)


def scrambled(file: Path) -> None:
    create_database(file, mode="live").close()
    content = bytearray(file.read_bytes())
    content[100:4096] = b"\xff" * 3996
    file.write_bytes(content)


BAD: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "missing": (nothing, "W001", "there is no such file"),
    "folder": (Path.mkdir, "W002", "this is a folder, not a file"),
    "empty": (some_bytes(b""), "W003", "the file is empty: it is no workspace, and was left as it is"),
    "short": (some_bytes(b"SQLite format 3\x00"), "W004", "the file is not a database"),
    "text": (some_bytes(b"case,audit\n" * 50), "W004", "the file is not a database"),
    "encrypted": (some_bytes(bytes(range(256)) * 16), "W004", "the file is not a database"),
    "fifo": (os.mkfifo, "W004", "this is not an ordinary file"),
    "foreign": (foreign, "W005", "the database belongs to another program"),
    "newer": (
        patched(60, 6),
        "W006",
        "the database was made by a newer version of this program (tables 6, known here 5)",
    ),
    "earlier": (
        patched(60, 2),
        "W007",
        "the database was made by an earlier version of this program (tables 2, here 5)",
    ),
    "unknown": (patched(60, 0), "W007", "the database has tables of an unknown number (0)"),
    "truncated": (truncated, "W013", "the database is damaged"),
    "scrambled": (scrambled, "W013", "the database is damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused_in_one_sentence_with_every_byte_kept(tmp_path: Path, name: str) -> None:
    make, code, message = BAD[name]
    file = tmp_path / "audit.db"
    make(file)
    ordinary = file.is_file()
    before = (sorted(tmp_path.iterdir()), file.read_bytes() if ordinary else b"")

    with pytest.raises(Unusable) as refused:
        open_database(file)

    (problem,) = refused.value.problems
    assert (problem.place.file, problem.code, problem.message) == (str(file), code, message)
    assert problem.help
    assert (sorted(tmp_path.iterdir()), file.read_bytes() if ordinary else b"") == before


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    for way in (lambda file: create_database(file, mode="live"), open_database):
        with pytest.raises(Unusable, match="W001"):
            way(tmp_path / "nowhere" / "audit.db")
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_is_never_made_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")

    with pytest.raises(Unusable, match="W011 there is already a file here"):
        create_database(file, mode="live")

    assert file.read_text() == "mine"


def test_a_workspace_is_never_made_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "elsewhere.db")

    with pytest.raises(Unusable, match="W011"):
        create_database(tmp_path / "link.db", mode="live")

    assert not (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("mysql://x/y", "W018"),
        ("http://", "W018"),
        ("postgresql+asyncpg://x/y", "W018"),
    ],
)
def test_an_address_of_nothing_we_know(address: str, code: str) -> None:
    with pytest.raises(Unusable, match=code) as refused:
        open_database(address)
    assert len(refused.value.problems) == 1


def test_a_server_that_does_not_answer(unused_port: int) -> None:
    address = f"postgresql+psycopg://anna:secret@127.0.0.1:{unused_port}/audit?password=secret&connect_timeout=2"

    with pytest.raises(Unusable) as refused:
        open_database(address)

    (problem,) = refused.value.problems
    assert (problem.code, problem.message) == ("W020", "the database server cannot be reached")
    assert "secret" not in str(refused.value)


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def as_ordinary_user(code: str) -> str:
    """What `code` prints when it is run by somebody whom permissions hold, as they do not hold root."""
    drop = f"import os\nif os.getuid() == 0: os.setgroups([]); os.setgid({ORDINARY_USER}); os.setuid({ORDINARY_USER})\n"
    imports = (
        "from audit_engine.problems import Unusable\n"
        "from audit_engine.records.database import open_database, create_database\n"
        "import audit_engine.records.migrations\n"
    )
    done = subprocess.run([sys.executable, "-c", imports + drop + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


OPEN = "try:\n    open_database({file!r})\nexcept Unusable as refused:\n    print(refused.problems[0].code)\n"
MAKE = OPEN.replace("open_database({file!r})", "create_database({file!r}, mode='live')")


@pytest.fixture
def open_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that an ordinary user can reach; pytest's own are closed to others."""
    folder = tmp_path_factory.mktemp("open")
    for parent in (folder, *folder.parents):
        if parent.owner() == Path.home().owner() and parent.name.startswith(("open", "popen", "pytest")):
            parent.chmod(parent.stat().st_mode | 0o755)
    return folder


@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "code"), [(0o444, 0o777, "W008"), (0o000, 0o777, "W008"), (0o666, 0o555, "W009")]
)
def test_no_permission(open_folder: Path, file_mode: int, folder_mode: int, code: str) -> None:
    file = open_folder / "audit.db"
    create_database(file, mode="live").close()
    before = file.read_bytes()
    file.chmod(file_mode)
    open_folder.chmod(folder_mode)

    said = as_ordinary_user(OPEN.format(file=str(file)))

    open_folder.chmod(0o755)
    file.chmod(0o600)
    assert said == code
    assert file.read_bytes() == before
    assert [found.name for found in open_folder.iterdir()] == ["audit.db"]


def test_no_permission_to_make_one(open_folder: Path) -> None:
    open_folder.chmod(0o555)

    assert as_ordinary_user(MAKE.format(file=str(open_folder / "audit.db"))) == "W009"
    open_folder.chmod(0o755)
    assert list(open_folder.iterdir()) == []


MOUNTS = """/dev/vda / ext4 rw 0 0
server:/home /home/anna {kind} rw 0 0
/dev/vdb /home/anna/local ext4 rw 0 0
//server/share /srv/my\\040share cifs rw 0 0
"""


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "vboxsf", "smbfs"])
def test_network_file_systems_are_known(kind: str) -> None:
    told = MOUNTS.format(kind=kind)

    assert sqlite_files.network_file_system(Path("/home/anna/audit.db"), told) == kind
    assert sqlite_files.network_file_system(Path("/home/annabel/audit.db"), told) is None
    assert sqlite_files.network_file_system(Path("/home/anna/local/audit.db"), told) is None
    assert sqlite_files.network_file_system(Path("/srv/my share/audit.db"), told) == "cifs"


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_database(tmp_path / "audit.db", mode="live").close()
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(sqlite_files, "MOUNTS", mounts)

    with pytest.raises(Unusable, match=r"W010 the file is on a network file system \(nfs4\)"):
        open_database(tmp_path / "audit.db")
    with pytest.raises(Unusable, match="W010"):
        create_database(tmp_path / "new.db", mode="live")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["audit.db", "mounts"]


def test_a_copy_truncated_anywhere_never_ends_in_a_traceback(copied: Callable[[str], Told], tmp_path: Path) -> None:
    whole = copied("whole.db").file
    size, file, answers = whole.stat().st_size, tmp_path / "cut.db", list[int]()
    for step in range(100):
        shutil.copy(whole, file)
        os.truncate(file, size * step // 100)
        before = file.read_bytes()
        with suppress(Unusable), open_database(file) as db:
            answers.append(step)
            assert db.damage() is not None
        assert file.read_bytes() == before
    assert len(answers) < 90


def test_every_code_is_in_the_reference() -> None:
    reference = Path("docs/reference/problems-records.md").read_text()
    source = "".join(file.read_text() for file in Path("audit_engine/records").glob("*.py"))
    words = source.replace('"', " ").replace(":", " ").split()
    codes = {word for word in words if word[:1] in "WT" and word[1:].isdigit()}

    assert len(codes) > 35
    assert sorted(code for code in codes if f"| {code} |" not in reference) == []
