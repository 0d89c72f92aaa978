"""Handing in, whoever does it: what is missing, what to look at, the overall grade, and then for good."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from textual.widget import Widget

from audit_engine.work_views import OverallView
from tui.desk.grading import AtGrading
from tui.drawing.check import (
    LOCKS,
    WITHOUT_GRADES,
    Part,
    Point,
    Said,
    barred_words,
    count_words,
    part_lines,
    sending_lines,
)
from tui.drawing.words import words
from tui.screens.about_audit import AboutAudit
from tui.screens.escalating import escalate
from tui.screens.prompt import Prompt
from tui.widgets.frame import Words
from tui.widgets.lines import LinesPane

Then = Callable[[], Awaitable[None]]
V = TypeVar("V")


class HandIn(AboutAudit[int | str | None], Generic[V]):
    """A check of `view`, and the key that hands in.

    Gives the number of a question to go to it; a sentence once it is done; None to go back. What was said is kept as
    drafts until it is done: `overall`, `overall_reason`, and more of each screen's own.
    """

    NAMED = ""
    """What is done here, as in 'things stop you from ...'."""
    OFFERED = ("as suggested", "the suggested")
    """Why a grade stands though nobody chose it: behind its name, and before it."""
    EXPLAINED = True
    """Whether another grade than the offered one needs a reason."""
    PREFIX = ""
    """Before the places of its drafts."""

    def __init__(self, at: AtGrading) -> None:
        super().__init__()
        self.at = at
        self.view: V | None = None
        self.said = Said()
        self.place = 0
        self._lines_of: list[int] = []

    @property
    def audit_at(self) -> AtGrading:
        """The audit that is handed in."""
        return self.at

    # --- what the three differ in -----------------------------------------------------------------------------

    def look(self) -> V:
        """Read what stands now, on the lane. Raises Refused."""
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
        """Read what stands and what was said before; begin at what must be done first."""
        self.redraw()
        view = await self.ask(self.look)
        if view is None:
            self.dismiss(self.refused_words())
            return
        await self.read_drafts()
        self.view = view
        self.recall()
        self.redraw()

    def recall(self) -> None:
        """What was said before: the overall grade that was chosen, as long as it may be given."""
        view, kept = self.overall, self.drafts.get(f"{self.PREFIX}overall")
        if view is None or kept is None or kept == self.offered or self.closed:
            return
        if kept in view.permitted:
            reason = self.drafts.get(f"{self.PREFIX}overall_reason", "")
            self.said = replace(self.said, overall=kept, reason=reason)
        elif kept in {one.id for one in view.grades}:
            self.say(f"You had chosen another overall grade. {barred_words(view, kept)}")

    def resting_words(self) -> str:
        """Why nothing can be handed in, when it cannot."""
        return self.closed

    def all_parts(self) -> tuple[Part, ...]:
        """Everything shown."""
        return (Part("MUST BE DONE FIRST", self.stops(), of_questions=True), *self.parts())

    @property
    def points(self) -> list[Point]:
        """The points where Enter does something."""
        return [point for part in self.all_parts() for point in part.points if point.does]

    def draw(self) -> None:
        """The points; above them how far it is, below them what the key does."""
        if self.view is None:
            return
        width = self.size.width
        self.place = max(0, min(self.place, len(self.points) - 1))
        done, of, look = self.counted()
        # A question under a criterion stands below it, and is no further thing to do.
        stops = sum(point.does != "answers" for point in self.stops())
        self.query_one("#counts", Words).say(
            [words(f" {count_words(done, of, stops, look, '' if self.closed else self.NAMED)}")]
        )
        lines, self._lines_of = part_lines(self.all_parts(), self.place, width)
        at = self._lines_of[self.place] if self._lines_of else None
        self.query_one("#points", LinesPane).show([words(""), *lines], at + 1 if at is not None else None, around=1)
        sentence = "" if self.closed or self.stops() else self.sends()
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
        await self.action_page(99 if last else -99)

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
        if self.view is None or not self.points:
            return
        point = self.points[self.place]
        if point.does in ("question", "answers") and point.criterion is not None:
            self.dismiss(point.criterion.number)
        elif point.does == "escalate":
            one = point.criterion
            await escalate(self, self.at, *((one.id, one.title) if one else ()))
        elif self.closed:
            self.say(self.closed)
        elif point.does == "overall":
            self.say("A digit chooses another overall grade; the best is 1.")
        else:
            await self.act(point.does)

    async def act(self, does: str) -> None:
        """What Enter does at a point of the screen's own."""

    # --- the overall grade ------------------------------------------------------------------------------------

    @property
    def grade(self) -> str | None:
        """The overall grade that is handed in."""
        return self.said.overall or self.offered

    async def action_grade(self, digit: int) -> None:
        """Choose the overall grade."""
        if self.view is None:
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
        elif choice.id in view.by_override:
            await self.look_past(choice.id)
        elif choice.id not in view.permitted:
            self.say(barred_words(view, choice.id))
        elif choice.id == self.offered or not self.EXPLAINED:
            await self._chosen(choice.id, "")
        else:
            self._ask_why(choice.id)

    async def look_past(self, grade: str) -> None:
        """Choose a grade that a rule bars, where that may be."""

    def _ask_why(self, grade: str, then: Then | None = None) -> None:
        """Ask why it is not the offered grade; then go on."""
        assert self.overall is not None  # noqa: S101 - its callers asked
        label = self.overall.label
        other = f", and not {self.OFFERED[1]} {label(self.offered)}" if self.offered else ""

        async def given(reason: str | None) -> None:
            if reason:
                await self._chosen(grade, reason)
                if then is not None:
                    await then()

        place = f"{self.PREFIX}overall_reason"
        text = self.said.reason or self.drafts.get(place, "")
        asks = f"Why {label(grade)}{other}?"
        self.app.push_screen(Prompt(asks, text, needs=1, keep=self.keeper(place)), given)

    async def _chosen(self, grade: str, reason: str) -> None:
        other = grade != self.offered
        self.said = replace(self.said, overall=grade if other else None, reason=reason)
        await self.keep(f"{self.PREFIX}overall", grade if other else "")
        if not other:
            await self.keep(f"{self.PREFIX}overall_reason", "")
        self.redraw()

    # --- handing in -------------------------------------------------------------------------------------------

    async def action_send(self) -> None:
        """Hand in; or say what is missing, go there, and ask for it where it can be asked."""
        if self.view is None:
            return
        stops, view = self.stops(), self.overall
        if self.closed:
            self.say(self.closed)
        elif stops:
            self.place = 0
            first, goes = stops[0], {"question": " Enter goes there.", "escalate": " Enter raises it."}
            self.say(f"Not yet. {first.head.strip()} {first.text.rstrip('.')}.{goes.get(first.does, '')}")
            self.redraw()
        elif view is not None and self.grade is None:
            self.to("overall")
            self.say("Choose the overall grade first: a digit, the best is 1.")
        elif view is not None and self.EXPLAINED and self.grade != self.offered and not self.said.reason:
            self._ask_why(self.grade or "", self.action_send)
        else:
            await self.complete()

    async def look_again(self) -> None:
        """Show what stands now, leaving what the status line says."""
        self.view = await self.reread(self.look) or self.view
        self.redraw()
