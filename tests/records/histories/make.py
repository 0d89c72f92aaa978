"""Stores a history of today's program: `python -m tests.records.histories.make`.

Do it before every release that changes what entries say, or a shipped workflow, and never again under the same name:
a stored history is what an earlier version wrote, and later ones must read it as it stands.
"""

import json
import sys
import tempfile
from pathlib import Path

from audit_engine import __version__
from audit_engine.definitions.catalogue import load
from audit_engine.records.database import HEAD
from tests.actions.live.conftest import prepared
from tests.records.histories.stored import FOLDER, columns_today, counted, stored, told
from tests.records.histories.stories import tell_everything


def main() -> None:
    name = f"{HEAD}_{__version__}"
    if (FOLDER / f"{name}.sql").exists():
        sys.exit(f"{name} is stored already, and is never written again.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "workspace.db"
        catalogue = load()
        live = prepared(file, catalogue)
        with live.db:
            tell_everything(live)
            assert live.is_sound()
        about = f"Made by audit-engine {__version__} at tables {HEAD}: python -m tests.records.histories.make"
        (FOLDER / f"{name}.sql").write_text("".join(stored(file, about)), "utf-8")
        first = {"made": {"by": about, **counted(file)}, "columns": columns_today()}
        lines = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in (first, *told(file))]
        (FOLDER / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    sys.stdout.write(f"{name}: {sum(first['made']['entries'].values())} entries\n")


if __name__ == "__main__":
    main()
