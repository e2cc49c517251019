"""How the parts are put together: settings, wiring, the embedded database, the supervisor."""
