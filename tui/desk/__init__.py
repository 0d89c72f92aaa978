"""The lane's side of the screens: calls action functions and queries, and knows no widget."""
