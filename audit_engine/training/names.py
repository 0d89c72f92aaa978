"""Invented names. The parts are put together so that nobody, and no place, is called that."""

from random import Random
from typing import Final

AREA_NAMES: Final = (
    "Alder Vale",
    "North Moor",
    "East Tarrow",
    "South Marl",
    "West Linnet",
    "Upper Sallow",
    "Lower Wend",
    "Hazel Reach",
    "Ouzel Water",
    "Fennel Brook",
    "Rowan Fold",
    "Thistle Rise",
    "Osier Bank",
    "Teasel Heath",
    "Bracken Mere",
    "Juniper Sound",
    "Larch Haven",
)

TEAM_NAMES: Final = ("Heron", "Kite", "Lapwing", "Wren", "Curlew", "Plover", "Swift")
"""Follow the area's name, which makes them different everywhere."""

_FIRST_STARTS: Final = (
    *("Ama", "Bel", "Chi", "Dar", "Efe", "Fio", "Gwen", "Hana", "Ili", "Jas", "Kwa", "Lei", "Mar", "Nia", "Olu"),
    *("Pri", "Quin", "Rav", "Sor", "Tam", "Uma", "Vesn", "Wyn", "Xan", "Yus", "Zof", "Zoë", "Łuc", "Øys", "Şir"),
)
_FIRST_ENDS: Final = ("bel", "dra", "fen", "ik", "lin", "mira", "nor", "ola", "ris", "sha", "thi", "vek", "wen", "zan")
_LAST_STARTS: Final = (
    *("Ade", "Brindle", "Chan", "Dhal", "Evans", "Fitz", "Gupta", "Haver", "Ibra", "Jank", "Kaz", "Lind", "Mac"),
    *("Nwa", "O'Bri", "Pereira", "Quill", "Ros", "Singh", "Tanaka", "Ukwu", "Vasile", "Wójt", "Xiang", "Yild", "Zam"),
)
_LAST_ENDS: Final = (
    *("acre", "berry", "combe", "dell", "ember", "fold", "grove", "hythe", "ingle", "keld", "lark", "mire"),
    *("nettle", "osk", "pike", "quay", "rush", "sedge", "thorn", "ulm", "vetch", "wick", "yarrow", "zell"),
)


class NameBook:
    """Hands out names, none of them twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def next_name(self) -> str:
        """First and last name, e.g. 'Amalin Nwasedge'."""
        while True:
            first = self._rng.choice(_FIRST_STARTS) + self._rng.choice(_FIRST_ENDS)
            last = self._rng.choice(_LAST_STARTS) + self._rng.choice(_LAST_ENDS)
            name = f"{first} {last}"
            if name not in self._given:
                self._given.add(name)
                return name
