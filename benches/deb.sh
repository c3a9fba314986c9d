#!/bin/sh
# A Debian package of the program, with its manual and its completions: `benches/deb.sh [BINARY]`, in the root of the
# repository, after `cargo build --profile dist`. Needs nothing but what every Debian has.
set -eu
binary=${1:-target/dist/authscope}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
arch=$(dpkg --print-architecture)
root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
usr=$root/usr/share

install -Dm755 "$binary" "$root/usr/bin/authscope"
"$binary" man "$usr/man/man1" 2>/dev/null
gzip -9n "$usr"/man/man1/*.1
mkdir -p "$usr/bash-completion/completions" "$usr/zsh/vendor-completions" "$usr/fish/vendor_completions.d"
"$binary" completions bash > "$usr/bash-completion/completions/authscope"
"$binary" completions zsh > "$usr/zsh/vendor-completions/_authscope"
"$binary" completions fish > "$usr/fish/vendor_completions.d/authscope.fish"
install -Dm644 LICENSE "$usr/doc/authscope/copyright"
install -Dm644 config.example.toml "$usr/doc/authscope/examples/config.toml"
gzip -9nc CHANGELOG.md > "$usr/doc/authscope/changelog.gz"

mkdir "$root/DEBIAN"
# The oldest libc that has every symbol which the binary asks for.
libc=$(grep -aoE 'GLIBC_2\.[0-9]+' "$binary" | sort -uV | tail -n 1 | cut -d_ -f2)
cat > "$root/DEBIAN/control" <<CONTROL
Package: authscope
Version: $version
Architecture: $arch
Maintainer: authscope <authscope@localhost>
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: libc6 (>= $libc), libgcc-s1
Recommends: ca-certificates
Section: net
Priority: optional
Description: terminal explorer for HTTP APIs with short-lived bearer tokens
 Sends requests with a token that is fetched, counted down, renewed and
 explained; a sandbox that plays such an API is built in.
CONTROL
mkdir -p target/debian
dpkg-deb --root-owner-group -Zgzip --build "$root" "target/debian/authscope_${version}_$arch.deb"
