#!/bin/bash
# run.sh PARTS_FOLDER SECONDS [--unpack] [--tiny] [--xl]: unpacks to /opt/gesso, writes a checkpoint, runs page-check.mjs within SECONDS.
# --unpack does the first alone.
# Needs tar, python3 with torch (the checkpoint), and a Vulkan driver; neither Node, nor a browser, nor a network.
set -o pipefail
parts=$(cd "$1" && pwd); limit=$2; shift 2
here=/opt/gesso; files=${GESSO_FILES:-/tmp/gesso-files}; export OUT=${OUT:-$PWD}
start=$SECONDS
mkdir -p $here "$files" "$OUT"
# xz where there is one, else Python's
unxz() { if command -v xz >/dev/null; then xz -dc "$1"; else python3 -c 'import lzma,shutil,sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer, 1 << 20)' "$1"; fi; }
# part NAME COMMAND: a part that is here and was not unpacked yet; parts may come one after the other (--unpack)
part() { [ -e "$parts/$1" ] && [ ! -e "$here/.$1" ] && eval "unxz $parts/$1 | $2" && touch "$here/.$1"; }
program() { mkdir -p "$(dirname "$1")" && cat >"$1" && chmod +x "$1"; }
part chromium-headless-shell.xz "program $here/chromium/chromium-headless-shell" &
part node.xz "program $here/bin/node" &
part rest.tar.xz "tar -x -C $here" &
part tiny.tar.xz "tar -x -C $here" &
wait
echo "unpacked after $((SECONDS - start)) s"
case " $* " in *' --unpack '*) ls -A $here; exit ;; esac
cd $here/page || exit 1
tiny=; xl=
for a; do case $a in --tiny) tiny=1;; --xl) xl=1;; esac; done
if [ -n "$tiny" ]; then cp -r tiny/. "$files/"
else (python3 make-files.py full-size.json.gz sd15 "$files" && [ -n "$xl" ] && python3 make-files.py full-size.json.gz sdxl "$files") >"$OUT/files.log" 2>&1 &
fi
if [ -z "$VK_DRIVER_FILES" ]; then
  for f in /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json /usr/share/vulkan/icd.d/nvidia_icd.json /etc/vulkan/icd.d/nvidia_icd.json; do
    [ -e $f ] && { export VK_DRIVER_FILES=$f; break; }
  done
fi
# Where the driver's own libraries lie, if the loader does not know.
driver=$(find /usr/local/nvidia /usr/lib/nvidia -name 'libGLX_nvidia.so.0' 2>/dev/null | head -1)
export GESSO_LIBRARIES=${driver:+:$(dirname "$driver")}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
echo "driver: ${VK_DRIVER_FILES:-as the loader finds it}; libraries $GESSO_LIBRARIES"
export __EGL_VENDOR_LIBRARY_FILENAMES=${__EGL_VENDOR_LIBRARY_FILENAMES:-/usr/local/nvidia/share/glvnd/egl_vendor.d/10_nvidia.json}
# A rehearsal's stand-in for a GPU: the library that tools/lavapipe makes.
[ -n "$GESSO_STAND_IN" ] && cp "$GESSO_STAND_IN" $here/chromium/libvk_swiftshader.so
export GESSO_LOG=/tmp/gesso-chromium.log; : >$GESSO_LOG
ldconfig -p 2>/dev/null | grep -q 'libstdc++.so.6 .*x86-64' || export GESSO_NEEDS_FALLBACK=1
run_node() { ${GESSO_NEEDS_FALLBACK:+env LD_LIBRARY_PATH=$here/fallback} timeout -k 5 "$1" $here/bin/node "${@:2}"; }
missing=$(LD_LIBRARY_PATH=$here/lib ldd $here/chromium/chromium-headless-shell 2>&1 | grep 'not found'); [ -n "$missing" ] && echo "$missing"
run_node $((limit - (SECONDS - start))) page-check.mjs --browser $here/chromium.sh --files "$files" --log $GESSO_LOG --out "$OUT" --seconds $((limit - (SECONDS - start) - 4)) "$@"
code=$?
cat "$OUT/files.log" 2>/dev/null
echo "ended with $code after $((SECONDS - start)) s"
exit $code
