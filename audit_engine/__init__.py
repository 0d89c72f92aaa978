"""Quality audit of casework in services for children: declared in YAML, graded, counted on the right denominator."""

__version__ = "0.1.0"
