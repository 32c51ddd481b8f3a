#!/usr/bin/env bash
# Installs what FairZone needs from Debian: `test` for the real parts that the tests drive, `bench` for the load
# generator, `chaos` for the brokers that `make chaos` can stand on as well (`chaos-nats` or `chaos-rabbitmq` for one of
# them), `venv` for Python's own.
# Does nothing when all of it is there. As another user than root it prints the one command to run.
set -euo pipefail

wanted=${1:?usage: deploy/provision/debian.sh test|bench|chaos|venv}
say() { printf 'fairzone: %s\n' "$*" >&2; }

has_program() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1" >/dev/null 2>&1; }
has_postgres() { has_program initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_cjk_fonts() {
    compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null ||
        { has_program fc-list && fc-list :lang=zh family | grep -q .; }
}
has_c_headers() { [ -e /usr/include/stdio.h ]; }
has_venv() { python3 -c 'import ensurepip, venv' >/dev/null 2>&1; }

missing=()
need() { "${@:2}" || missing+=("$1"); }
case $wanted in
    test)
        need chromium has_program chromium
        need fonts-noto-cjk has_cjk_fonts
        need gcc has_program gcc
        need libc6-dev has_c_headers
        need mosquitto has_program mosquitto
        need mosquitto-clients has_program mosquitto_pub
        need postgresql has_postgres
        need socat has_program socat
        ;;
    bench) need wrk has_program wrk ;;
    chaos)
        need nats-server has_program nats-server
        need rabbitmq-server has_program rabbitmq-server
        ;;
    chaos-nats) need nats-server has_program nats-server ;;
    chaos-rabbitmq) need rabbitmq-server has_program rabbitmq-server ;;
    venv) need python3-venv has_venv ;;
    *) say "unknown set of packages: $wanted"; exit 2 ;;
esac
[ ${#missing[@]} -gt 0 ] || exit 0

command_line="apt-get update && apt-get install --no-install-recommends --yes ${missing[*]}"
if ! has_program apt-get; then
    say "this machine has no apt-get; install the counterparts of these Debian packages: ${missing[*]}"
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    say "some Debian packages are missing; install them with: sudo sh -c '$command_line'"
    exit 1
fi

# Debian starts a freshly installed service. The tests start their own brokers and databases on free ports, so nothing
# is to start here: a policy that answers 101 ("not allowed") stands in while packages are installed, and goes again.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
# Debian's wrapper makes a cluster of its own on the standard port; nobody here uses it.
if [[ " ${missing[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common/createcluster.d
    printf 'create_main_cluster = false\n' > /etc/postgresql-common/createcluster.d/fairzone.conf
fi

log=$(mktemp)
say "installing from Debian: ${missing[*]}"
install_packages() {
    # Another apt-get may hold the lock: wait for it instead of failing.
    apt-get -o DPkg::Lock::Timeout=600 update && DEBIAN_FRONTEND=noninteractive apt-get \
        -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold \
        install --no-install-recommends --yes "${missing[@]}"
}
if ! install_packages > "$log" 2>&1 < /dev/null; then
    tail -n 20 "$log" >&2
    say "Debian's packages could not be installed (the end of the log stands above, all of it in $log); run by hand: $command_line"
    exit 1
fi
rm -f "$log"
