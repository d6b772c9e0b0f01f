#!/bin/sh
# Measures this machine's GPU; see README.md. Needs Node 20.19 or later, and fetches nothing.
cd "$(dirname "$0")" && exec node run.mjs "$@"
