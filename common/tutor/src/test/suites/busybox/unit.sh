#!/bin/sh
# Runs one unit of busybox's two suites: `unit KIND FILE [verbose]`. All that the suites' own drivers
# do at every start, which is hundreds of programs, was done when the archive was made.

export bindir=/suite tsdir=/suite/testsuite VERBOSE="$3" ECHO=echo
. /suite/settings
exec </dev/null 2>&1
name=${2##*/}

# A script of ash_test: what it prints is in a file beside it.
ash() {
    cd "/suite/shell/ash_test/${2%/*}" || exit 2
    export THIS_SH=/suite/shell/ash_test/ash PATH=/suite/shell/ash_test:$PATH
    timeout -s KILL 15 "$THIS_SH" "./$name" >/tmp/said 2>&1
    grep -va "^ash: using fallback suid method$" /tmp/said >"${name%.tests}.xx"
    if diff -u "${name%.tests}.right" "${name%.tests}.xx" >/tmp/difference; then
        echo "PASS: $2"
    else
        echo "FAIL: $2"
        head -n 20 /tmp/difference
    fi
}

# A script of the testsuite that says itself what passes.
many() {
    cd "$tsdir" || exit 2
    export PATH=/bin:$tsdir:$bindir
    timeout -s KILL 110 sh "./$name"
}

# An old one: it passes if no command of it fails.
one() {
    mkdir -p "$tsdir/.tmpdir" && cd "$tsdir/.tmpdir" || exit 2
    if d=$tsdir timeout -s KILL 15 sh -x -e "$tsdir/$2" >/tmp/said 2>&1; then
        echo "PASS: $2"
    else
        echo "FAIL: $2"
        tail -n 5 /tmp/said
    fi
    cd .. && rm -rf .tmpdir
}

"$1" "$@" 2>&1
