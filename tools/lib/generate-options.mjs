/** The command line of `npm run generate`, read into recipes and the files they go to. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** @typedef {import('./drive-app.mjs').Recipe} Recipe */
/** @typedef {import('./open-app.mjs').Provider} Provider */
/** @typedef {{ recipe: Recipe, file: string }} Job */
/** @typedef {{ init: string, mask?: string, settings: Record<string, string> }} Start */
/**
 * `checkpoint` and `adapters` are paths of files to add first.
 * @typedef {{ jobs: Job[], checkpoint?: string, adapters: string[], provider: Provider, start?: Start }} RecipeOptions
 */

export const HELP = `npm run generate -- "a red apple" [options]      one picture
npm run generate -- --prompts file.txt --out-dir dir    one picture for each line of a file, named 001.png, 002.png ...
npm run generate -- --workflow file.json                 the images of a workflow, as "npm run -s inspect -- workflow" writes it

  --out <file>          where the PNG goes (default: gesso.png)
  --negative <text>     what should not be in it
  --seed <number>       default: drawn; printed. With --prompts all lines have the same seed
  --steps, --cfg, --width, --height <number>
  --sampler, --schedule, --noise, --model <id or name>    as the page lists them
  --init <PNG>          the picture that it starts from; with it --denoise <number>, --resize-mode <name>
  --mask <PNG>          white where that is repainted; with it --masking, --masked-content, --inpaint-area <name>,
                        --mask-blur, --masked-padding <number>, --invert-mask
  --checkpoint <path>   a model to add first and paint with: a file, or a folder of diffusers
  --adapter <file>      a LoRA or an embedding to add first, for a prompt with <lora:name:0.8> or the embedding's name; may be given
                        several times
  --provider <name>     auto (default: the GPU, or the CPU where there is none), webgpu, wasm

What is left out is as the model likes it. The picture is made by the built app in a headless browser.`;

const TEXTS = /** @type {const} */ ([
  'negative',
  'sampler',
  'schedule',
  'noise',
  'model',
  'steps',
  'cfg',
  'seed',
  'width',
  'height',
]);
/** Of a picture that it starts from, with the setting that each is. */
const OF_START = /** @type {const} */ ({
  denoise: 'denoisingStrength',
  'resize-mode': 'resizeMode',
  masking: 'maskMode',
  'masked-content': 'maskedContent',
  'inpaint-area': 'inpaintArea',
  'mask-blur': 'maskBlur',
  'masked-padding': 'maskedPadding',
});
const NUMBERS = ['steps', 'cfg', 'seed', 'width', 'height', 'denoise', 'mask-blur', 'masked-padding'];
const PROVIDERS = /** @type {const} */ (['auto', 'webgpu', 'wasm']);
/** Typed into a number field, anything else would vanish without a word. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * @param {string[]} args
 * @param {(path: string) => string} read  reads the file of --prompts
 * @returns {RecipeOptions | { workflow: object, file: string, provider: Provider } | 'help'}
 * @throws Error in one sentence
 */
