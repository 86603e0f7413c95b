#!/bin/sh
# Becomes the host tool, after building it if its sources have changed. `make` and Cargo's runner start here.
#
# This much is a script because it must work, and say what is missing, on a machine that has no Rust yet. Everything else
# is Rust. Cargo needs 0.06 s to see that nothing has changed, so it is asked every time.

set -u

main() {
    root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P) || exit 1
    target=${CARGO_TARGET_DIR:-target}
    case $target in /*) ;; *) target=$root/$target ;; esac
    tool=$target/debug/tutor
    # The tool itself adds Rust's bare-metal targets, with a word about it and a way out where rustup cannot download.
    export RUSTUP_AUTO_INSTALL=0
    export STRATA_ROOT="$root"

    find_rust
    if ! [ -x "$tool" ]; then
        find_linker
        say "Building the tool behind make: once, about half a minute."
    fi
    build_audibly || explain
    exec "$tool" "$@"
}

# Builds, and shows what Cargo says of it. Where there is nothing to build that is nothing: the line with which Cargo
# always ends is left out. Remembers in $told what else there is to know.
build_audibly() {
    colour=never
    [ -t 2 ] && colour=always
    told=$( { { build --color "$colour" 2>&1; say_aside "status $?"; } | pass_on >&2; } 3>&1 )
    case $told in *"status 0"*) ;; *) return 1 ;; esac
}

# Lines go through one by one, as they come.
pass_on() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            *Finished*"target(s) in"*) continue ;;
            *"failed to download"* | *"download of "*failed* | *"ould not resolve host"* | *"using offline mode"*)
                say_aside "no download"
                ;;
        esac
        printf '%s\n' "$line"
    done
}

say_aside() {
    printf '%s\n' "$1" >&3
}

# Runs at the root, since Cargo looks for its configuration from the current folder up and a chapter's is for kernels;
# and without what is meant for kernels or for another make.
build() (
    cd -- "$root" || exit 1
    unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS CARGO_BUILD_TARGET
    unset MAKEFLAGS MFLAGS MAKELEVEL
    cargo build --package tutor --target-dir "$target" "$@"
)

# Puts a Cargo that is new enough first in PATH, or says how to get one.
find_rust() {
    needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
    rust_is_found && return
    if [ -z "$seen" ] && has rustup; then
        install_toolchain && rust_is_found && return
    fi
    if [ -n "$seen" ]; then
        say "error: $seen is too old: this needs Rust $needed or newer. To get it, type"
    else
        say "error: this needs Rust $needed or newer, and there is none here. To get it, type"
    fi
    say_how_to_get_rust
    exit 1
}

# Looks where a Cargo may be: PATH; rustup's folder, which a shell opened before its installation has not in PATH; and
# the distribution's, for when rustup is there but could never download anything.
rust_is_found() {
    seen=
    for folder in '' "${CARGO_HOME:-${HOME:-}/.cargo}/bin" /usr/bin; do
        version=$(cd -- "$root" && "${folder:+$folder/}cargo" --version 2>/dev/null) || continue
        if is_new_enough "$version"; then
            PATH=${folder:+$folder:}$PATH
            return 0
        fi
        seen=${seen:-$version}
    done
    return 1
}

# Whether $1, such as "cargo 1.95.0 (f2d3ce0bd 2026-03-21)", is at least $needed, such as "1.91".
is_new_enough() {
    minor=${1#cargo 1.}
    [ "${minor%%.*}" -ge "${needed#1.}" ] 2>/dev/null
}

# For a rustup that has no toolchain yet.
install_toolchain() {
    channel=$(sed -n 's/^channel = "\(.*\)"/\1/p' "$root/rust-toolchain.toml")
    say "Installing Rust ($channel) with rustup."
    rustup toolchain install "$channel" --profile minimal --no-self-update && return
    say "rustup cannot download Rust."
    return 1
}

say_how_to_get_rust() {
    if has rustup; then
        say "    rustup update stable"
    elif has apt-get; then
        if is_on_offer rustup; then
            say "    ${sudo}apt-get install rustup"
            say "    rustup default stable"
        else
            if ! has curl; then
                say "    ${sudo}apt-get update"
                say "    ${sudo}apt-get install ca-certificates curl"
            fi
            say_rustup_script
        fi
    elif has dnf; then
        say "    ${sudo}dnf install rustup"
        say "    rustup-init -y"
    elif has pacman; then
        say "    ${sudo}pacman -S rustup"
        say "    rustup default stable"
    else
        say_rustup_script
    fi
    if is_on_offer cargo-web; then
        say "or, where that download is blocked,"
        say "    ${sudo}apt-get install cargo-web rust-web-src lld"
    fi
    say "and then repeat your command."
}

# Whether apt could install package $1.
is_on_offer() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'
}

say_rustup_script() {
    say "    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"
}

# Rust links host programs with a C compiler. Installs one where that takes no password, or says how.
find_linker() {
    if has xcode-select; then
        xcode-select -p >/dev/null 2>&1 && return
    else
        has cc || has gcc || has clang && return
    fi
    if has apt-get; then
        command="apt-get install -y --no-install-recommends gcc libc6-dev"
    elif has dnf; then
        command="dnf install -y gcc"
    elif has pacman; then
        command="pacman -S --noconfirm gcc"
    elif has xcode-select; then
        say "error: Rust links programs with a C compiler, and there is none. To get it, type"
        say "    xcode-select --install"
        exit 1
    else
        say "error: Rust links programs with a C compiler, and there is none: install gcc or clang"
        exit 1
    fi
    install_linker && return
    say "error: Rust links programs with a C compiler, and there is none. To get it, type"
    say "    $sudo$command"
    exit 1
}

# Does $command as the administrator, unless that would ask for a password.
install_linker() {
    if [ -n "$sudo" ]; then
        sudo -n true 2>/dev/null || return 1
        as_root="sudo -n"
    else
        as_root=
    fi
    say "Installing a C compiler: $command"
    $as_root $command >&2 && return
    has apt-get && $as_root apt-get update >&2 && $as_root $command >&2
}

# Cargo's message has been shown; adds a line where the cause is none of Cargo's.
explain() {
    trouble=$( (mkdir -p "$target/debug" && : >"$target/debug/.probe") 2>&1)
    if [ -n "$trouble" ]; then
        say "error: cannot write to $target: ${trouble##*: } (CARGO_TARGET_DIR=... names another folder)"
        exit 1
    fi
    rm -f "$target/debug/.probe"
    if [ "$(df -Pk "$target" | awk 'END { print $4 }')" -lt 20480 ]; then
        say "error: the disk that holds $target is full (CARGO_TARGET_DIR=... names another folder)"
    else
        case $told in
            *"no download"*)
                say "error: the libraries behind the tool must be downloaded once from crates.io: is there a network?"
                ;;
            *)
                say "error: the tool behind make does not build: see above"
                ;;
        esac
    fi
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

say() {
    printf '%s\n' "$1" >&2
}

# What a command that needs the administrator starts with.
if [ "$(id -u)" = 0 ]; then
    sudo=
elif has sudo; then
    sudo='sudo '
else
    sudo='as root: '
fi

main "$@"
