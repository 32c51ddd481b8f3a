#!/bin/sh
# Installs the FairZone booth bridge from this folder, without internet. 离线安装展位网桥。
# Usage: ./install.sh [--service] [FOLDER]    FOLDER: default /opt/fairzone-bridge as root, else ~/fairzone-bridge
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
service=no
if [ "${1:-}" = "--service" ]; then
    service=yes
    shift
fi
if [ "$(id -u)" = 0 ]; then folder=${1:-/opt/fairzone-bridge}; else folder=${1:-$HOME/fairzone-bridge}; fi

stop() { printf 'fairzone: %s\n' "$*" >&2; exit 1; }

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 14)))' >/dev/null 2>&1; then
            printf '%s' "$name"
            return
        fi
    done
    stop "Python 3.11 to 3.14 is needed and not in PATH (or set PYTHON=/path/to/python3). 需要 Python 3.11 至 3.14。"
}

python=$(find_python)
if [ "$service" = yes ]; then
    [ "$(id -u)" = 0 ] || stop "--service needs root: sudo ./install.sh --service 。安装服务需要 root 权限。"
    [ "$folder" = /opt/fairzone-bridge ] || stop "--service installs to /opt/fairzone-bridge, where its unit looks."
fi

mkdir -p "$folder"
# The installer comes along, since Debian's Python has none of its own without a further package.
"$python" -m venv --clear --without-pip "$folder/venv"
"$folder/venv/bin/python" "$(ls "$here"/wheels/pip-*.whl)/pip" install --quiet --no-compile --no-index --disable-pip-version-check \
    --find-links "$here/wheels" --requirement "$here/requirements.txt"

config=$folder/bridge.toml
if [ "$service" = yes ]; then
    id fairzone >/dev/null 2>&1 || useradd --system --home-dir /var/lib/fairzone --shell /usr/sbin/nologin fairzone
    install -d -m 0750 -g fairzone /etc/fairzone
    config=/etc/fairzone/bridge.toml
    install -m 0644 "$here/fairzone-bridge.service" /etc/systemd/system/fairzone-bridge.service
    systemctl daemon-reload
fi
if [ ! -e "$config" ]; then
    cp "$here/bridge.toml" "$config"
    # It may hold the token.
    chmod 0600 "$config"
    [ "$service" = no ] || { chgrp fairzone "$config"; chmod 0640 "$config"; }
fi

printf 'fairzone: installed. Edit %s, then / 已安装。请编辑该文件，然后运行：\n' "$config"
printf '  %s/venv/bin/fairzone bridge check --config %s\n' "$folder" "$config"
if [ "$service" = yes ]; then
    printf '  systemctl enable --now fairzone-bridge\n'
else
    printf '  %s/venv/bin/fairzone bridge run --config %s\n' "$folder" "$config"
fi
