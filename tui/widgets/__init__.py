"""What the screens are put together from. Takes lines that were made safe, never bare text."""
