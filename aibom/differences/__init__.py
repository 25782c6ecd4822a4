"""What changed between two BOMs."""
