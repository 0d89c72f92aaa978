"""Handing in: what is missing, what to look at, the overall grade, and then for good. For an auditor who submits, a
moderator who locks blind grades, and a moderator who makes grades final."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from audit_engine.actions.moving import RESPONDENTS, Submission
from audit_engine.work_views import Choice, ComparisonView, OverallView, WorkView
from tui.desk.grading import AtGrading
from tui.desk.moderating import AtModerating
from tui.drawing.check import (
    LOCKS,
    WITHOUT_GRADES,
    Part,
    Point,
    Said,
    barred_words,
    count_words,
    look_at,
    must_fix,
    overall_points,
    part_lines,
    said_points,
    sending_lines,
    undecided,
)
from tui.drawing.words import words
from tui.keymap import bindings
from tui.screens.choosing import Choosing
from tui.screens.escalating import escalate
from tui.screens.prompt import Prompt
from tui.widgets.frame import Framed, Words
from tui.widgets.lines import LinesPane

Then = Callable[[], Awaitable[None]]
LOCKED = "locked"
"""What the lock screen gives once the grades are locked."""
_WHO = tuple(Choice(str(n), name, name) for n, name in enumerate(RESPONDENTS, start=1))
_YES_NO = (Choice("1", "yes", "Yes"), Choice("2", "no", "No"))


class HandIn(Framed[int | str | None]):
    """A check, and the key that hands in.

    Gives the number of a question to go to it; a sentence, or `LOCKED`, once it is done; None to go back.
    What was said is kept as drafts until it is done: `overall`, `overall_reason` and more of each screen's own.
    """

    NAMED = ""
    """What is done here, as in 'things stop you from ...'."""
    WHOSE = "the suggested grade"
    """Why a grade is offered."""
    EXPLAINED = True
    """Whether another grade than the offered one needs a reason."""

    def __init__(self, at: AtGrading) -> None:
        super().__init__()
        self.at = at
        self.said = Said()
        self.place = 0
        self.drafts: dict[str, str] = {}
        self._ready = False
        self._lines_of: list[int] = []

    # --- what the three differ in -----------------------------------------------------------------------------

    async def read(self) -> bool:
        """Read what stands now. False when it could not be read, which is said."""
        raise NotImplementedError

    @property
    def overall(self) -> OverallView | None:
        """What follows for the whole; None without grades."""
        raise NotImplementedError

    @property
    def offered(self) -> str | None:
        """The overall grade that stands unless another is chosen."""
        raise NotImplementedError

    @property
    def closed(self) -> str:
        """Why nothing can be handed in now; empty when it can."""
        raise NotImplementedError

    def stops(self) -> Sequence[Point]:
        """What must be done first."""
        raise NotImplementedError

    def parts(self) -> tuple[Part, ...]:
        """Everything shown but what must be done first."""
        raise NotImplementedError

    def counted(self) -> tuple[int, int, int]:
        """How many are done, of how many, and how many points to look at."""
        raise NotImplementedError

    def sends(self) -> str:
        """What the key that hands in will do, in a sentence."""
        raise NotImplementedError

    async def complete(self) -> None:
        """Ask what is still missing beside the grade, and hand in."""
        raise NotImplementedError

    # --- drawing ----------------------------------------------------------------------------------------------

    def body(self) -> Iterable[Widget]:
        """How far it is, the points, and what handing in will do."""
        yield Words(id="counts")
        yield LinesPane(id="points")
        yield Words(id="sends")

    async def on_mount(self) -> None:
        """Read what stands and what was said before; go to what must be done first."""
        for name in ("#counts", "#sends"):
            self.query_one(name).styles.height = "auto"
        self.redraw()
        if not await self.read():
            self.dismiss(None)
            return
        self.drafts = dict(await self.reread(self.at.drafts) or {})
        self._ready = True
        self._recall()
        self.redraw()

    def _recall(self) -> None:
        """The overall grade that was chosen here before, as long as it may be given."""
        view, kept = self.overall, self.drafts.get("overall")
        if view is None or kept is None or kept == self.offered:
            return
        if kept in view.permitted:
            self.said = replace(self.said, overall=kept, reason=self.drafts.get("overall_reason", ""))
        elif kept in {one.id for one in view.grades}:
            self.say(f"You had chosen another grade. {barred_words(view, kept)}")

    def all_parts(self) -> tuple[Part, ...]:
        """Everything shown."""
        return (Part("MUST BE DONE FIRST", self.stops(), of_questions=True), *self.parts())

    @property
    def points(self) -> list[Point]:
        """The points where Enter does something."""
        return [point for part in self.all_parts() for point in part.points if point.does]

    def draw(self) -> None:
        """The points; above them how far it is, below them what the key does."""
        if not self._ready:
            return
        width = self.size.width
        self.place = max(0, min(self.place, len(self.points) - 1))
        done, of, look = self.counted()
        self.query_one("#counts", Words).say([words(f" {count_words(done, of, len(self.stops()), look, self.NAMED)}")])
        lines, self._lines_of = part_lines(self.all_parts(), self.place, width)
        at = self._lines_of[self.place] if self._lines_of else None
        self.query_one("#points", LinesPane).show([words(""), *lines], at + 1 if at is not None else None, around=1)
        sentence = self.closed or ("" if self.stops() else self.sends())
        locks = "" if self.closed else LOCKS[self.KEYS]
        self.query_one("#sends", Words).say(sending_lines(sentence, locks, width))

    # --- moving -----------------------------------------------------------------------------------------------

    async def action_go(self, by: int) -> None:
        """A point up or down."""
        self.say("")
        self.place += by
        self.redraw()

    async def action_page(self, by: int) -> None:
        """A page up or down."""
        self.query_one("#points", LinesPane).scroll_lines(by * max(self.query_one("#points").size.height - 2, 1))

    async def action_end(self, last: int) -> None:
        """The first or the last point."""
        await self.action_go(len(self.points) if last else -len(self.points))

    def on_lines_pane_clicked(self, message: LinesPane.Clicked) -> None:
        """A click goes to the point."""
        if message.line - 1 in self._lines_of:
            self.in_turn(self.action_go, self._lines_of.index(message.line - 1) - self.place)

    def to(self, does: str) -> None:
        """Go to the first point that does this."""
        self.place = next((n for n, point in enumerate(self.points) if point.does == does), self.place)
        self.redraw()

    async def action_open(self) -> None:
        """What Enter does where the person is."""
        if not self._ready or not self.points:
            return
        point = self.points[self.place]
        if point.does == "question" and point.criterion is not None:
            self.dismiss(point.criterion.number)
        elif point.does == "escalate":
            one = point.criterion
            escalate(self, self.at, one.id if one else None, one.title if one else "")
        elif point.does == "overall":
            self.say("A digit chooses another overall grade; the best is 1.")
        else:
            await self.run_action(point.does)

    # --- the overall grade ------------------------------------------------------------------------------------

    @property
    def grade(self) -> str | None:
        """The overall grade that is handed in."""
        return self.said.overall or self.offered

    async def action_grade(self, digit: int) -> None:
        """Choose the overall grade."""
        if not self._ready:
            return
        view = self.overall
        if self.closed or view is None:
            self.say(self.closed or WITHOUT_GRADES)
            return
        choice = next((one for one in view.grades if one.key == str(digit)), None)
        self.to("overall")
        if choice is None:
            self.say(f"{digit} is no overall grade: 1 to {len(view.grades)}.")
        elif view.provisional:
            self.say("Answer what must be done first: what is suggested and permitted may still change.")
        elif choice.id not in view.permitted:
            self.say(barred_words(view, choice.id))
        elif choice.id == self.offered or not self.EXPLAINED:
            await self._chosen(choice.id, "")
        else:
            self._ask_why(choice.id)

    def _ask_why(self, grade: str, then: Then | None = None) -> None:
        """Ask why it is not the offered grade; then go on."""
        assert self.overall is not None  # noqa: S101 - its callers asked
        label = self.overall.label
        other = f", and not {label(self.offered)}, {self.WHOSE}" if self.offered else ""

        async def given(reason: str | None) -> None:
            if reason:
                await self._chosen(grade, reason)
                if then is not None:
                    await then()

        text = self.said.reason or self.drafts.get("overall_reason", "")
        asks = f"Why {label(grade)}{other}?"
        self.app.push_screen(Prompt(asks, text, needs=1, keep=self._keeper("overall_reason")), given)

    async def _chosen(self, grade: str, reason: str) -> None:
        other = grade != self.offered
        self.said = replace(self.said, overall=grade if other else None, reason=reason)
        await self.remember("overall", grade if other else "")
        if not other:
            await self.remember("overall_reason", "")
        self.redraw()

    # --- keeping what was said --------------------------------------------------------------------------------

    async def remember(self, place: str, text: str) -> None:
        """Keep it as a draft; blank lets go of it."""
        if text:
            self.drafts[place] = text
            await self.ask(self.at.keep, place, text)
        elif self.drafts.pop(place, None) is not None:
            await self.ask(self.at.drop, place)

    def _keeper(self, place: str) -> Callable[[str], Awaitable[None]]:
        async def keep(text: str) -> None:
            await self.remember(place, text)

        return keep

    async def forget(self, *places: str) -> None:
        """It is done: nothing of it is a draft any more."""
        for place in places:
            if self.drafts.pop(place, None) is not None:
                await self.reread(self.at.drop, place)

    # --- handing in -------------------------------------------------------------------------------------------

    async def action_send(self) -> None:
        """Hand in; or say what is missing, go there, and ask for it where it can be asked."""
        if not self._ready:
            return
        stops, view = self.stops(), self.overall
        if self.closed:
            self.say(self.closed)
        elif stops:
            self.place = 0
            first = stops[0]
            self.say(f"Not yet. {f'{first.head.strip()} ' if first.head else ''}{first.text.rstrip('.')}. Enter goes on.")
            self.redraw()
        elif view is not None and self.grade is None:
            self.to("overall")
            self.say("Choose the overall grade first: a digit, the best is 1.")
        elif view is not None and self.EXPLAINED and self.grade != self.offered and not self.said.reason:
            self._ask_why(self.grade or "", self.action_send)
        else:
            await self.complete()

    async def refused(self) -> None:
        """It was refused, which is said: show what stands now."""
        said = self._said
        await self.read()
        self._tell(said)
        self.redraw()

    # --- elsewhere --------------------------------------------------------------------------------------------

    async def action_escalate(self) -> None:
        """A child may be at risk."""
        if self._ready:
            escalate(self, self.at)

    async def after_escalation(self) -> None:
        """An escalation may have been what was missing."""
        await self.refused()

    async def action_steps(self) -> None:
        """What can happen to the audit."""
        from tui.screens.steps import StepsScreen

        self.app.push_screen(StepsScreen(self.at.reference), self._after_steps)

    async def _after_steps(self, told: object) -> None:
        await self.read()
        if isinstance(told, str):
            self.say(told)
        self.redraw()
