"""Steps of a workflow, chosen with keys: what each asks for is asked one thing after the other, then it is done.

Shared by the screens of an audit and of a matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from textual.widget import Widget

from audit_engine.matter_views import MatterPage
from audit_engine.work_views import AskedRecord, Choice, MachineView, WhyView
from tui.desk.steps import no_day
from tui.drawing.steps import Doable, doables, steps_lines
from tui.drawing.words import QUIET, words
from tui.screens.choosing import Choosing
from tui.screens.prompt import Keep, Prompt
from tui.widgets.frame import Framed
from tui.widgets.lines import LinesPane

ASKED = {
    "act": "What was done for the child?",
    "close": "How is it known that the child is safe?",
}
"""What an event of an escalation asks, in a question."""
YES_OR_NO = (Choice("1", "yes", "Do it"), Choice("2", "no", "Leave it as it is"))
"""Answers a list can have: one for each digit."""
LONGEST = {"text": 10_000, "day": 10, "audit": 40}
"""Characters that each kind of record takes."""
REFERENCE = 40
"""Characters of a person's reference."""
Stands = WhyView | MatterPage


@dataclass(frozen=True)
class Said:
    """What was said so far of a step."""

    records: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    """References of people, by place."""

    def __bool__(self) -> bool:
        return bool(self.records or self.named)


