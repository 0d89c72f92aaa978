"""A programme draws its cases for a quarter: the audits begin, and anybody can draw the same again from what is kept.

Every draw keeps its seed, its whole frame in order and the strata, so that it can be repeated by hand: see
`statistics.sampling`. A quarter may be drawn for in several draws. A later one, a top-up, asks for a larger number in
all and draws the difference: from the cases that are then open and not drawn yet, in their strata of that day, each
with the inclusion probability of that draw; the strata's minimums count what was drawn before. Unless told another
seed it goes on in the order of ranks where the draw before stopped. Audits that were withdrawn still count as drawn:
to replace two, ask for two more.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from audit_engine.actions.command import Command, already_done, remember
from audit_engine.actions.imports.comparing import in_chunks
from audit_engine.actions.imports.writing import CHUNK, author_of
from audit_engine.calendars import Quarter, now
from audit_engine.definitions.catalogue import Catalogue, Pin
from audit_engine.definitions.facts import Codebook
from audit_engine.definitions.programme import ReadProgramme, Sampling
from audit_engine.definitions.wording import offered
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.engine.arriving import begun
from audit_engine.engine.facts import facts_on
from audit_engine.engine.permission import Actor, require
from audit_engine.engine.saying import as_recorded
from audit_engine.problems import Reason, Refused
from audit_engine.queries.draws import DrawnSoFar, Frame, draw_view, drawn_so_far, frame_of
from audit_engine.records.checkpoints import make_checkpoint
from audit_engine.records.database import Database
from audit_engine.records.ledger import Happening, append
from audit_engine.records.live_tables import Draw, DrawMember
from audit_engine.records.pins import pin
from audit_engine.records.tables import Audit, Case
from audit_engine.safe_text import MAX_TEXT, hidden_characters, quoted
from audit_engine.statistics.sampling import Chosen, allocation, chosen, rank
from audit_engine.views import DrawView

Row = dict[str, Any]
Progress = Callable[[int, int], None]
"""Told how many rows are written so far and how many there will be."""
_CANNOT = "cannot draw"


def draw(
    db: Database, actor: Actor, command: Command, catalogue: Catalogue, programme: str, quarter: Quarter, *,
    size: int | None = None, seed: str | None = None, today: date, at: datetime | None = None,
    progress: Progress | None = None,
) -> DrawView:  # fmt: skip
    """Draw cases for a quarter and begin an audit of each. Draws nothing when the quarter has enough already.

    Args:
        size: Audits the quarter is to have in all; the programme's own number unless told.
        seed: Any text. Unless told: the one of the draw before, else one worked out from workspace, programme and
            quarter.
        today: Facts are those of this day, and the cases are open on it, or on the quarter's last day if earlier.
        at: With time zone; now, unless told.

    Raises:
        Refused: not theirs to do; an unknown programme, or one without sampling; an empty frame; more than it holds;
            fewer than the strata's minimums together.
    """
    require(actor, "draw", "draw audits")
    plan = _Plan(catalogue, _programme(catalogue, programme), quarter, today)
    _check_asked(size, seed)

    def act(session: Session) -> DrawView:
        so_far = drawn_so_far(session, programme, str(quarter))
        wanted = (size if size is not None else plan.sampling.size) - so_far.count
        if so_far.newest is not None and (wanted <= 0 or already_done(session, command)):
            return draw_view(session, so_far.newest, plan.title, added=0)
        frame = frame_of(session, plan.read, plan.sampling, quarter, today)
        numbers = _numbers(plan, frame, wanted, so_far)
        used = seed or so_far.seed or rank(db.workspace.hex, programme, str(quarter)).hex()[:32]
        drawn = _Drawn(frame, used, chosen(frame.strata, numbers, used, plan.name))
        writer = _Writer(session, db.workspace, actor, at or now(), progress)
        key = writer.write(plan, drawn)
        remember(session, command, key, 1)
        session.flush()
        return draw_view(session, key, plan.title, added=len(drawn.cases))

    return db.transact(act)


@dataclass(frozen=True)
class _Plan:
    """What is drawn for, and under which definitions."""

    catalogue: Catalogue
    read: ReadProgramme
    quarter: Quarter
    today: date

    @property
    def name(self) -> str:
        """What the draw is called when ranks are worked out; the same for every draw of a quarter."""
        return f"{self.read.programme.programme} {self.quarter}"

    @property
    def title(self) -> str:
        return self.read.programme.title

    @property
    def sampling(self) -> Sampling:
        assert self.read.programme.sampling is not None  # noqa: S101 - `_programme` refuses those without
        return self.read.programme.sampling

    @property
    def workflow(self) -> ReadWorkflow:
        return self.catalogue.workflow(self.read.programme.workflow or "")

    @property
    def codebook(self) -> Codebook:
        return self.catalogue.rubric(self.read.programme.rubric).codebook

    def pinned(self, kind: str) -> Pin:
        """The text of the programme, or of its workflow or rubric."""
        return self.catalogue.pins[kind, str(getattr(self.read.programme, kind))]

    @property
    def beginning(self) -> str:
        """How its audits' references begin: L-2324Q3- . They tell the programme's initial and the quarter only."""
        initial, year = self.read.programme.programme[0].upper(), self.quarter.year
        return f"{initial}-{year % 100:02d}{(year + 1) % 100:02d}Q{self.quarter.number}-"


def _programme(catalogue: Catalogue, name: str) -> ReadProgramme:
    read = catalogue.read_programmes.get(name)
    if read is None:
        text = f"There is no programme called {quoted(name)}. {offered(name, catalogue.read_programmes)}"
        raise Refused(_CANNOT, [Reason("programme", text)])
    if read.programme.sampling is None:
        text = f"The programme '{name}' does not say how its cases are drawn. Add 'sampling' to its file."
        raise Refused(_CANNOT, [Reason("sampling", text)])
    return read


def _check_asked(size: int | None, seed: str | None) -> None:
    reasons = []
    if size is not None and size < 1:
        reasons.append(Reason("size", f"{size} audits cannot be drawn. Ask for one or more."))
    if seed is not None and (not seed.strip() or len(seed) > MAX_TEXT or hidden_characters(seed)):
        reasons.append(Reason("seed", "This seed is empty, too long or holds hidden characters. Type another."))
    if reasons:
        raise Refused(_CANNOT, reasons)


def _numbers(plan: _Plan, frame: Frame, wanted: int, so_far: DrawnSoFar) -> dict[str, int]:
    """How many to draw from each stratum.

    Raises:
        Refused: the frame is empty, or too small, or the minimums together are more than is wanted.
    """
    held = "; ".join(f"{one.count:,} {one.says}" for one in frame.left_out if one.count)
    told = f"Of {frame.open_cases:,} cases open on {frame.day} these are left out: {held or 'none'}."
    if frame.size == 0:
        text = f"No case can be drawn. {told} Import a newer case list, or change 'sampling' in the programme's file."
        raise Refused(_CANNOT, [Reason("frame", text)])
    if wanted > frame.size:
        most = f"{frame.size:,} {'case' if frame.size == 1 else 'cases'} can be drawn, and {wanted:,} were asked for"
        hint = (
            f"Ask for {so_far.count + frame.size:,} or fewer with --size, or change 'sampling' in the programme's file."
        )
        raise Refused(_CANNOT, [Reason("size", f"{most}. {told} {hint}")])
    sizes = {name: len(names) for name, names in frame.strata.items()}
    least = {name: max(0, plan.sampling.at_least - so_far.by_stratum.get(name, 0)) for name in sizes}
    needed = sum(min(least[name], size) for name, size in sizes.items())
    if needed > wanted:
        text = (
            f"Each of {len(sizes):,} groups is to give {plan.sampling.at_least} or more: that makes "
            f"{needed:,}, and {wanted:,} were asked for. Ask for {so_far.count + needed:,} or more with --size, or "
            "lower 'at_least' in the programme's file."
        )
        raise Refused(_CANNOT, [Reason("at_least", text)])
    return allocation(sizes, wanted, least)


@dataclass(frozen=True)
class _Drawn:
    """What was drawn, and from what."""

    frame: Frame
    seed: str
    cases: Sequence[Chosen]
    """In the order drawn."""

    def row(self, plan: _Plan, programme_digest: str) -> Row:
        """Every column of the draw but `key` and `turn`."""
        return {
            "programme": plan.read.programme.programme,
            "programme_digest": programme_digest,
            "quarter": str(plan.quarter),
            "seed": self.seed,
            "size": len(self.cases),
            "frame_size": self.frame.size,
            "frame_digest": hashlib.sha256("\n".join(self.frame.listed).encode()).hexdigest(),
            "drawn_on": plan.today,
        }

    def told(self) -> Row:
        """What the draw's entry holds of its frame: enough to draw it again.

        `frame` lists the references stratum by stratum, `strata` says how many belong to each, in the same order.
        """
        numbers = Counter(one.stratum for one in self.cases)
        return {
            "open_on": self.frame.day,
            "open_cases": self.frame.open_cases,
            "left_out": [[one.id, one.says, one.count] for one in self.frame.left_out],
            "strata": [[name, len(names), numbers[name]] for name, names in self.frame.strata.items()],
            "frame": self.frame.listed,
        }

    def members(self, audits: Mapping[UUID, Row]) -> list[Row]:
        """Every column of the members but `draw`. `audits` is in the order drawn."""
        return [
            {
                "number": number,
                "case_key": row["case_key"],
                "audit": audit,
                "stratum": one.stratum,
                "stratum_size": one.size,
                "stratum_drawn": one.drawn,
            }
            for number, ((audit, row), one) in enumerate(zip(audits.items(), self.cases, strict=True), start=1)
        ]


@dataclass(frozen=True)
class _Writer:
    """Writes a draw in the caller's transaction: ledger first, then the rows."""

    session: Session
    workspace: UUID
    actor: Actor
    at: datetime
    progress: Progress | None

    def write(self, plan: _Plan, drawn: _Drawn) -> UUID:
        """Gives the key of the draw."""
        digests = {kind: pin(self.session, plan.pinned(kind)) for kind in ("programme", "workflow", "rubric")}
        key, row = uuid4(), drawn.row(plan, digests["programme"])
        audits = dict(self._audits(plan, drawn, key, digests))
        members = drawn.members(audits)
        happenings = [Happening(key, "draw", "recorded", {"row": row, "members": members, **drawn.told()})]
        happenings += [
            Happening(audit, "audit", "drawn", {"row": began, "ratings": []}, digests["workflow"], digests["rubric"])
            for audit, began in audits.items()
        ]
        of = len(happenings) + 2 * len(audits)
        tell = self.progress or (lambda _done, _of: None)
        append(
            self.session, self.workspace, author_of(self.actor), happenings, self.at,
            lambda done: tell(done, of), fresh={key, *audits},
        )  # fmt: skip
        self._insert(Draw, [{"key": key, "turn": 1, **row}])
        self._insert(Audit, [{"key": audit, "turn": 1, **began} for audit, began in audits.items()])
        tell(of - len(audits), of)
        self._insert(DrawMember, [{"draw": key, **member} for member in members])
        make_checkpoint(self.session, self.at)
        tell(of, of)
        return key

    def _audits(
        self, plan: _Plan, drawn: _Drawn, draw_key: UUID, digests: Mapping[str, str]
    ) -> Iterator[tuple[UUID, Row]]:
        """A new audit of each drawn case, in the order drawn: its key, and every column but `key` and `turn`."""
        programme = plan.read.programme
        columns = SQLModel.metadata.tables["audits"].columns
        same = dict.fromkeys(column.name for column in columns if column.name not in {"key", "turn"}) | {
            "stream": programme.stream,
            "subject": programme.subject,
            "graded": True,
            "imported": False,
            "workflow_digest": digests["workflow"],
            "rubric_digest": digests["rubric"],
            "programme": programme.programme,
            "draw": draw_key,
            "drawn_on": plan.today,
            "locked": False,
            "returned_times": 0,
            "recorded": as_recorded(plan.workflow, None) or None,
            **begun(plan.workflow, plan.today),
        }
        cases = _cases(self.session, [drawn.frame.keys[one.name] for one in drawn.cases])
        number = _last_number(self.session, plan.beginning)
        for place, one in enumerate(drawn.cases, start=number + 1):
            case = cases[one.name]
            of_case = {name: case[name] for name in ("practitioner", "area", "team")} | {"case_key": case["key"]}
            facts = facts_on(plan.codebook, case["facts"], case["opened"], case["closed"], plan.today)
            yield uuid4(), same | of_case | {"reference": f"{plan.beginning}{place:04d}", "facts": facts}

    def _insert(self, table: type[SQLModel], rows: list[Row]) -> None:
        for chunk in in_chunks(rows, CHUNK):
            self.session.connection().execute(insert(table), chunk)


def _last_number(session: Session, beginning: str) -> int:
    """The highest number a reference with this beginning has; 0 when there is none."""
    taken = select(col(Audit.reference)).where(col(Audit.reference).startswith(beginning, autoescape=True))
    numbers = (reference[len(beginning) :] for reference in session.connection().execute(taken).scalars())
    return max((int(number) for number in numbers if number.isascii() and number.isdigit()), default=0)


def _cases(session: Session, keys: Sequence[UUID]) -> dict[str, Row]:
    """The drawn cases by reference."""
    table = SQLModel.metadata.tables["cases"]
    return {
        row["reference"]: dict(row)
        for chunk in in_chunks(keys)
        for row in session.connection().execute(select(table).where(col(Case.key).in_(chunk))).mappings()
    }
