"""Writing the ledger down and reading it back."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from audit_engine.problems import Unusable
from audit_engine.records.canonical import canonical
from audit_engine.records.checkpoints import CheckpointLine, Merkle, make_checkpoint, read_anchor, write_anchor
from audit_engine.records.database import Database, create_database
from audit_engine.records.ledger import Author, Happening, append, microseconds, moment, story
from audit_engine.records.ledger_tables import CheckpointHead, Entry
from audit_engine.records.replay import standing_of
from audit_engine.records.verification import verify

from .conftest import START

ANNA = Author(uuid4(), "auditor", "training")


def looked(chain: UUID, number: int = 0) -> Happening:
    return Happening(chain, "viewer", "viewed", {"number": number})


def test_turns_follow_each_other_within_and_across_transactions(db: Database) -> None:
    one, two = uuid4(), uuid4()
    with db.write() as session:
        happenings = [looked(one, 1), looked(two, 1), looked(one, 2)]
        assert append(session, db.workspace, ANNA, happenings, START) == {one: 2, two: 1}
    with db.write() as session:
        assert append(session, db.workspace, ANNA, [looked(two, 2), looked(two, 3)], START) == {two: 3}

    with db.read() as session:
        told = story(session, one)
        assert [(line.turn, line.at, line.kind, line.actor, line.payload) for line in told] == [
            (1, START, "viewed", ANNA.person, {"number": 1}),
            (2, START, "viewed", ANNA.person, {"number": 2}),
        ]
        assert story(session, uuid4()) == []
    assert verify(db).findings == ()


def test_nothing_is_kept_of_a_transaction_that_fails(db: Database) -> None:
    chain = uuid4()
    with pytest.raises(RuntimeError), db.write() as session:  # noqa: PT012 - what comes before is the point
        append(session, db.workspace, ANNA, [looked(chain)], START)
        raise RuntimeError
    with db.read() as session:
        assert story(session, chain) == []


def test_a_clock_that_went_back_is_flagged_and_order_stays(db: Database) -> None:
    chain = uuid4()
    for at in (START, START - timedelta(hours=1), START, START + timedelta(days=3650)):
        with db.write() as session:
            append(session, db.workspace, ANNA, [looked(chain)], at)

    with db.read() as session:
        flags = session.exec(
            select(col(Entry.ts_flag)).where(col(Entry.chain) == chain).order_by(col(Entry.turn))
        ).all()
    assert flags == ["ok", "clock_back", "ok", "ok"]
    assert verify(db).findings == ()


def test_an_unknown_kind_and_a_naive_moment_are_mistakes(db: Database) -> None:
    with db.write() as session:
        with pytest.raises(ValueError, match="no kind of entry"):
            append(session, db.workspace, ANNA, [Happening(uuid4(), "case", "frobbed", {})], START)
        with pytest.raises(TypeError):
            append(session, db.workspace, ANNA, [looked(uuid4())], START.replace(tzinfo=None))


def test_being_wrong_about_a_fresh_chain_fails_whole(db: Database) -> None:
    chain = uuid4()
    with db.write() as session:
        append(session, db.workspace, ANNA, [looked(chain)], START, fresh={chain})
    with pytest.raises(Unusable, match="W016"), db.write() as session:
        append(session, db.workspace, ANNA, [looked(chain)], START, fresh={chain})
    assert verify(db).entries == 2


def test_thirty_thousand_happenings_are_written_in_fifteen_lots_and_checked(db: Database) -> None:
    payload = {f"column_{number}": "a value" for number in range(10)}
    happenings = [Happening(uuid4(), "viewer", "viewed", payload) for _ in range(30_000)]
    written: list[int] = []
    with db.write() as session:
        append(session, db.workspace, ANNA, happenings, START, written.append)
        line = make_checkpoint(session, START)
    found = verify(db)

    assert (found.entries, found.findings, line.entries) == (30_001, (), 30_001)
    assert written[-1] == 30_000
    assert len(written) == 15


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_survives_exactly(at: datetime) -> None:
    assert moment(microseconds(at)) == at


def test_a_checkpoint_keeps_only_the_heads_that_moved(db: Database) -> None:
    one, two = uuid4(), uuid4()
    with db.write() as session:
        append(session, db.workspace, ANNA, [looked(one), looked(two)], START)
        first = make_checkpoint(session, START)
        append(session, db.workspace, ANNA, [looked(two)], START)
        second = make_checkpoint(session, START)
        third = make_checkpoint(session, START)
    with db.read() as session:
        heads = [(row.checkpoint, row.chain, row.turn) for row in session.exec(select(CheckpointHead))]

    assert sorted(heads) == sorted([(1, db.workspace, 1), (1, one, 1), (1, two, 1), (2, two, 2)])
    assert (first.chains, first.entries, second.entries) == (3, 3, 4)
    assert first.root != second.root == third.root
    assert verify(db).checkpoints == 3


def test_an_anchor_is_read_as_it_was_written(db: Database, tmp_path: Path) -> None:
    with db.write() as session:
        line = make_checkpoint(session, START)
    folder = tmp_path / "kept elsewhere"
    folder.mkdir()
    file = write_anchor(folder, line)

    assert read_anchor(file) == line
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(folder.iterdir()) == [file]
    found = verify(db, [file])
    assert (found.anchored_entries, found.unanchored_entries, found.sound) == (1, 0, True)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"number": "1"}', "\x00", "[" * 9_000, '"' + "x" * 20_000 + '"'])
def test_a_file_that_is_no_anchor_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "anchor.json").write_text(text)

    with pytest.raises(Unusable, match="W031"):
        read_anchor(tmp_path / "anchor.json")


def test_anchors_that_cannot_be_reached_are_refused(tmp_path: Path) -> None:
    line = CheckpointLine(uuid4(), 1, START, 1, 1, "00" * 32)
    with pytest.raises(Unusable, match="W031"):
        read_anchor(tmp_path / "missing.json")
    with pytest.raises(Unusable, match="W030"):
        write_anchor(tmp_path / "missing", line)


def test_the_tree_is_that_of_rfc_6962() -> None:
    """Seven leaves, worked out by the recursive definition of RFC 6962, 2.1."""
    from hashlib import sha256

    def root(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        split = 1
        while split * 2 < len(leaves):
            split *= 2
        return sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:])).digest()

    for count in range(1, 40):
        leaves = [sha256(bytes([number])).digest() for number in range(count)]
        tree = Merkle()
        for leaf in leaves:
            tree.add(leaf)
        assert tree.root() == root(leaves)
    assert Merkle().root() == sha256(b"").digest()


def test_canonical_text_by_its_declared_rules() -> None:
    key = UUID(int=10)
    value = {
        "z": [1, True, None],
        "a": "e\u0301",
        "day": date(2026, 3, 31),
        "at": datetime(2026, 3, 31, 10, 5, tzinfo=UTC),
        "key": key,
        "hash": b"\x0a\xff",
    }

    assert canonical(value) == (
        '{"a":"\u00e9","at":"2026-03-31T10:05:00.000000+00:00","day":"2026-03-31","hash":"0aff",'
        f'"key":"{"0" * 31}a","z":[1,true,null]}}'
    )
    assert canonical({"b": 1, "a": (2,)}) == '{"a":[2],"b":1}'


@pytest.mark.parametrize(
    "value",
    [1.5, {"a": [{"b": 0.1}]}, float("nan"), {1: "a"}, {"a": {2: 3}}, {"a": {1, 2}}, datetime(2026, 1, 1), object()],  # noqa: DTZ001
)
def test_what_the_ledger_has_no_rule_for_is_a_mistake(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", [{"\u00e9": 1, "e\u0301": 2}, "\ud800"])
def test_what_has_no_one_text_is_a_mistake(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcdef", max_size=4), values, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, object]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_standing_follows_from_the_story() -> None:
    told: list[dict[str, Any]] = [
        {"row": {"stage": "grading", "overall": None}, "ratings": [{"criterion": "a", "grade": "good"}]},
        {"changed": {"stage": ["grading", "closed"]}, "ratings": [{"criterion": "b", "grade": "good"}]},
        {"ratings": [{"criterion": "a", "grade": "inadequate"}], "file": "late.csv"},
    ]

    standing = standing_of("audit", told)

    assert standing.row == {"stage": "closed", "overall": None}
    assert {name: part["grade"] for name, part in standing.parts["ratings"].items()} == {"a": "inadequate", "b": "good"}
    roles = standing_of(
        "person", [{"roles": [{"number": 1}, {"number": 2}]}, {"account": "uid:1"}, {"roles": [{"number": 2}]}]
    )
    assert roles.parts == {"roles": {2: {"number": 2}}, "accounts": {"uid:1": {"account": "uid:1"}}}
    assert standing_of("viewer", [{"number": 1}]).row is None


def test_a_workspace_on_each_side_of_a_change_of_clocks(tmp_path: Path) -> None:
    """Local times repeat in October; what is kept is UTC, so nothing is flagged."""
    with create_database(tmp_path / "a.db", mode="training") as db:
        chain = uuid4()
        for minute in range(0, 180, 30):
            with db.write() as session:
                at = datetime(2026, 10, 25, 0, 0, tzinfo=UTC) + timedelta(minutes=minute)
                append(session, db.workspace, ANNA, [looked(chain)], at)
        with db.read() as session:
            flags = session.exec(select(col(Entry.ts_flag)).where(col(Entry.chain) == chain)).all()
    assert set(flags) == {"ok"}
