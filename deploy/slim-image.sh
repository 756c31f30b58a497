#!/bin/sh
# Takes out of node_modules what only people and compilers read, so that the image stays small. Run in the image's build stage, after
# `npm prune --omit=dev`. Licences stay.
set -eu

# The one better-sqlite3 that is loaded here (docs/decisions/0023-two-majors-of-better-sqlite3.md), and of it only the binary.
if node -e 'process.exit(require("sqlite3/driver.cjs") === require("better-sqlite3") ? 1 : 0)'; then
  addon=node_modules/better-sqlite3-13
  rm -rf node_modules/better-sqlite3
  find "$addon/prebuilds" -name '*.node' ! -name "linux-$(node -p process.arch).node" -delete
else
  addon=node_modules/better-sqlite3
  rm -rf node_modules/better-sqlite3-13
fi
# The compilers' input and their leavings; the compiled addons in build/Release/*.node stay.
rm -rf "$addon/deps" "$addon/src" "$addon/build/Release/obj" "$addon/build/Release/obj.target"
rm -rf node_modules/node-gyp node_modules/@types node_modules/bintrees/test

# Of moment-timezone only its data file is read.
find node_modules/moment node_modules/moment-timezone -type f ! -iname 'licen[cs]e*' ! -name package.json ! -path '*/data/packed/*' -delete

find node_modules -type f ! -iname 'licen[cs]e*' ! -iname 'notice*' \( \
  -name '*.md' -o -name '*.markdown' -o -name '*.map' -o -name '*.tsbuildinfo' \
  -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \
  -o -name '*.a' -o -name '*.o' -o -name '*.c' -o -name '*.cc' -o -name '*.cpp' -o -name '*.h' -o -name '*.gyp' -o -name '*.gypi' \
  \) -delete

# Source maps of the bot itself: stacks in the image name bundled files.
find dist -name '*.map' -delete

# Of the typefaces' cuts only those that the pictures are drawn with, and none of the specimens.
fonts=$(sed -n 's/.*"\(@expo-google-fonts\/.*\.ttf\)".*/\1/p' src/pictures/fonts/faces.ts)
[ -n "$fonts" ] || { echo "slim-image: no fonts found in src/pictures/fonts/faces.ts" >&2; exit 1; }
cd node_modules
for file in @expo-google-fonts/*/*/*.ttf; do
  echo "$fonts" | grep -qxF "$file" || rm "$file"
done
rm -f @expo-google-fonts/*/*/*.png
