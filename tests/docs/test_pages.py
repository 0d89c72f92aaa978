"""Generated pages say what the program says."""

from tests.docs import commands, keys, names


def test_the_page_of_commands_is_up_to_date() -> None:
    assert commands.PAGE.read_text(encoding="utf-8") == commands.page(), "run: python -m tests.docs.commands"


def test_the_page_of_names_is_up_to_date() -> None:
    assert names.PAGE.read_text(encoding="utf-8") == names.page(), "run: python -m tests.docs.names"


def test_the_page_of_keys_is_up_to_date() -> None:
    assert keys.PAGE.read_text(encoding="utf-8") == keys.page(), "run: python -m tests.docs.keys"
