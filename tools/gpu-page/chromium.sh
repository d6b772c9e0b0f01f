#!/bin/bash
# What Playwright starts: the carried browser with the libraries it was built against, and its words kept.
here=/opt/gesso
export LD_LIBRARY_PATH=$here/lib$GESSO_LIBRARIES
[ -n "$GESSO_NEEDS_FALLBACK" ] && LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$here/fallback
export FONTCONFIG_FILE=$here/etc/fonts.conf HOME=${HOME:-/tmp}
exec $here/chromium/chromium-headless-shell "$@" 2>>"${GESSO_LOG:-/tmp/gesso-chromium.log}"
