/** Finds the browsers that a computer usually has: Node alone, for the kit that travels takes it along. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'msedge',
];

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Google Chrome Canary'];

const WINDOWS_PATHS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];

/** @returns {string[]} paths that exist, best first */
export function existingBrowsers() {
  const { env, platform } = process;
  const extension = platform === 'win32' ? '.exe' : '';
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => NAMES.map((name) => join(folder, name + extension)));
  const byName = NAMES.flatMap((name) => onPath.filter((path) => path.endsWith(join('/', name + extension))));
  const usual = {
    darwin: ['/Applications', join(env.HOME ?? '', 'Applications')].flatMap((folder) =>
      MAC_APPS.map((app) => join(folder, `${app}.app`, 'Contents', 'MacOS', app)),
    ),
    win32: [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => WINDOWS_PATHS.map((parts) => join(folder, ...parts))),
    linux: ['/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/snap/bin/chromium'],
  };
  const places = platform === 'darwin' || platform === 'win32' ? usual[platform] : usual.linux;
  const existing = [...byName, ...places].filter((path) => existsSync(path));
  // /bin is often a link to /usr/bin. The path is kept as found: a snap is a link to a program that looks at its name.
  return [...new Map(existing.toReversed().map((path) => [realpathSync(path), path])).values()].toReversed();
}
