#!/bin/sh
# Submits one order and repeats it until the answer is final: submit.sh URL FILE
# SLUICE_API_KEY is the key, where the node asks for one. The document needs a clientOrderId: it makes the repetitions harmless. Exit code 0: committed or queued, 1: refused,
# 4: no answer that is final.
set -eu

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# On stdin, since other users see the arguments of a process.
credentials() {
    [ -z "${SLUICE_API_KEY:-}" ] || printf 'header = "Authorization: Bearer %s"\n' "$SLUICE_API_KEY"
}

# curl repeats after 408, 429, 500, 502, 503 and 504, waits as Retry-After asks, else 1 s, 2 s, 4 s …; with
# --retry-all-errors also after a connection that was refused or lost and after --max-time.
status=$(credentials | curl --config - --silent --show-error --output "$answer" --write-out '%{http_code}' \
    --max-time 10 --retry 5 --retry-all-errors --retry-max-time 60 \
    --header 'Content-Type: application/json' --data-binary "@$2" "$1/orders") || status=000

cat "$answer"
echo
case $status in
    201 | 202) exit 0 ;;
    4*) [ "$status" != 408 ] && [ "$status" != 429 ] && exit 1 ;;
esac
exit 4
