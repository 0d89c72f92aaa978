"""One matter on a page of its own: how it stands, what can happen to it now, why not, and its story."""

from typing import ClassVar

from textual.binding import BindingType

from audit_engine.matter_views import MatterPage
from audit_engine.work_views import MachineView
from tui.desk.matter import AtMatter
from tui.drawing.history import matter_story
from tui.drawing.steps import Doable
from tui.keymap import bindings
from tui.screens.stepping import Said, Stepping
from tui.screens.whole import WholeScreen
from tui.widgets.frame import Framed

NO_CHILD = "It is about no child. Where a child may be at risk, go to the audit (`g` in the queue) and raise it there."


class MatterScreen(Stepping):
    """A matter that is shown with no audit: it belongs to none, or to one that is not the reader's to see."""

    KEYS = "matter"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("matter")]

    def __init__(self, reference: str) -> None:
        super().__init__()
        self._at = AtMatter(self.app.here, reference)
        self._view: MatterPage | None = None

    def title_words(self) -> str:
        """Which matter."""
        title = f"   {self._view.stands.title}" if self._view else ""
        return f"What can happen   {self._at.reference}{title}"

    @property
    def called(self) -> str:
        """Its reference."""
        return self._at.reference

    def came_for(self, machine: MachineView) -> bool:
        """Itself, before what hangs on it."""
        return machine.reference == self._at.reference

    async def look(self) -> MatterPage | None:
        """What can happen now."""
        return await self.ask(self._at.look)

    async def look_again(self) -> None:
        """What can happen now."""
        view = await self.reread(self._at.look)
        if view is not None:
            self._seen(view)
        self.redraw()

    async def deed(self, one: Doable, reason: str | None, said: Said) -> MatterPage | None:
        """Move it, or what hangs on it."""
        reference = one.machine.reference or self._at.reference
        return await self.save(self._at.move_on, reference, one.step.event, reason, said.records, said.named)

    async def action_history(self) -> None:
        """Its story."""
        await show_story(self, self._at)

    async def action_escalate(self) -> None:
        """Where a child may be at risk, whose audit it is must be known."""
        self.say(NO_CHILD)

    async def action_copy(self) -> None:
        """The reference, and nothing else."""
        self.app.copy_reference(self._at.reference)
        self.say(f"Copied: {self._at.reference}. Nothing else can be copied.")


async def show_story(screen: Framed[None] | Framed[str | None], at: AtMatter) -> None:
    """Read a matter's story, and show it on top of a screen."""
    view = await screen.ask(at.story)
    if view is not None:
        title = f"History   {at.reference}   {view.title}   the newest first"
        screen.app.push_screen(WholeScreen(title, lambda width: matter_story(view, width)))
