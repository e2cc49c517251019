"""Thin job functions: one unit of work, then return."""
