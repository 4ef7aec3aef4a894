#!/bin/sh
# Prometheus reads no secret from its environment: the token goes into a file that its user alone may read, and out of the environment.
set -eu
: "${METRICS_AUTH_TOKEN:?is not set: give this service the token of the backend}"
umask 077
printf %s "$METRICS_AUTH_TOKEN" > "${TMPDIR:-/tmp}/metrics-auth-token"
unset METRICS_AUTH_TOKEN
exec prometheus "$@"
