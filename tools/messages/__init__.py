"""Collects what is to be translated, keeps the catalogues in step with it, and says what is missing.

No gettext programs are needed: Django turns templates into code, Babel reads code and catalogues.
"""
