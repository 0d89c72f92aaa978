"""One matter read whole, for deciding what may be done with it. Nothing here is shown to anybody as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, SQLModel, col

from audit_engine.definitions.conditions import Value
from audit_engine.definitions.scales import NO_GRADE
from audit_engine.definitions.workflow import ReadWorkflow
from audit_engine.definitions.workflow_names import OWNER
from audit_engine.definitions.workflow_parts_checks import ends_of_links, words_of_records
from audit_engine.engine.facts import as_values
from audit_engine.engine.move_facts import Linked, MoveFacts, kept_values
from audit_engine.engine.saying import as_recorded
from audit_engine.queries.at_hand import Row, moderator_of, names_of, workflow_of
from audit_engine.queries.links import in_utc, linked
from audit_engine.records.live_tables import Escalation
from audit_engine.records.prepared import Prepared
from audit_engine.records.tables import Audit, Case, Moderation

_MATTERS: Any = SQLModel.metadata.tables["matters"]
_AUDITS: Any = SQLModel.metadata.tables["audits"]
_OF_AUDIT = (
    "key", "reference", "case_key", "practitioner", "manager", "auditor", "area", "team", "imported", "facts",
    "workflow_digest", "rubric_digest",
)  # fmt: skip
_GRADES = ("overall", "final_overall")


def _audit_by(columns: Sequence[str]) -> Prepared:
    asked = select(*(_AUDITS.c[name] for name in columns), col(Case.reference).label("case"))
    joined = asked.join(Case, col(Case.key) == _AUDITS.c.case_key)
    return Prepared(joined.where(col(Audit.key) == bindparam("of")))


# Made once: a queue reads every matter that may wait for somebody.
_MATTER = Prepared(select(_MATTERS).where(_MATTERS.c.key == bindparam("of")))
_WITHOUT_GRADES, _WITH_GRADES = _audit_by(_OF_AUDIT), _audit_by((*_OF_AUDIT, *_GRADES))
_NEWEST = Prepared(
    select(col(Moderation.moderator), col(Moderation.stage), col(Moderation.workflow_digest))
    .where(col(Moderation.audit) == bindparam("of"))
    .order_by(col(Moderation.number).desc())
    .limit(1)
)
_CONCERNS = Prepared(select(func.count()).where(col(Escalation.audit) == bindparam("of"), col(Escalation.open)))


@dataclass(frozen=True)
class MatterAtHand:
    """One matter as it stands in this transaction."""

    matter: Row
    """By column, with the key; moments in UTC."""
    workflow: ReadWorkflow
    audit: Row | None = None
    """Of the audit it is about, or hangs on: what people, conditions and sentences ask for, and its case's reference.
    Grades are read only where the workflow speaks of them."""
    moderator: UUID | None = None
    open_escalations: int = 0
    links: Mapping[str, Linked] = field(default_factory=dict)
    names: Mapping[UUID, str] = field(default_factory=dict)
    """What the people of this matter and its audit are called."""

    @property
    def key(self) -> UUID:
        """Of the matter."""
        key: UUID = self.matter["key"]
        return key

    @property
    def places(self) -> dict[str, UUID]:
        """Who stands in it, by place."""
        return keys_by_place(self.matter["places"])

    @property
    def people(self) -> dict[str, UUID | None]:
        """Who stands where: the people of its audit, then those of its places."""
        of_audit: dict[str, UUID | None] = {}
        if self.audit is not None:
            of_audit = {name: self.audit[name] for name in ("practitioner", "manager", "auditor")}
            of_audit["moderator"] = self.moderator
        return of_audit | self.places

    @property
    def recorded(self) -> dict[str, str]:
        """What was recorded, by record."""
        return as_recorded(self.workflow, self.matter["recorded"])

    @property
    def entered(self) -> dict[str, str]:
        """When each stage was last entered, ISO days."""
        return dict(self.matter["entered"] or {})

    def facts(self, actor: UUID | None, today: date, *, recorded: Mapping[str, str] | None = None,
              people: Mapping[str, UUID | None] | None = None) -> MoveFacts:  # fmt: skip
        """What an event is decided on.

        Args:
            actor: None when the clock does it.
            recorded: What is recorded once the event is done; as it stands when left out.
            people: Who stands where by then; as it stands when left out.
        """
        kept, standing = self.recorded if recorded is None else recorded, self.people if people is None else people
        return MoveFacts(
            values=self._values(kept), open_escalations=self.open_escalations, people=standing, names=self.names,
            actor=actor, owner=standing.get(OWNER), links=self.links, recorded=kept, entered=self.entered, today=today,
        )  # fmt: skip

    def _values(self, recorded: Mapping[str, str]) -> dict[str, Value]:
        written = self.workflow.workflow
        values: dict[str, Value] = {"escalation.open": self.open_escalations > 0}
        if self.audit is not None and written.scale is not None:
            values["overall"] = self.audit["final_overall"] or self.audit["overall"] or NO_GRADE
        if self.audit is not None and written.facts is not None:
            values |= as_values(self.audit["facts"])
        return values | kept_values(recorded, self.links, words_of_records(written), ends_of_links(written))


def keys_by_place(places: Mapping[str, str] | None) -> dict[str, UUID]:
    """Who stands in it, as `places` of a row keeps it: hexadecimal keys by place."""
    return {name: UUID(hex=key) for name, key in (places or {}).items()}


def find_matter(session: Session, reference: str) -> MatterAtHand | None:
    """The matter of a reference; None when there is none. Whether somebody may see it is not asked here."""
    key = session.connection().execute(select(_MATTERS.c.key).where(_MATTERS.c.reference == reference)).scalar()
    return None if key is None else matter_at_hand(session, key)


def matter_at_hand(session: Session, key: UUID) -> MatterAtHand:
    """Read one matter, which exists."""
    (found,) = _MATTER.mappings(session.connection(), {"of": key})
    found |= {name: in_utc(found[name]) for name in ("opened_at", "ended_at")}
    workflow = workflow_of(session, found["workflow_digest"])
    audit = _audit(session, found["audit"], grades=workflow.workflow.scale is not None)
    moderator = _moderator(session, found["audit"])
    people = {found["opened_by"], moderator, *keys_by_place(found["places"]).values()}
    people |= {audit[name] for name in ("practitioner", "manager", "auditor")} if audit is not None else set()
    return MatterAtHand(
        matter=found, workflow=workflow, audit=audit, moderator=moderator,
        open_escalations=_open_escalations(session, found["audit"]),
        links=linked(session, key, workflow), names=names_of(session, people - {None}),
    )  # fmt: skip


def _audit(session: Session, key: UUID | None, *, grades: bool) -> Row | None:
    if key is None:
        return None
    (found,) = (_WITH_GRADES if grades else _WITHOUT_GRADES).mappings(session.connection(), {"of": key})
    return found


def _moderator(session: Session, audit: UUID | None) -> UUID | None:
    if audit is None:
        return None
    return moderator_of(session, next(iter(_NEWEST.mappings(session.connection(), {"of": audit})), None))


def _open_escalations(session: Session, audit: UUID | None) -> int:
    if audit is None:
        return 0
    counted = _CONCERNS.first(session.connection(), {"of": audit})
    return int(counted[0]) if counted is not None else 0
