#!/bin/sh
# Makes .venv and fills it with exactly what is pinned: `sh scripts/install.sh run`, or `test` for what the tests need too.
# Does nothing when that is done already; makes .venv anew when an earlier attempt was cut off.
# PYTHON=/path/to/python chooses another Python than the first fitting one on the PATH.
set -eu
cd "${0%/*}/.."

fail() {
    echo "$1" >&2
    exit 1
}

# Print why the Python "$1" can't be used, in a sentence; print nothing when it can.
objection() {
    if ! command -v "$1" >/dev/null 2>&1; then
        echo "FinTrack needs Python 3.11 or newer, and there is no $1 on this machine: install it, or name one with PYTHON=/path/to/python."
    elif ! version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null); then
        echo "FinTrack needs Python 3.11 or newer, and $1 does not start: mend it, or name another with PYTHON=/path/to/python."
    elif ! "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "FinTrack needs Python 3.11 or newer, and $1 is $version: install a newer one, or name one with PYTHON=/path/to/python."
    elif ! "$1" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "Python's venv module is missing: install it (on Debian and Ubuntu: apt install python$version-venv)."
    elif ! "$1" -c 'import sqlite3, ssl' 2>/dev/null; then
        echo "$1 was built without sqlite3 or ssl: install a complete Python, or name one with PYTHON=/path/to/python."
    fi
}

choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        reason=$(objection "$PYTHON")
        [ -z "$reason" ] || fail "$reason"
        return
    fi
    for PYTHON in python3 python3.11 python3.12 python3.13 python3.14; do
        [ -n "$(objection "$PYTHON")" ] || return 0
    done
    fail "$(objection python3)"
}

# Whole: made to its end by this script, still starting, and of the Python that was asked for.
venv_is_whole() {
    [ -e .venv/made ] && [ ! -e .venv/unfinished ] && .venv/bin/python -c '' 2>/dev/null || return 1
    [ -z "${PYTHON:-}" ] || [ "$("$PYTHON" -c "$whose")" = "$(.venv/bin/python -c "$whose")" ]
}
whose='import sys; print(sys.base_prefix, sys.version)'

case ${1:-run} in
    run) files=requirements.txt ;;
    test) files="requirements.txt requirements-models.txt requirements-dev.txt" ;;
    *) fail "Usage: sh scripts/install.sh [run|test]" ;;
esac
wanted=$(for file in $files; do cksum <"$file"; done)
stamp=.venv/installed-${1:-run}

[ -z "${PYTHON:-}" ] || choose_python
if venv_is_whole; then
    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || exit 0
    touch .venv/unfinished
else
    choose_python
    echo "Making .venv with $("$PYTHON" --version)."
    rm -rf .venv
    mkdir .venv
    touch .venv/unfinished
    "$PYTHON" -m venv .venv || fail "Python could not make .venv: its message is above."
fi

echo "Installing the libraries into .venv; this takes a minute or two, once."
rm -f .venv/installed-*
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r "${files##* }" ||
    fail "The libraries could not be installed: pip's reason is above (it needs the internet the first time)."
cksum <requirements.txt >.venv/installed-run
echo "$wanted" >"$stamp"
touch .venv/made
rm .venv/unfinished
