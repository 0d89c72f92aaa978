"""History and concerns where little is known: of one question, for whom much is withheld, over broken definitions."""

from pathlib import Path

import pytest

from audit_engine.definitions.catalogue import Catalogue, load, load_sound, shipped_folder
from audit_engine.problems import Unusable
from audit_engine.queries.story import story_view
from tests.actions.live.at_work import ADA, EVE, Live
from tests.tui.conftest import At
from tui.desk.at_audit import AtAudit
from tui.desk.reading import AtStory
from tui.desk.seat import Seat, open_seat
from tui.drawing.history import history_lines

EMPTY = "Nothing was said of this question yet."
UNTOLD = "Whether anything was said of this question cannot be told here."


def history(live: Live, who: str, audit: str, criterion: str | None = None) -> str:
    with live.db.read() as session:
        view = story_view(session, live.who(who), audit, live.catalogue)
    return " ".join(" ".join(line.plain for line in history_lines(view, 80, criterion)).split())


def test_a_question_of_which_nothing_may_be_told_is_not_called_empty(live: Live, audit: str) -> None:
    auditor = live.begun(audit)
    assert EMPTY in history(live, auditor, audit, "heard.seen")
    assert UNTOLD not in history(live, EVE, audit)
    assert UNTOLD in history(live, EVE, audit, "heard.seen")
    live.grade_all(audit, auditor)
    assert UNTOLD in history(live, EVE, audit, "heard.seen")
    assert history(live, EVE, audit).count("It was graded. How, how often and when is withheld") == 1
    live.submit(audit, auditor, "good")
    live.move(audit, auditor, "share")
    told = history(live, ADA, audit, "heard.seen")  # the grades are shared with her, how they came about is not
    assert UNTOLD in told
    assert "how a grade came about is not part of what is shared" in told
    assert EMPTY not in told


class BrokenSite(At):
    """A workspace whose folder holds a definition that cannot be used."""

    @property
    def _site(self) -> Path:
        return Path(self.live.address).parent

    def catalogue(self) -> Catalogue:
        return load(self._site)

    def sound_catalogue(self) -> Catalogue:
        return load_sound(self._site)


@pytest.fixture
def broken(live: Live) -> Seat:
    folder = Path(live.address).parent / "rubrics"
    folder.mkdir()
    (folder / "ours.yaml").write_text("rubric: ours\n")
    return open_seat(BrokenSite(live, EVE))


def test_a_concern_is_raised_and_a_story_read_whatever_is_wrong_in_a_file(live: Live, audit: str, broken: Seat) -> None:
    live.begun(audit)
    with pytest.raises(Unusable):
        assert broken.catalogue

    assert AtAudit(broken, audit).raise_concern("The child was not seen.")
    assert [one["concern"] for one in live.escalations(audit)] == ["The child was not seen."]
    assert AtStory(broken, audit).look().lines[-1].says[0] == "Escalation 1 was raised."
    broken.close()


def test_a_sites_own_way_with_escalations_holds_while_another_file_is_broken(live: Live, broken: Seat) -> None:
    own = Path(live.address).parent / "workflows" / "escalation.yaml"
    own.parent.mkdir()
    shipped = (shipped_folder() / "workflows" / own.name).read_text()
    own.write_text(shipped.replace("version: 1.2.0", "version: 1.3.0"))
    assert broken.sound_catalogue.pins["workflow", "escalation"].version == "1.3.0"
    own.write_text("workflow: escalation\n")
    assert broken.sound_catalogue.pins["workflow", "escalation"].version == "1.2.0"
    broken.close()
