"""Restates public tables (emoji, top-level domains, letters) in the form the text engine reads."""
