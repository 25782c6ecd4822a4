"""What is asked for, as data."""
