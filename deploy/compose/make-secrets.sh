#!/bin/sh
# Makes the passwords that compose.yaml mounts, where there are none yet. Run it once, from anywhere.
set -eu

directory="$(dirname "$0")/secrets"
umask 077
mkdir -p "$directory"
for user in admin sink analyst; do
  file="$directory/clickhouse_${user}_password"
  [ -e "$file" ] && continue
  head -c 24 /dev/urandom | od -A n -t x1 | tr -d ' \n' > "$file"
  # the containers' users have other numbers than yours; the directory keeps everybody else out
  chmod 444 "$file"
  echo "made $file"
done
