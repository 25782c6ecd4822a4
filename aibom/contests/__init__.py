"""Objections to findings: filed, assessed, and never deleted."""
