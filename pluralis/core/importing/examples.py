"""A small file of each kind to start from; what it shows is what the guesses know."""

from collections.abc import Sequence
from datetime import date, timedelta

from pluralis.core.importing.columns import BUFFER, HOOTSUITE, PLAIN

LAYOUTS = (PLAIN, HOOTSUITE, BUFFER)


def example(layout: str, today: date, handle: str) -> list[Sequence[str]]:
    """Return the rows of an example file, for the week after ``today``; ``handle`` is one of our accounts."""
    days = [today + timedelta(days=number) for number in (7, 8, 9)]
    if layout == HOOTSUITE:
        return [
            (f"{days[0]:%d/%m/%Y} 09:30", "We open at nine. See you there!", "https://www.example.org/open"),
            (f"{days[1]:%d/%m/%Y} 14:05", "Our tip of the day: water in the morning.", ""),
        ]
    if layout == BUFFER:
        return [
            ("Text", "Image URL", "Tags", "Posting Time"),
            ("We open at nine. See you there!", "", "", f"{days[0]:%Y-%m-%d} 09:30"),
            ("Our tip of the day: water in the morning.", "", "", f"{days[1]:%Y-%m-%d} 14:05"),
        ]
    return [
        ("text", "text 2", "date", "time", "zone", "account", "picture", "description"),
        ("We open at nine. See you there!", "", f"{days[0]:%Y-%m-%d}", "09:30", "", handle, "", ""),
        (
            "A thread begins here.",
            "And this is its second message.",
            f"{days[1]:%Y-%m-%d}",
            "14:05",
            "",
            handle,
            "",
            "",
        ),
        (
            "Look at our new door!",
            "",
            f"{days[2]:%Y-%m-%d}",
            "18:00",
            "Europe/Paris",
            handle,
            "door.jpg",
            "A green door",
        ),
    ]