export function readGenerateOptions(args, read) {
  /** @type {Record<string, { type: 'string' }>} */
  const texts = Object.fromEntries(
    [
      ...TEXTS,
      ...Object.keys(OF_START),
      'init',
      'mask',
      'checkpoint',
      'provider',
      'out',
      'prompts',
      'out-dir',
      'workflow',
    ].map((name) => [name, { type: 'string' }]),
  );
  const { values, positionals } = parseArgs({
    args: withNegativeNumbers(args),
    options: {
      ...texts,
      'invert-mask': { type: 'boolean' },
      adapter: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  const { adapter, ...others } = values;
  const adapters = /** @type {string[]} */ (adapter ?? []);
  const given = /** @type {Record<string, string | undefined>} */ (others);
  const provider = PROVIDERS.find((name) => name === (given.provider ?? 'auto'));
  if (!provider) throw new Error(`--provider must be one of ${PROVIDERS.join(', ')}, not "${given.provider}".`);
  for (const name of NUMBERS)
    if (given[name] !== undefined && !NUMBER.test(given[name]))
      throw new Error(`--${name} must be a number, not "${given[name]}".`);
  if (given.workflow !== undefined && (adapters.length > 0 || given.checkpoint !== undefined))
    throw new Error(`--${adapters.length > 0 ? 'adapter' : 'checkpoint'} goes with a prompt, not with --workflow.`);
  if (given.init !== undefined && given.checkpoint !== undefined)
    throw new Error('--checkpoint goes with a prompt, not with --init: that paints with the models of the app.');
  if (given.workflow !== undefined) return { ...readWorkflowJob(given, positionals, read), provider };
  const common = Object.fromEntries(
    TEXTS.map((name) => [name, given[name]]).filter(([, value]) => value !== undefined),
  );
  return {
    jobs: readJobs(given, positionals, read).map(([prompt, file]) => ({ recipe: { ...common, prompt }, file })),
    ...(given.checkpoint !== undefined && { checkpoint: given.checkpoint }),
    adapters,
    provider,
    ...readStart(given),
  };
}

/** @param {Record<string, string | boolean | undefined>} given @returns {{ start?: Start }} */
function readStart({ init, mask, 'invert-mask': isInverted, ...given }) {
  const said = Object.entries(OF_START).flatMap(([name, id]) => (given[name] === undefined ? [] : [[id, given[name]]]));
  if (typeof init !== 'string') {
    if (mask !== undefined || said.length > 0 || isInverted)
      throw new Error('A mask and how much is painted anew belong to a picture: --init.');
    return {};
  }
  const settings = Object.fromEntries([...said, ...(isInverted ? [['invertMask', 'true']] : [])]);
  return { start: { init, ...(typeof mask === 'string' && { mask }), settings } };
}

/**
 * @param {Record<string, string | undefined>} given @param {string[]} positionals @param {(path: string) => string} read
 * @returns {{ workflow: object, file: string }}
 */
function readWorkflowJob(given, positionals, read) {
  const { workflow: path = '', out = 'gesso.png' } = given;
  const others = Object.keys(given).filter((name) => !['workflow', 'out', 'provider'].includes(name));
  if (positionals.length > 0 || others.length > 0)
    throw new Error('A workflow says everything itself: only --out and --provider go with it.');
  try {
    return { workflow: /** @type {object} */ (JSON.parse(read(path))), file: out };
  } catch (error) {
    throw new Error(`"${path}" is no workflow: ${error instanceof Error ? error.message : error}.`);
  }
}

/** `--seed -1`: parseArgs takes a value that begins with a dash for an option. @param {string[]} args */
function withNegativeNumbers(args) {
  return args.flatMap((arg, i) => {
    if (/^-[\d.]/.test(arg) && args[i - 1]?.startsWith('--')) return [];
    const next = args[i + 1];
    return arg.startsWith('--') && next !== undefined && /^-[\d.]/.test(next) ? [`${arg}=${next}`] : [arg];
  });
}

/**
 * @param {Record<string, string | undefined>} given @param {string[]} positionals @param {(path: string) => string} read
 * @returns {[prompt: string, file: string][]}
 */
function readJobs(given, positionals, read) {
  const { prompts: list, out, 'out-dir': folder } = given;
  if (list === undefined) {
    if (folder !== undefined) throw new Error('--out-dir belongs to --prompts; one picture goes to --out.');
    if (positionals.length === 0) throw new Error('There is no prompt. An empty one is "".');
    if (positionals.length > 1) throw new Error('There is more than one prompt: put it in quotes, or use --prompts.');
    return [[positionals[0], out ?? 'gesso.png']];
  }
  if (positionals.length > 0) throw new Error('A prompt and --prompts cannot be given together.');
  if (folder === undefined || out !== undefined) throw new Error('--prompts needs --out-dir, and no --out.');
  const lines = read(list)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Error(`${list} has no prompts.`);
  const digits = Math.max(3, String(lines.length).length);
  return lines.map((line, i) => [line, join(folder, `${String(i + 1).padStart(digits, '0')}.png`)]);
}
