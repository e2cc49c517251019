"""The words of :mod:`pluralis.core.schedule.summary`, by language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """How a language says a rule. Weekdays begin with Monday, months with January; ``ordinals`` holds the words for
    1 to 5 and -1 (last), -2. ``every`` holds for each frequency the words for one and for ``{n}``."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    ordinals: dict[int, str]
    every: dict[str, tuple[str, str]]
    both: str
    on_weekdays: str
    weekday: str
    working_days: str
    on_month_days: str
    month_day: str
    first_day: str
    last_day: str
    from_end: str
    on_nth: str
    nth: str
    on_date: str
    date: str
    first_date: str
    of_months: str
    in_months: str
    at: str
    skips: str
    until: str
    until_date: str
    times: tuple[str, str]
    by_rule: str


ENGLISH = Phrases(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December"),
    ordinals={1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"},
    every={"DAILY": ("every day", "every {n} days"), "WEEKLY": ("every week", "every {n} weeks"),
           "MONTHLY": ("every month", "every {n} months"), "YEARLY": ("every year", "every {n} years")},
    both="and", on_weekdays=" on {days}", weekday="{day}", working_days="every working day, Monday to Friday",
    on_month_days=" on {days}", month_day="day {n}", first_day="day 1", last_day="the last day",
    from_end="day {n} from the end", on_nth=" on {days}", nth="the {ordinal} {weekday}",
    on_date=" on {days}", date="{day} {month}", first_date="{day} {month}",
    of_months=" of {months}", in_months=" in {months}", at=" at {times}",
    skips=", not in months without that day", until=", until {date}", until_date="{day} {month} {year}",
    times=(", once", ", {n} times"), by_rule="by the rule {rule}",
)  # fmt: skip

FRENCH = Phrases(
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
            "novembre", "décembre"),
    ordinals={1: "premier", 2: "deuxième", 3: "troisième", 4: "quatrième", 5: "cinquième", -1: "dernier",
              -2: "avant-dernier"},
    every={"DAILY": ("tous les jours", "tous les {n} jours"), "WEEKLY": ("toutes les semaines",
           "toutes les {n} semaines"), "MONTHLY": ("tous les mois", "tous les {n} mois"),
           "YEARLY": ("tous les ans", "tous les {n} ans")},
    both="et", on_weekdays=", {days}", weekday="le {day}", working_days="tous les jours ouvrés, du lundi au vendredi",
    on_month_days=", {days}", month_day="le {n}", first_day="le 1er", last_day="le dernier jour",
    from_end="le {n}e jour avant la fin", on_nth=", {days}", nth="le {ordinal} {weekday}",
    on_date=", {days}", date="le {day} {month}", first_date="le 1er {month}",
    of_months=" de {months}", in_months=", en {months}", at=" à {times}",
    skips=", sauf les mois qui n’ont pas ce jour", until=", jusqu’au {date}", until_date="{day} {month} {year}",
    times=(", une seule fois", ", {n} fois"), by_rule="selon la règle {rule}",
)  # fmt: skip

SPANISH = Phrases(
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
            "noviembre", "diciembre"),
    ordinals={1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto", 5: "quinto", -1: "último", -2: "penúltimo"},
    every={"DAILY": ("todos los días", "cada {n} días"), "WEEKLY": ("todas las semanas", "cada {n} semanas"),
           "MONTHLY": ("todos los meses", "cada {n} meses"), "YEARLY": ("todos los años", "cada {n} años")},
    both="y", on_weekdays=", {days}", weekday="el {day}",
    working_days="todos los días laborables, de lunes a viernes",
    on_month_days=", {days}", month_day="el día {n}", first_day="el día 1", last_day="el último día",
    from_end="el día {n} contando desde el final", on_nth=", {days}", nth="el {ordinal} {weekday}",
    on_date=", {days}", date="el {day} de {month}", first_date="el 1 de {month}",
    of_months=" de {months}", in_months=", en {months}", at=" a las {times}",
    skips=", salvo los meses que no tienen ese día", until=", hasta el {date}",
    until_date="{day} de {month} de {year}", times=(", una sola vez", ", {n} veces"), by_rule="según la regla {rule}",
)  # fmt: skip

MALAY = Phrases(
    weekdays=("Isnin", "Selasa", "Rabu", "Khamis", "Jumaat", "Sabtu", "Ahad"),
    months=("Januari", "Februari", "Mac", "April", "Mei", "Jun", "Julai", "Ogos", "September", "Oktober",
            "November", "Disember"),
    ordinals={1: "pertama", 2: "kedua", 3: "ketiga", 4: "keempat", 5: "kelima", -1: "terakhir",
              -2: "kedua terakhir"},
    every={"DAILY": ("setiap hari", "setiap {n} hari"), "WEEKLY": ("setiap minggu", "setiap {n} minggu"),
           "MONTHLY": ("setiap bulan", "setiap {n} bulan"), "YEARLY": ("setiap tahun", "setiap {n} tahun")},
    both="dan", on_weekdays=" pada hari {days}", weekday="{day}",
    working_days="setiap hari bekerja, Isnin hingga Jumaat",
    on_month_days=" pada {days}", month_day="hari ke-{n}", first_day="hari pertama", last_day="hari terakhir",
    from_end="hari ke-{n} dari akhir bulan", on_nth=" pada {days}", nth="hari {weekday} {ordinal}",
    on_date=" pada {days}", date="{day} {month}", first_date="1 {month}",
    of_months=" bulan {months}", in_months=" dalam bulan {months}", at=" pada pukul {times}",
    skips=", kecuali bulan yang tiada hari itu", until=", hingga {date}", until_date="{day} {month} {year}",
    times=(", sekali sahaja", ", {n} kali"), by_rule="mengikut peraturan {rule}",
)  # fmt: skip

BY_LANGUAGE = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH, "ms": MALAY}
