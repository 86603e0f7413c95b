#!/bin/sh
# Greets everybody who is named, and says who it was.
if [ $# = 0 ]; then
    echo "usage: $0 NAME..." >&2
    exit 2
fi
for name in "$@"; do
    echo "hello, $name"
done
echo "said by process $$" >> /dev/null
