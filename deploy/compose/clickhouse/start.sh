#!/bin/sh
# Starts ClickHouse with the users of users.xml: the server is told the hash of each password, never the password.
set -eu

sha256_of() {
  tr -d '\n' < "/run/secrets/clickhouse_$1_password" | sha256sum | cut -d ' ' -f 1
}

ROLLCALL_ADMIN_SHA256=$(sha256_of admin)
ROLLCALL_SINK_SHA256=$(sha256_of sink)
ROLLCALL_ANALYST_SHA256=$(sha256_of analyst)
ROLLCALL_ERASER_SHA256=$(sha256_of eraser)
ROLLCALL_RECEIPTS_SHA256=$(sha256_of receipts)
export ROLLCALL_ADMIN_SHA256 ROLLCALL_SINK_SHA256 ROLLCALL_ANALYST_SHA256
export ROLLCALL_ERASER_SHA256 ROLLCALL_RECEIPTS_SHA256
# users.xml is the whole truth about users: the image is not to add its own
export CLICKHOUSE_SKIP_USER_SETUP=1
exec /entrypoint.sh