class Stepping(Framed[str | None]):
    """A screen of steps. Whoever makes one says what is read, and how a step is done."""

    def __init__(self) -> None:
        super().__init__()
        self._view: Any = None
        self._place = 0
        self._rows: list[int] = []
        self._told: str | None = None
        """What the screen below says when this one is left."""
        self._gone = False
        """Something was done after which it is not theirs to see any more."""

    def body(self) -> Iterable[Widget]:
        """Every step."""
        yield LinesPane(id="steps")

    async def look(self) -> Stands | None:
        """What can happen now; None where that was refused, which is said."""
        raise NotImplementedError

    async def look_again(self) -> None:
        """What can happen now, leaving what the status line says."""
        raise NotImplementedError

    async def deed(self, one: Doable, reason: str | None, said: Said) -> Stands | None:
        """Do a step, and give what can happen then; None where it was refused, which is said."""
        raise NotImplementedError

    async def elsewhere(self, one: Doable, said: Said | None = None) -> bool:
        """Go where a step is done that is not done here, before or after (`said`) its records. Whether it is one."""
        return False

    def came_for(self, machine: MachineView) -> bool:
        """Whether the person came for this, of all that is shown."""
        return False

    @property
    def called(self) -> str:
        """The reference of what it is about."""
        raise NotImplementedError

    async def on_mount(self) -> None:
        """Read it, and go to the first step that can be done."""
        self.redraw()
        view = await self.look()
        if view is None:
            self.dismiss(self.refused_words())
            return
        self._seen(view)
        self._to_first()
        self.redraw()

    # --- where ------------------------------------------------------------------------------------------------

    @property
    def _steps(self) -> tuple[Doable, ...]:
        return doables(self._view) if self._view else ()

    def _seen(self, view: Stands) -> None:
        self._view = view
        self._place = max(min(self._place, len(self._steps) - 1), 0)

    def _to_first(self) -> None:
        """To what can be done: of what they came for, then an escalation, but none better left to somebody else."""
        can = [n for n, one in enumerate(self._steps) if one.can and not one.machine.withheld]
        risk = [n for n in can if self._steps[n].machine.number is not None]
        wanted = [n for n in can if self.came_for(self._steps[n].machine)]
        shown = [n for n, one in enumerate(self._steps) if one.machine.reference and self.came_for(one.machine)]
        self._place = next(iter([*wanted, *shown, *risk, *can]), 0)

    def draw(self) -> None:
        """All of it, the line where the person is in sight."""
        pane = self.query_one("#steps", LinesPane)
        if self._view is None:
            pane.show([words(" Reading...", QUIET)])
            return
        lines, self._rows, beside = steps_lines(self._view, self._place, self.size.width)
        if not self._rows:
            pane.show(lines, keep=True)
            return
        pane.show(lines, self._rows[self._place], around=beside[self._place])

    def _go_to(self, place: int) -> None:
        self._place = max(0, min(place, len(self._steps) - 1))
        self.say("")
        self.redraw()

    async def action_go(self, by: int) -> None:
        """A step up or down."""
        self._go_to(self._place + by)

    async def action_page(self, by: int) -> None:
        """To the step about a page away."""
        if not self._rows:
            return
        height = max(self.query_one("#steps", LinesPane).size.height - 2, 1)
        wanted = self._rows[self._place] + by * height
        ahead = [n for n, row in enumerate(self._rows) if (row <= wanted if by > 0 else row >= wanted)]
        far = (max(ahead) if by > 0 else min(ahead)) if ahead else self._place
        self._go_to(max(far, self._place + 1) if by > 0 else min(far, self._place - 1))

    async def action_end(self, last: int) -> None:
        """The first or the last step."""
        self._go_to(len(self._steps) - 1 if last else 0)

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """A click goes to a step; a second one does it. On the way above it there is nothing to do."""
        if message.pane.id != "steps":
            return
        place = max((n for n, row in enumerate(self._rows) if row <= message.line), default=None)
        if place is not None:
            self.in_turn(self._clicked, place)

    async def _clicked(self, place: int) -> None:
        if place == self._place:
            await self.action_open()
        else:
            self._go_to(place)

    # --- doing ------------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """Do what the line says, or say why not."""
        if not self._steps:
            return
        one = self._steps[self._place]
        if not one.can:
            self.say(f"{one.called.capitalize()}: {' '.join(one.against)}")
        elif not await self.elsewhere(one):
            await self.read_drafts()
            await self._ask_records(one, Said())

    def _kept(self, text: object = True) -> str:
        """That what was written is kept, where it can be."""
        return " What you wrote is kept." if text and self.audit_at is not None else ""

    def _keeper(self, place: str) -> Keep | None:
        """Keeps what is written, where it can be kept: at an audit."""
        return self.keeper(place) if self.audit_at is not None else None

    async def _ask_records(self, one: Doable, said: Said) -> None:
        """What is to be recorded, one after the other; then the reason, or where the rest is asked."""
        record = next((record for record in one.step.records if record.id not in said.records), None)
        if record is None:
            await self._after_records(one, said)
        elif record.choices:
            self._choose_word(one, record, said)
        else:
            self._write_record(one, record, said)

    def _choose_word(self, one: Doable, record: AskedRecord, said: Said) -> None:
        """One word of the list."""

        async def chosen(answer: object) -> None:
            if not isinstance(answer, tuple) or not answer:
                self.say(f"Nothing was done.{self._kept(said)}")
            else:
                await self._ask_records(one, _with(said, record, answer[0].id))

        self.app.push_screen(Choosing(f"{one.step.title}. {record.title}?", record.choices), chosen)

    def _write_record(self, one: Doable, record: AskedRecord, said: Said) -> None:
        """A text, which is kept while it is written; a day; the reference of an audit."""
        is_text = record.kind == "text"
        place = _draft_of(one, record)

        async def give(text: str) -> str | None:
            return no_day(text) if record.kind == "day" else None

        async def written(text: str | None) -> None:
            if text is None:
                self.say(f"Nothing was done.{self._kept(said or is_text)}")
            else:
                await self._ask_records(one, _with(said, record, text))

        keep, begun = (self._keeper(place), self.drafts.get(place, "")) if is_text else (None, "")
        title = f"{one.step.title}. {record.title}: {record.how}."
        longest = LONGEST[record.kind]
        self.app.push_screen(Prompt(title, begun, needs=1, keep=keep, give=give, longest=longest), written)

    async def _after_records(self, one: Doable, said: Said) -> None:
        place = next((place for place in one.step.names if place not in said.named), None)
        if place is not None:
            self._ask_who(one, place, said)
        elif await self.elsewhere(one, said):
            return
        elif one.step.reason_from:
            self._choose(one, said)
        elif one.step.needs_words:
            await self._write(one, said)
        else:
            self._confirm(one, None, said)

    def _ask_who(self, one: Doable, place: str, said: Said) -> None:
        """Who stands in a place from then on."""

        async def named(person: str | None) -> None:
            if person is None:
                self.say(f"Nothing was done.{self._kept(said)}")
            else:
                await self._after_records(one, replace(said, named={**said.named, place: person.upper()}))

        asks = f"{one.step.title}. Who is the {place.replace('_', ' ')} from then on? Their reference, like P-00042."
        self.app.push_screen(Prompt(asks, needs=1, longest=REFERENCE), named)

    def _choose(self, one: Doable, said: Said) -> None:
        """One of the listed reasons."""

        async def chosen(answer: object) -> None:
            if isinstance(answer, tuple) and answer:
                await self._do_and_go_on(one, answer[0].id, said)

        self.app.push_screen(Choosing(f"{one.step.title}: why?", one.step.reason_from, before=_lasting(one)), chosen)

    async def _write(self, one: Doable, said: Said) -> None:
        place = _draft(one)

        async def give(text: str) -> str | None:
            if _lasting(one):
                return None  # it is asked first, and the words are kept
            return None if await self._do(one, text, said) else self.refused_words()

        async def written(text: str | None) -> None:
            if self._gone:
                self.dismiss(self._told)
            elif text is not None and _lasting(one):
                self.drafts[place] = text  # to stand there again, where nothing is kept on disk
                self._confirm(one, text, said)

        asks = ASKED.get(one.step.event, "Why?") if one.machine.number is not None else "Why?"
        title, begun = f"{one.step.title}. {asks}", self.drafts.get(place, "")
        self.app.push_screen(Prompt(title, begun, needs=1, keep=self._keeper(place), give=give), written)

    def _confirm(self, one: Doable, reason: str | None, said: Said) -> None:
        """Ask once before what cannot be undone."""
        before = _lasting(one)
        if not before:
            self.app.call_next(self._do_and_go_on, one, reason, said)
            return

        async def chosen(answer: object) -> None:
            if isinstance(answer, tuple) and answer and answer[0].id == "yes":
                await self._do_and_go_on(one, reason, said)
            else:
                self.say(f"Nothing was done.{self._kept(reason)}")

        self.app.push_screen(Choosing(f"{one.step.title}?", YES_OR_NO, before=before), chosen)

    async def _do(self, one: Doable, reason: str | None, said: Said) -> bool:
        """Do it, say so, and show what can happen from there. Whether it was done."""
        view = await self.deed(one, reason, said)
        if view is None and not self.refused:
            self._gone, self._told = True, f"{self.called}: {one.step.title}; saved. It is not yours to see any more."
            return True
        if view is None:
            await self.look_again()
            return False
        for place in _drafts(one):
            await self.forget(place)
            self.drafts.pop(place, None)
        self._seen(view)
        self._to_first()
        self._told = f"{self.called}: {one.step.title}; saved."
        self.say(f"Saved: {one.step.title}.{_stands(one, view)}")
        self.redraw()
        return True

    async def _do_and_go_on(self, one: Doable, reason: str | None, said: Said) -> None:
        """The same, and out of the screen where nothing can be shown any more."""
        await self._do(one, reason, said)
        if self._gone:
            self.dismiss(self._told)

    async def action_back(self) -> None:
        """Back, with what was done."""
        self.dismiss(self._told)


