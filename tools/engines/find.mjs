/** Firefox, and WebKitGTK with what drives it: found where they are installed, or installed on Debian where we are root. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from '../lavapipe/debian.mjs';

/** @typedef {{ path: string } | { problem: string }} Found  `problem` is one sentence */

const FIREFOX = ['firefox-esr', 'firefox'];
const FIREFOX_APPS = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  join(process.env.PROGRAMFILES ?? 'C:\\Program Files', 'Mozilla Firefox', 'firefox.exe'),
];

/** Debian keeps MiniBrowser beside the library, in the folder of the machine's kind. */
const LIBRARIES = '/usr/lib';
const WEBKITS = ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'];
/** The path of a WebKit is that of its MiniBrowser; these are found by their names. */
export const WEBKIT_DRIVER = 'WebKitWebDriver';
export const WEBKIT_DISPLAY = 'Xvfb';

/** @param {{ mayInstall?: boolean }} [options] @returns {Promise<{ firefox: Found, webkit: Found }>} one after the other: apt works for one at a time */
export async function findEngines({ mayInstall = false } = {}) {
  const firefox = await found(findFirefox, ['firefox-esr'], mayInstall);
  const webkit = await found(findWebkit, ['webkit2gtk-driver', 'xvfb'], mayInstall);
  return { firefox, webkit };
}

/** @param {() => string | undefined} find @param {string[]} packages @param {boolean} mayInstall @returns {Promise<Found>} */
async function found(find, packages, mayInstall) {
  const there = find();
  if (there) return { path: there };
  const missing = `${packages.join(' and ')} ${packages.length > 1 ? 'are' : 'is'} not installed here.`;
  if (!mayInstall || !existsSync('/etc/debian_version')) return { problem: missing };
  const problem = await installPackages(packages);
  if (problem) return { problem };
  const path = find();
  return path ? { path } : { problem: `${packages.join(' and ')} came without the program that is needed.` };
}

/** @returns {string | undefined} */
function findFirefox() {
  const chosen = process.env.GESSO_FIREFOX;
  if (chosen) return existsSync(chosen) ? chosen : undefined;
  return FIREFOX.map(onPath).find((path) => path !== undefined) ?? FIREFOX_APPS.find((path) => existsSync(path));
}

/** @returns {string | undefined} */
function findWebkit() {
  if (process.platform !== 'linux' || !onPath(WEBKIT_DRIVER) || !onPath(WEBKIT_DISPLAY)) return undefined;
  const chosen = process.env.GESSO_WEBKIT;
  if (chosen) return existsSync(chosen) ? chosen : undefined;
  const folders = [LIBRARIES, ...readdirSync(LIBRARIES).map((kind) => join(LIBRARIES, kind))];
  return WEBKITS.flatMap((version) => folders.map((folder) => join(folder, version, 'MiniBrowser'))).find((path) =>
    existsSync(path),
  );
}

/** @param {string} program @returns {string | undefined} */
function onPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
