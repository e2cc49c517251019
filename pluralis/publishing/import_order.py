"""What the rows of an import tell about how their days are written."""

from collections.abc import Sequence

from pluralis.core.importing import Order, order_of
from pluralis.core.importing.columns import WHEN
from pluralis.publishing.models import Import


def order_in(one: Import, fields: Sequence[str]) -> Order:
    """Return whether the days begin with the day or the month, as far as all rows tell. One query."""
    if WHEN not in fields:
        return order_of(())
    column = list(fields).index(WHEN)
    cells = one.rows.values_list("cells", flat=True).iterator(chunk_size=2000)
    return order_of(row[column] for row in cells if column < len(row))