def _lasting(one: Doable) -> list[str]:
    return [one.step.lasting] if one.step.lasting else []


def _draft(one: Doable) -> str:
    """Where its words are kept while they are written. Those of an escalation are kept on ended audits, too."""
    if one.machine.number is not None:
        return f"step:concern:{one.step.event}:{one.machine.number}"
    if one.machine.reference is not None:
        return f"step:{one.machine.reference.lower().replace('-', '.')}:{one.step.event}"
    return f"step:{one.step.event}"


def _draft_of(one: Doable, record: AskedRecord) -> str:
    """Where the text of a record is kept while it is written."""
    return f"{_draft(one)}:{record.id}"


def _drafts(one: Doable) -> list[str]:
    """Everything that may have been kept of a step."""
    own = [_draft(one)] if one.step.needs_words else []
    return [*own, *(_draft_of(one, record) for record in one.step.records if record.kind == "text")]


def _with(said: Said, record: AskedRecord, text: str) -> Said:
    return replace(said, records={**said.records, record.id: text})


def _same(one: MachineView, other: MachineView) -> bool:
    return (one.what, one.number, one.reference) == (other.what, other.number, other.reference)


def _stands(one: Doable, view: Stands) -> str:
    """Where it stands now."""
    now: Any = next((m for m in view.machines if _same(m, one.machine)), None)
    return f" It is now '{now.stage}'." if now else " It is at its end."
