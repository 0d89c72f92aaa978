"""Histories that earlier versions of the program wrote, and what stood at the end of each. Only ever added to."""
