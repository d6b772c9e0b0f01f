#!/bin/bash
# pack.sh FOLDER: on Debian as root, makes the files that run.sh wants of the built app (npm run build) and Debian's chromium-headless-shell.
set -e
root=$(cd "$(dirname "$0")/../.." && pwd); mkdir -p "$1"; to=$(cd "$1" && pwd)
work=${WORK:-$(mktemp -d)}; stage=$work/stage; mkdir -p "$work/debs" "$work/x"; rm -rf "$stage"
# The browser: without locales but one, and what only a window needs.
if ! ls "$work"/debs/*.deb >/dev/null 2>&1; then (cd "$work/debs" && apt-get -q download chromium-headless-shell chromium-common); fi
for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$work/x"; done
from=$work/x/usr/lib/chromium; mkdir -p "$stage"/{chromium/locales,lib,fallback,etc,fonts,page,bin}
for f in headless_command_resources.pak headless_lib_data.pak headless_lib_strings.pak icudtl.dat libEGL.so libGLESv2.so libvulkan.so.1 \
  snapshot_blob.bin v8_context_snapshot.bin libvk_swiftshader.so vk_swiftshader_icd.json; do cp "$from/$f" "$stage/chromium/"; done
cp "$from/locales/en-US.pak" "$stage/chromium/locales/"
# Its libraries, theirs, those it opens by name, and what a Vulkan driver wants.
libraries=/usr/lib/x86_64-linux-gnu
needed() { ldd "$1" | awk '/=> \//{print $3}'; }
{
  needed "$from/chromium-headless-shell"
  for f in $libraries/{libsoftokn3,libfreebl3,libfreeblpriv3,libnssckbi}.so $libraries/{libEGL.so.1,libGLX.so.0,libGL.so.1,libGLdispatch.so.0,libOpenGL.so.0,libGLESv2.so.2,libvulkan.so.1,libXext.so.6} $libraries/libxcb-{dri2,dri3,glx,present,randr,render,shm,sync,xfixes}.so.*; do
    [ -e "$f" ] && echo "$f" && needed "$f"
  done
} | sort -u | while read -r path; do
  name=$(basename "$path")
  case $name in
  libc.so.6 | libm.so.6 | libdl.so.2 | libpthread.so.0 | librt.so.1 | libresolv.so.2 | ld-linux-x86-64.so.2) ;;
  libstdc++.so.6 | libgcc_s.so.1) cp -L "$path" "$stage/fallback/$name" ;;
  *) cp -L "$path" "$stage/lib/$name" ;;
  esac
done
fonts=/usr/share/fonts/truetype
cp $(ls $fonts/liberation/LiberationSans-{Regular,Bold}.ttf $fonts/dejavu/DejaVuSans.ttf 2>/dev/null) "$stage/fonts/"
cat >"$stage/etc/fonts.conf" <<'X'
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/opt/gesso/fonts</dir><cachedir>/tmp/gesso-fontcache</cachedir></fontconfig>
X
# The app and what drives it.
page=$stage/page; here=$root/tools/gpu-page
cp -r "$root/dist" "$page/dist"; rm -rf "$page/dist/screenshots" "$page"/dist/models/{starter-control,upscaler} "$page"/dist/packed/*.asyncify.*
cp "$here"/*.mjs "$here/make-files.py" "$page/"; cp "$root"/tools/lib/{drive-app,serve}.mjs "$page/"
cp "$here/chromium.sh" "$stage/"; cp "$root/src/core/checkpoints/fixtures/full-size.json.gz" "$page/"
for name in playwright-core sirv mrmime totalist @polka/url; do mkdir -p "$page/node_modules/$name"; cp -rL "$root/node_modules/$name/." "$page/node_modules/$name/"; done
rm -rf "$page"/node_modules/playwright-core/{types,lib/vite,bin,ThirdPartyNotices.txt}
rm -f "$page/pack-data.mjs"
node "$here/pack-data.mjs" "$page"
cp "$here/run.sh" "$to/"
pack() { xz -T1 --x86 --lzma2=preset=9e -c "$1"; }
[ -e "$to/chromium-headless-shell.xz" ] || { pack "$from/chromium-headless-shell" >"$to/chromium.part" && mv "$to/chromium.part" "$to/chromium-headless-shell.xz"; } &
if [ ! -e "$to/node.xz" ]; then cp "$(readlink -f "$(command -v node)")" "$work/node"; strip "$work/node" 2>/dev/null || true; pack "$work/node" >"$to/node.part" && mv "$to/node.part" "$to/node.xz"; fi &
tar -C "$stage" -c page/tiny | xz -T1 -6 >"$to/tiny.tar.xz"
tar -C "$stage" --exclude=./bin --exclude=./page/tiny -c . | xz -T1 --x86 --lzma2=preset=9 >"$to/rest.tar.xz"
wait
ls -l "$to"
