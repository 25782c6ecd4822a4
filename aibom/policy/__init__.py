"""Policies: named rules, as data, held against what is said of a model."""
