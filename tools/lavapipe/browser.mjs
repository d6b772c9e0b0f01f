/**
 * A Chromium whose WebGPU is Mesa's lavapipe: a GPU on the CPU that has half precision and subgroups of 8, as real ones have
 * and Chromium's own software adapter has not. It is a folder of links to Debian's Chromium with one library of ours in it.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { installPackages, majorOf, packageVersion } from './debian.mjs';

const CHROMIUM = '/usr/lib/chromium';
const MESA = 'mesa-vulkan-drivers';
/** The first whose lavapipe has shader-f16 as WebGPU wants it. */
const OLDEST_MESA = 24;
const DRIVERS = '/usr/share/vulkan/icd.d';
const SOURCE = join(ROOT, 'tools', 'lavapipe', 'adapter.c');

const FOLDER = join(CACHE, 'lavapipe');
/** The program that Playwright starts. */
const PROGRAM = join(FOLDER, 'chromium-lavapipe');
const STAMP = join(FOLDER, '.made-of');

/** Where Chromium's own lie, these are ours: a link to the program would lead it back to its own folder. */
const REPLACED = ['chromium', 'libvk_swiftshader.so'];

/**
 * Made anew where Chromium, Mesa or our library changed. Installs what is missing where it may.
 *
 * @param {{ mayInstall?: boolean }} [options]
 * @returns {Promise<{ path: string } | { problem: string }>} `problem` is one sentence
 */
export async function lavapipeBrowser({ mayInstall = false } = {}) {
  if (!existsSync(join(CHROMIUM, 'chromium')))
    return { problem: 'It is made of Debian’s Chromium, which is not installed here.' };
  const problem = await missing(mayInstall);
  if (problem) return { problem };
  const stamp = await currentStamp();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return { path: PROGRAM };
  console.log('Making a Chromium with lavapipe ...');
  const failure = await make();
  if (failure) return { problem: failure };
  writeFileSync(STAMP, stamp);
  return { path: PROGRAM };
}

/** @param {boolean} mayInstall @returns {Promise<string | undefined>} what is missing in the end */
async function missing(mayInstall) {
  const hint = '`node tools/lavapipe.mjs` as root on Debian installs it.';
  if (majorOf(await packageVersion(MESA)) < OLDEST_MESA) {
    if (!mayInstall) return `Mesa’s Vulkan drivers, ${OLDEST_MESA} or newer, are not installed. ${hint}`;
    const problem = await installPackages([MESA], OLDEST_MESA);
    if (problem) return problem;
  }
  if (!(await hasCompiler())) {
    if (!mayInstall) return `gcc is not installed. ${hint}`;
    return installPackages(['gcc', 'libc6-dev']);
  }
  return undefined;
}

const hasCompiler = async () => (await run('gcc', ['--version'], { quiet: true })).code === 0;

async function currentStamp() {
  const versions = await Promise.all(['chromium', MESA].map(packageVersion));
  const hash = createHash('sha256').update(readFileSync(SOURCE)).digest('hex');
  return [...versions, hash].join('\n');
}

/** @returns {Promise<string | undefined>} why it was not possible */
async function make() {
  const loader = await libraryPath('libvulkan.so.1');
  const driver = existsSync(DRIVERS) && readdirSync(DRIVERS).find((name) => /^lvp_icd.*\.json$/.test(name));
  if (!loader || !driver) return `Mesa is installed without lavapipe, or without a Vulkan loader (in ${DRIVERS}).`;
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const name of readdirSync(CHROMIUM))
    if (!REPLACED.includes(name)) symlinkSync(join(CHROMIUM, name), join(FOLDER, name));
  copyFileSync(join(CHROMIUM, 'chromium'), join(FOLDER, 'chromium'), constants.COPYFILE_FICLONE);
  const library = join(FOLDER, 'libvk_swiftshader.so');
  const args = ['-shared', '-fPIC', '-O1', `-DLOADER="${loader}"`, '-o', library, SOURCE, '-ldl'];
  const { code, output } = await run('gcc', args, { quiet: true });
  if (code !== 0) return `gcc failed: ${output.trim().split('\n').at(-1)}`;
  writeFileSync(PROGRAM, launcher(join(DRIVERS, driver)));
  chmodSync(PROGRAM, 0o755);
  return undefined;
}

/** Both Vulkan loaders in it, the system's and Chromium's, must know no driver but lavapipe. @param {string} driver */
function launcher(driver) {
  return `#!/bin/sh
export VK_DRIVER_FILES='${driver}' VK_LOADER_LAYERS_DISABLE='~all~'
exec '${join(FOLDER, 'chromium')}' "$@"
`;
}

/** @param {string} name @returns {Promise<string | undefined>} */
async function libraryPath(name) {
  for (const ldconfig of ['/sbin/ldconfig', 'ldconfig']) {
    const { code, output } = await run(ldconfig, ['-p'], { quiet: true });
    const line = output.split('\n').find((one) => one.trim().startsWith(`${name} `));
    if (code === 0 && line) return line.split('=> ')[1];
  }
  return undefined;
}
