/** What the kit that travels is made of, beside what is built for it: where it lies here, and what it is called there. */

/** What the kit may weigh: it goes through mail rooms and over slow lines. */
export const MAX_KIT_BYTES = 60e6;

/** Packed below this, a file is not worth the trouble. */
export const MIN_GZIP_BYTES = 200_000;

/** Files and folders of the repository: from, to. @type {readonly (readonly [string, string])[]} */
export const KIT_FILES = [
  ['tools/gpu-kit/kit/run.mjs', 'run.mjs'],
  ['tools/gpu-kit/kit/run.sh', 'run.sh'],
  ['tools/gpu-kit/kit/run-in-browser.mjs', 'run-in-browser.mjs'],
  ['tools/gpu-kit/kit/run-in-dawn.mjs', 'run-in-dawn.mjs'],
  ['tools/gpu-kit/kit/take-messages.mjs', 'take-messages.mjs'],
  ['tools/gpu-kit/kit/README.md', 'README.md'],
  ['tools/lib/existing-browsers.mjs', 'existing-browsers.mjs'],
  ['tools/gpu-kit/peer', 'data/peer'],
  ['src/core/networks/fixtures', 'data/fixtures'],
  ['public/models/starter', 'data/models/starter'],
  ['LICENSE', 'LICENSE'],
  ['THIRD_PARTY.md', 'THIRD_PARTY.md'],
];

/** Pictures that the built-in model must make; their pixels go into `data/pictures` as plain bytes. */
export const GOLDEN = { folder: 'tools/starter/fixtures', names: /^golden-q8-(.*)\.json$/ };

/** The package that is Dawn for Node, and the systems whose program the kit takes along. */
export const DAWN = { name: 'webgpu', version: '0.6.2', systems: ['linux-x64', 'linux-arm64'] };
