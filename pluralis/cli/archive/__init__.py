"""One file that holds an instance: its rows and its media, never its keys.

A tar file with `tables/NAME.copy` (rows as PostgreSQL's COPY text), `media/...` and, last, `manifest.json`. It
holds no SQL: a restore makes the tables with our own migrations and only fills rows in, so a hostile file can
bring wrong rows but run nothing. A file without its manifest was cut short and is refused.
"""
