/** Debian's packages: what is installed, and installing what is missing, where we are root. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { run } from '../lib/run.mjs';

/** Ours, so that it is found again and can be taken away by hand. */
const SOURCE_FILE = '/etc/apt/sources.list.d/gesso-backports.sources';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A mirror that does not answer must not hang the tests. */
const INSTALL_LIMIT_MS = 5 * 60_000;
const APT = ['-o', 'Acquire::http::Timeout=15', '-o', 'Acquire::Retries=1', '-o', 'DPkg::Lock::Timeout=60', '-q'];

/** @param {string} name @returns {Promise<string | undefined>} undefined where it is not installed */
export async function packageVersion(name) {
  const { code, output } = await run('dpkg-query', ['-W', '-f', '${Status}|${Version}', name], { quiet: true });
  const [status, version] = output.trim().split('|');
  return code === 0 && status?.endsWith(' installed') ? version : undefined;
}

/** 25 of "25.0.7-2~bpo12+1", 12 of "4:12.2.0-3"; 0 of nothing. @param {string} [version] */
export const majorOf = (version) => Number.parseInt(version?.replace(/^\d+:/, '') ?? '0', 10);

/**
 * Installs a package, from the release's backports where the release's own is older than `major`.
 *
 * @param {string[]} names  the first is the one that must be new enough
 * @param {number} [major]
 * @returns {Promise<string | undefined>} why it was not possible
 */
export async function installPackages(names, major = 0) {
  if (process.getuid?.() !== 0) return `${names[0]} must be installed first, and only root can.`;
  console.log(`Installing ${names.join(' and ')} with apt-get ...`);
  const updated = await apt(['update']);
  if (updated) return updated;
  if ((await candidateMajor(names[0])) >= major) return apt(['install', '-y', '--no-install-recommends', ...names]);
  return installFromBackports(names);
}

/** @param {string[]} names */
async function installFromBackports(names) {
  const codename = osRelease('VERSION_CODENAME');
  const source = osRelease('ID') === 'debian' ? backportsSource(await repositories(), codename) : undefined;
  if (source === undefined) return `${names[0]} of this system is too old, and there are no backports for it.`;
  if (source !== '') writeFileSync(SOURCE_FILE, source);
  const problem =
    (source === '' ? undefined : await apt(['update'])) ??
    (await apt(['install', '-y', '--no-install-recommends', '-t', `${codename}-backports`, ...names]));
  if (problem && source !== '') rmSync(SOURCE_FILE);
  return problem;
}

/** @typedef {{ uri: string, codename: string, component: string }} Repository */

/**
 * The file that tells apt of a release's backports, on the mirror that it has the release from.
 *
 * @param {Repository[]} known @param {string} codename
 * @returns {string | undefined} '' where apt knows them already, undefined where there is no such release
 */
export function backportsSource(known, codename) {
  const suite = `${codename}-backports`;
  if (known.some((one) => one.codename === suite)) return '';
  const own = known.find((one) => one.codename === codename && one.component === 'main');
  if (!own) return undefined;
  const signed = existsSync(KEYRING) ? `Signed-By: ${KEYRING}\n` : '';
  return `Types: deb\nURIs: ${own.uri}\nSuites: ${suite}\nComponents: main\n${signed}`;
}

/** What apt is set up with, whichever of its files says so. @returns {Promise<Repository[]>} */
async function repositories() {
  const format = '$(REPO_URI)|$(CODENAME)|$(COMPONENT)';
  const { output } = await run('apt-get', ['indextargets', '--format', format], { quiet: true });
  return output.split('\n').map((line) => {
    const [uri = '', codename = '', component = ''] = line.split('|');
    return { uri, codename, component };
  });
}

/** Major version that apt would install without being asked for backports. @param {string} name */
async function candidateMajor(name) {
  const { output } = await run('apt-cache', ['policy', name], { quiet: true, env: { LC_ALL: 'C' } });
  return majorOf(/Candidate: (\S+)/.exec(output)?.[1]?.replace('(none)', '0'));
}

/** @param {string[]} args @returns {Promise<string | undefined>} why it failed */
async function apt(args) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const { code, output } = await run('apt-get', [...APT, ...args], { quiet: true, timeoutMs: INSTALL_LIMIT_MS, env });
  if (code === 0) return undefined;
  return `apt-get ${args[0]} failed: ${output.trim().split('\n').at(-1) || `it ended with code ${code}`}`;
}

/** @param {string} key */
function osRelease(key) {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
}
