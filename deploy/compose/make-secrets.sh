#!/bin/sh
# Makes what compose.yaml mounts as secrets, where it is not there yet: passwords of the ClickHouse users, keys of the
# projects whose clients send one, and the token that operators sign in with. Run it once, from anywhere.
set -eu

directory="$(dirname "$0")/secrets"
umask 077
mkdir -p "$directory"

make() {
  file="$directory/$1"
  [ -e "$file" ] && return
  head -c 24 /dev/urandom | od -A n -t x1 | tr -d ' \n' > "$file"
  echo "made $file"
}

for user in admin sink analyst eraser receipts; do
  make "clickhouse_${user}_password"
done
make admin_token
# what receipts of erasures are made with, the same for every gateway
make erasure_receipt_key
for project in kusk glasskube; do
  make "${project}_write_key"
done

# the gateway is told the hash of each write key, never the key
hash_of() {
  sha256sum < "$directory/$1_write_key" | cut -d ' ' -f 1
}
rm -f "$directory/write_keys.json"
printf '{"kusk":["%s"],"glasskube":["%s"]}\n' "$(hash_of kusk)" "$(hash_of glasskube)" > "$directory/write_keys.json"

# the containers' users have other numbers than yours; the directory keeps everybody else out
chmod 444 "$directory"/*
