#!/usr/bin/env bash
# Writes deploy/constraints.txt anew (a fresh environment, the newest versions that pyproject.toml allows, frozen) and
# deploy/requirements/ from it: the same versions with the hash of every file that the index lists.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/python -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --no-input --upgrade setuptools editables --editable '.[dev]'
{
    printf '%s\n' "# Every package at the version that the tests ran with, for \`pip install -c\`; the build's own requirements too."
    printf '%s\n' '# Made by deploy/provision/pin.sh; never edited by hand.'
    {
        "$folder/venv/bin/python" -m pip freeze --all --exclude-editable --exclude pip --exclude wheel
        # The node wheel lives in the isolated build only, so no environment has it to freeze.
        sed -n 's/^NODE = "\(.*\)"$/\1/p' deploy/frontend/build_hook.py
    } | sort --ignore-case
} > deploy/constraints.txt
"$folder/venv/bin/python" deploy/provision/hashes.py deploy/requirements
# The editable install above points to the folder that goes: put this tree's own one back.
rm -f .venv/installed-*
deploy/provision/python.sh dev
