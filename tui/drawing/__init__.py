"""Views to lines of words: pure functions of a view and a width, so that a screen can be read in a test."""
