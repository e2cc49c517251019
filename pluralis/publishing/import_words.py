"""What is said about files and rows: what happened, and what to do. Codes are those of ``core.importing``."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from pluralis.core.importing import Unreadable
from pluralis.teams.errors import Invalid

FILES: dict[str, tuple[Any, Any]] = {
    "too_large": (
        _("The file is larger than %(most)d MB."),
        _("Cut it into several files and import one after the other."),
    ),
    "too_large_unpacked": (
        _("Unpacked, the file would be larger than %(most)d MB."),
        _("Save it as CSV, or cut it into several files."),
    ),
    "too_many_rows": (
        _("The file has more than %(most)d rows."),
        _("Cut it into several files and import one after the other."),
    ),
    "too_many_columns": (_("The file has more than %(most)d columns."), _("Delete the columns that are not needed.")),
    "empty": (_("The file is empty."), _("Fill it, one post a row, and choose it again.")),
    "no_text": (
        _("This is not a table: the file holds signs that are no text."),
        _("Save it as CSV or as a spreadsheet (.xlsx) and choose that."),
    ),
    "wrong_encoding": (_("The file cannot be read as %(encoding)s."), _("Choose another way to read its letters.")),
    "is_pdf": (_("This is a PDF, not a table."), _("Save it as CSV or as a spreadsheet (.xlsx) and choose that.")),
    "is_picture": (
        _("This is a picture, not a table."),
        _("Choose the table first; its pictures are added on the next page."),
    ),
    "is_document": (
        _("This is a text document, not a table."),
        _("Save it as CSV or as a spreadsheet (.xlsx) and choose that."),
    ),
    "is_archive": (_("This is a packed archive, not a table."), _("Unpack it and choose the table inside.")),
    "has_password": (
        _("The spreadsheet is locked with a password."),
        _("Save it without a password and choose it again."),
    ),
    "damaged_sheet": (
        _("The spreadsheet is damaged or not complete."),
        _("Open it in your spreadsheet program, save it again, and choose that."),
    ),
    "no_sheet": (
        _("The spreadsheet has no visible sheet."),
        _("Show the sheet with the posts and save the file again."),
    ),
}

ROWS: dict[str, tuple[Any, Any]] = {
    "open_quote": (
        _("A quotation mark is opened and never closed."),
        _("Close it, or double it if it is part of the text."),
    ),
    "null": (_("The cell holds a null sign, shown as ␀."), _("Type the cell again.")),
    "cell_too_long": (
        _("The cell has more than %(most)d characters."),
        _("Is a quotation mark missing? Shorten the cell."),
    ),
    "formula": (
        _("The cell holds a formula that nobody computed: %(value)s."),
        _("Copy the column and paste it as values."),
    ),
    "formula_empty": (
        _("The cell holds a formula without a result."),
        _("Open the file in your spreadsheet program and save it, or paste the values."),
    ),
    "formula_value": (
        _("The cell holds a formula; what it showed last is taken."),
        _("Look whether that is what you want."),
    ),
    "sheet_error": (
        _("The spreadsheet could not compute this cell: %(value)s."),
        _("Mend the formula, or type what should stand here."),
    ),
    "unreadable_letters": (
        _("Letters were lost when the file was saved."),
        _("Save it again as UTF-8, or type the cell again."),
    ),
    "looks_garbled": (
        _("“%(value)s” looks like a letter that was read wrongly."),
        _("Choose another way to read the letters, or type the cell again."),
    ),
    "extra_cells": (
        _("The row has a cell more than there are columns."),
        _("Is a text with a comma not in quotation marks?"),
    ),
    "no_text": (_("There is no text."), _("Write one, or leave the row out.")),
    "thread_too_long": (_("The thread has %(count)d messages; at most %(most)d go."), _("Make two rows of it.")),
    "unknown_zone": (
        _("There is no time zone “%(value)s”."),
        _("Write it as region and city, such as Europe/Paris."),
    ),
    "unknown_zone_like": (_("There is no time zone “%(value)s”."), _("Is %(like)s meant?")),
    "no_moment": (
        _("The row does not say when it goes out."),
        _("Write a day and a time, or keep these rows as drafts."),
    ),
    "order_unknown": (_("“%(value)s” can be read two ways."), _("Say whether the day or the month comes first.")),
    "other_order": (
        _("“%(value)s” is no day in the order you chose."),
        _("Write it like the others, or as 2026-12-24."),
    ),
    "short_year": (_("The year of “%(value)s” is not plain."), _("Write it with four digits.")),
    "odd_year": (_("The year of “%(value)s” cannot be meant."), _("Correct the year.")),
    "no_date": (_("“%(value)s” is no day and time."), _("Write it as 2026-12-24 09:30.")),
    "number_for_date": (
        _("“%(value)s” is a number, not a day."),
        _("Format the column as a date in your spreadsheet program and save it again."),
    ),
    "no_time": (_("“%(value)s” has no time of day."), _("Add one, or choose the column that holds it.")),
    "no_clock_time": (_("The time of “%(value)s” cannot be read."), _("Write it as 09:30.")),
    "no_such_time": (_("There is no such time of day: “%(value)s”."), _("Correct the hour.")),
    "no_such_day": (_("There is no such day: “%(value)s”."), _("Correct the day.")),
    "hour_twice": (
        _("On that day “%(value)s” comes twice in %(zone)s; the first is taken."),
        _("Choose another time if it matters."),
    ),
    "hour_skipped": (
        _("On that day clocks in %(zone)s skip “%(value)s”; it goes out right after the change."),
        _("Choose another time if it matters."),
    ),
    "past": (_("“%(value)s” has passed."), _("Choose a later time, or leave the row out.")),
    "far_ahead": (_("“%(value)s” is more than three years ahead."), _("Look whether the year is right.")),
    "no_account": (
        _("The row does not say on which account."),
        _("Name one in the row, or choose accounts for all rows."),
    ),
    "unknown_account": (
        _("We have no account “%(value)s”."),
        _("Write its handle as it stands under Accounts, or connect it first."),
    ),
    "ambiguous_account": (
        _("“%(value)s” is the name of several of our accounts."),
        _("Write the network before it, as in network:handle."),
    ),
    "missing_picture": (_("The picture “%(value)s” is missing."), _("Add the file beside the table.")),
    "too_many_pictures": (_("There are more than %(most)d pictures."), _("Leave some out.")),
    "unknown_language": (
        _("We do not know the language “%(value)s”."),
        _("Write en, fr, es or ms, or leave it empty."),
    ),
    "too_long": (
        _("Too long for %(network)s by %(over)d; %(limit)d go."),
        _("Shorten it, or part it into a thread with a line of three dashes."),
    ),
    "rule": (
        _("“%(value)s” breaks a rule that stops a post."),
        _("Change the words, or let a lead override it with a reason."),
    ),
    "rule_overridden": (
        _("“%(value)s” breaks a rule; it goes out for the reason you gave."),
        _("Look whether that is what you want."),
    ),
    "no_alt_text": (_("The picture has no description."), _("Add a column with descriptions.")),
    "road_too_many_pictures": (_("%(network)s takes fewer pictures."), _("Leave some out.")),
    "road_picture_too_large": (_("A picture is too large for %(network)s."), _("Make it smaller and add it again.")),
    "road_picture_type": (
        _("%(network)s does not take pictures of this kind."),
        _("Save it as JPEG or PNG and add it again."),
    ),
    "road_alt_text_too_long": (_("The description of a picture is too long for %(network)s."), _("Shorten it.")),
    "same_words": (
        _("%(network)s forbids the same text on two accounts of one owner (@%(one)s and @%(two)s)."),
        _("Make two rows with words of their own."),
    ),
    "same_as_row": (
        _("Row %(row)d says the same on the same account."),
        _("Change the words, or say that the same texts are meant."),
    ),
    "same_as_planned": (
        _("The same text is planned or went out on this account already."),
        _("Change the words, or say that the same texts are meant."),
    ),
    "refused_at_saving": (_("It could not be planned: %(value)s"), _("Mend it and import the row again.")),
}


def said(code: str, values: Mapping[str, str | int]) -> tuple[str, str]:
    """Return what happened and what to do, in the reader's language."""
    happened, advice = ROWS.get(code) or FILES.get(code) or (code, "")
    return str(happened) % values, str(advice) % values


def unreadable(problem: Unreadable) -> Invalid:
    """Return the error that a person reads about a file that cannot be read at all."""
    happened, advice = FILES[problem.code]
    return Invalid(
        problem.code,
        str(happened) % problem.values,
        kept=_("Nothing was imported."),
        next_step=advice,
        fields={"file": str(happened) % problem.values},
    )
