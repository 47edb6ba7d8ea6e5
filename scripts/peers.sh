#!/bin/sh
# Fetches into .peers the programs that `make bench` sets beside ours: Fava by pip, Actual's API by npm. hledger comes with
# the system's packages (on Debian and Ubuntu: apt install hledger). What can't be had is left out of the benchmarks.
set -eu
cd "${0%/*}/.."

mkdir -p .peers
.venv/bin/python -m venv .peers/python
.peers/python/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r requirements-bench.txt

if command -v npm >/dev/null; then
    cp tests/bench/side_by_side/programs/package.json .peers/
    # Its database is compiled where there is no ready-made one, by the headers that a packaged Node brings.
    [ ! -d /usr/include/node ] || export npm_config_nodedir=/usr
    npm install --prefix .peers --no-audit --no-fund --loglevel=error || echo "Actual's API could not be installed: it is left out."
else
    echo "There is no npm: Actual is left out."
fi
command -v hledger >/dev/null || echo "There is no hledger: it is left out."
