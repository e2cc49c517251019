# One image for web, worker and migrations; see docs/how-to/many-machines.md.
# It was not built where Pluralis is developed (no containers there): tests/apps/config/test_containers.py runs each
# of its commands outside a container and reads this file.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements/uv.txt requirements/run.txt requirements/
RUN .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
    && .venv/bin/uv pip install --python .venv/bin/python --no-cache --compile-bytecode --require-hashes \
       -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY tools/compile_catalogues.py tools/
COPY pluralis pluralis
RUN .venv/bin/uv pip install --python .venv/bin/python --no-cache --no-deps --no-build-isolation --editable . \
    && .venv/bin/python tools/compile_catalogues.py \
    && .venv/bin/python -m compileall -q pluralis

FROM python:3.11-slim-bookworm
RUN useradd --system --user-group --no-create-home --shell /usr/sbin/nologin pluralis \
    && install -d -m 0700 -o pluralis -g pluralis /var/lib/pluralis
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2 \
    PLURALIS_DATA_DIR=/var/lib/pluralis BIND=0.0.0.0 PORT=8000
USER pluralis
VOLUME /var/lib/pluralis
EXPOSE 8000
# Give a stop the time that a worker takes to finish what it is sending.
STOPSIGNAL SIGTERM
ENTRYPOINT ["pluralis"]
CMD ["web"]
