#!/bin/sh
# What the README says of size and crates: `benches/figures.sh [BINARY]`, in the root of the repository, after
# `cargo build --profile dist`.
set -eu
size=$(stat -c %s "${1:-target/dist/authscope}")
linked=$(cargo tree --locked --edges normal --prefix none --target "$(rustc -vV | sed -n 's/^host: //p')" | sed 's/ (\*)$//' | sort -u | wc -l)
locked=$(grep -c '^name = ' Cargo.lock)
echo "$((size / 1000000)).$((size / 100000 % 10)) MB, $((linked - 1)) crates in the program, $((locked - 1)) in Cargo.lock with tests and other systems"
