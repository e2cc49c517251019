"""Malay dates: day before month, and the 12 hours of PG and PTG, as people write them in Malaysia."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "g.i A"
DATETIME_FORMAT = "j F Y, g.i A"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, g.i A"
FIRST_DAY_OF_WEEK = 1
