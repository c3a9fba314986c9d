#!/bin/sh
# Every crate of Cargo.lock with its licence, as LICENCES.md has them: `benches/licences.sh > LICENCES.md`. Needs jq.
# Fails where a licence is none that a program of the MIT licence may be handed on with.
set -eu
rows=$(cargo metadata --locked --format-version 1 | jq -r '
  ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "Zlib", "Unlicense",
   "Unicode-3.0", "CC0-1.0", "MIT-0", "BSL-1.0", "CDLA-Permissive-2.0", "OpenSSL", "MPL-2.0"] as $known
  | .packages[] | select(.name != "authscope") | . as $crate
  | ((.license // "none") | gsub("[()]"; "") | gsub(" */ *"; " OR ")) as $told
  # One of the choices has to be made of known ones alone.
  | if $told | split(" OR ") | any(split(" AND ") | all(. as $one | $known | index([$one]))) then
      "| \(.name) | \(.version) | \($crate.license) |"
    else error("\(.name) \(.version): \($crate.license)") end')
cat <<'HEAD'
# Licences of all crates

Those of tests and of other systems too. `benches/licences.sh` writes this page; the gate fails where it differs, or where
a crate offers none of the licences at the head of that script's list.

| crate | version | licence |
|---|---|---|
HEAD
printf '%s\n' "$rows" | LC_ALL=C sort
