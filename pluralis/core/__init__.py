"""Pure decisions: no Django, no input or output, no clock, no hidden randomness.

Packaged data (word lists, weights, prices) is read once, through :mod:`pluralis.core.data`, and nowhere else.
"""
