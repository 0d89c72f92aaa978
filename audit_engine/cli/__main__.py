"""`python -m audit_engine.cli` is `audit`."""

from audit_engine.cli import main

main()
