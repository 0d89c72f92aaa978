"""What happened when a deed was done and its picture could not be read. Imports nothing heavy."""


class Unseen(Exception):  # noqa: N818 - it is read as a word: it is saved, and unseen
    """It is saved, and what stands now cannot be shown. Carries why."""
