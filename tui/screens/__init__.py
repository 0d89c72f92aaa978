"""One module for one screen. A screen decides nothing and reads nothing but the view it was given."""
