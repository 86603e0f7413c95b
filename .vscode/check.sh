#!/bin/sh
# Checks the tools, then the kernels for each machine, in the way in which rust-analyzer wants to be told. ARM64 comes
# last: rust-analyzer keeps the last of several paths to the code that a build script has written.
#
# The target folder is its own, so that nobody waits for the editor.

cd -- "$(dirname -- "$0")/.." || exit 1

check() {
    cargo check --keep-going --message-format=json --target-dir target/rust-analyzer "$@" || status=1
}

check_kernels() {
    check --config chapters/.cargo/config.toml --target "$1" \
        --package 'strata-*' --package broken-kernel --features ktest
}

status=0
check --workspace --exclude 'strata-*' --exclude broken-kernel --exclude bench-kernel --all-targets
check_kernels x86_64-unknown-none
check_kernels aarch64-unknown-none-softfloat
exit $status
