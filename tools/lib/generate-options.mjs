/** The command line of `npm run generate`, read into recipes and the files they go to. */
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { HELP } from './generate-help.mjs';
import { readRedraw, REDRAW_NUMBERS, REDRAW_OPTIONS } from './redraw-options.mjs';

/** @typedef {import('./drive-app.mjs').Recipe} Recipe */
/** @typedef {import('./open-app.mjs').Provider} Provider */
/** @typedef {{ recipe: Recipe, file: string }} Job */
/** `more`: others, or folders of them, each of which is painted over too, into `folder`. @typedef {{ init: string, more?: string[], folder?: string, mask?: string, settings: Record<string, string> }} Start */
/** A unit: files, and what is said of it by the unit's own names. @typedef {{ image?: string, model?: string, mask?: string, more?: string[], settings: Record<string, string | number> }} Control */
/**
 * `checkpoint`, `second`, `refiner`, `adapters` and `upscalers` are paths of files to add first; `enlarger` is of what the engine paints alone.
 * @typedef {{ jobs: Job[], checkpoint?: string, second?: string, refiner?: string, enlarger?: string, adapters: string[], upscalers?: string[], provider: Provider, start?: Start, control?: Control[], helpers?: string[] }} RecipeOptions
 */
/** A workflow of ComfyUI: its file, and where its pictures go. @typedef {{ comfy: string, file: string, folder?: string, checkpoint?: string, adapters: string[], provider: Provider }} ComfyOptions */

export { HELP };

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
/** Options for the picture that it starts from, with the setting that each is. */
const OF_START = /** @type {const} */ ({
  denoise: 'denoisingStrength',
  'resize-mode': 'resizeMode',
  masking: 'maskMode',
  'masked-content': 'maskedContent',
  'inpaint-area': 'inpaintArea',
  'mask-blur': 'maskBlur',
  'masked-padding': 'maskedPadding',
});
/** Options for tiled diffusion, with label and setting. @type {Record<string, [label: string, id: string]>} */
const OF_TILES = {
  tiles: ['Tiled diffusion', 'tiledMethod'],
  'tile-width': ['Tile width', 'tileWidth'],
  'tile-height': ['Tile height', 'tileHeight'],
  'tile-overlap': ['Tile overlap', 'tileOverlap'],
};
/** Options for a unit, with the setting that each is. */
const OF_CONTROL = /** @type {const} */ ({
  'control-weight': 'weight',
  'control-start': 'start',
  'control-end': 'end',
  'control-mode': 'mode',
  'control-resize-mode': 'resizeMode',
  'control-kind': 'kind',
  'control-range': 'range',
  'control-join': 'join',
  preprocessor: 'module',
});
const CONTROL_NUMBERS = ['control-weight', 'control-start', 'control-end'];
/** Options for a second pass, with the label that each has in the form; the factor first, which brings the others. */
const OF_HIRES = /** @type {const} */ ({
  hires: 'Upscale by',
  'hires-upscaler': 'Upscaler',
  'hires-prompt': 'Hires prompt',
  'hires-negative': 'Hires negative prompt',
  'hires-steps': 'Hires steps',
  'hires-cfg': 'Hires CFG scale',
  'hires-sampler': 'Hires sampler',
  'hires-schedule': 'Hires schedule type',
});
/** Options for a refiner, likewise. @type {Record<string, string>} */
const OF_REFINER = { 'refiner-switch-at': 'Switch at', 'refiner-for': 'Refiner for' };
const NUMBERS = [
  'refiner-switch-at',
  ...REDRAW_NUMBERS,
  'tile-width',
  'tile-height',
  'tile-overlap',
  'hires',
  'hires-steps',
  'hires-cfg',
  'steps',
  'cfg',
  'seed',
  'width',
  'height',
  'denoise',
  'mask-blur',
  'masked-padding',
];
const PROVIDERS = /** @type {const} */ (['auto', 'webgpu', 'wasm']);
/** Typed into a number field, anything else would vanish without a word. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * @param {string[]} args
 * @param {(path: string) => string} read  reads the file of --prompts
 * @returns {RecipeOptions | ComfyOptions | { workflow: object, file: string, provider: Provider } | 'help'}
 * @throws Error in one sentence
 */
export function readGenerateOptions(args, read) {
  /** @type {Record<string, { type: 'string' }>} */
  const texts = Object.fromEntries(
    [
      ...TEXTS,
      ...Object.keys(OF_START),
      ...Object.keys(OF_HIRES),
      ...Object.keys(OF_TILES),
      ...Object.keys(OF_REFINER),
      ...REDRAW_OPTIONS,
      'upscale',
      'hires-checkpoint',
      'refiner',
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
      init: { type: 'string', multiple: true },
      adapter: { type: 'string', multiple: true },
      upscaler: { type: 'string', multiple: true },
      'image-encoder': { type: 'string', multiple: true },
      'hint-weights': { type: 'string', multiple: true },
      ...Object.fromEntries(
        ['control', 'control-model', 'control-mask', 'control-more', ...Object.keys(OF_CONTROL)].map((name) => [
          name,
          { type: /** @type {const} */ ('string'), multiple: true },
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  const { adapter, upscaler, 'image-encoder': encoders, 'hint-weights': weights, ...others } = values;
  const helpers = /** @type {string[]} */ ([...(encoders ?? []), ...(weights ?? [])]);
  const [adapters, upscalers] = [adapter, upscaler].map((paths) => /** @type {string[]} */ (paths ?? []));
  const given = /** @type {Record<string, any>} */ (
    Object.fromEntries(Object.entries(others).filter(([, value]) => !Array.isArray(value)))
  );
  const [init, ...more] = /** @type {string[]} */ (others.init ?? []);
  if (init !== undefined) given.init = init;
  const control = readControl(
    /** @type {Record<string, string[] | undefined>} */ (others),
    given.checkpoint === undefined && given.model === undefined,
  );
  const provider = PROVIDERS.find((name) => name === (given.provider ?? 'auto'));
  if (!provider) throw new Error(`--provider must be one of ${PROVIDERS.join(', ')}, not "${given.provider}".`);
  for (const name of NUMBERS)
    if (given[name] !== undefined && !NUMBER.test(given[name]))
      throw new Error(`--${name} must be a number, not "${given[name]}".`);
  const advanced = readAdvanced(given);
  // What only the page does.
  const [onPage] = [
    ...(upscalers.length > 0 ? ['upscaler'] : []),
    ...Object.keys(OF_HIRES).filter((name) => given[name] !== undefined),
    ...['hires-checkpoint', 'refiner', ...Object.keys(OF_REFINER)].filter((name) => given[name] !== undefined),
  ];
  const isOfPage = onPage !== undefined || given.upscale !== undefined;
  if (helpers.length > 0 && control.length === 0)
    throw new Error('--image-encoder and --hint-weights belong to a unit of control: --control-model.');
  const alone = control.length > 0 ? 'control' : given.init !== undefined ? 'init' : undefined;
  if (alone !== undefined && onPage !== undefined)
    throw new Error(`--${onPage} goes with a prompt, not with --${alone}.`);
  if (given.workflow !== undefined && isOfComfy(given.workflow, read))
    return readComfyJob(given, positionals, { adapters, provider, others: [...upscalers, ...control] });
  if (given.workflow !== undefined) {
    const [added] = [
      ...(adapters.length > 0 ? ['adapter'] : []),
      ...(isOfPage ? [onPage ?? 'upscale'] : []),
      ...(given.checkpoint === undefined ? [] : ['checkpoint']),
    ];
    if (added !== undefined) throw new Error(`--${added} goes with a prompt, not with --workflow.`);
    if (control.length > 0) throw new Error('A workflow says everything itself: only --out and --provider go with it.');
  }
  if (given.workflow !== undefined) return { ...readWorkflowJob(given, positionals, read), provider };
  const common = Object.fromEntries(
    TEXTS.map((name) => [name, given[name]]).filter(([, value]) => value !== undefined),
  );
  return {
    jobs: readJobs(given, positionals, read).map(([prompt, file]) => ({
      recipe: { ...common, prompt, ...(advanced && { advanced }) },
      file,
    })),
    ...(given.checkpoint !== undefined && { checkpoint: given.checkpoint }),
    ...(given['hires-checkpoint'] !== undefined && { second: given['hires-checkpoint'] }),
    ...(given.refiner !== undefined && { refiner: given.refiner }),
    adapters,
    ...(upscalers.length > 0 && { upscalers }),
    ...(control.length > 0 && { control }),
    ...(helpers.length > 0 && { helpers }),
    ...(alone !== undefined && given.upscale !== undefined && { enlarger: given.upscale }),
    provider,
    ...readStart(given, more),
  };
}

/**
 * @param {Record<string, string[] | undefined>} given
 * @param {boolean} hasOwn  the starter, whose ControlNet is at hand, paints
 * @returns {Control[]} the first of each option is the first unit's
 */
function readControl({ control = [], 'control-model': models = [], ...given }, hasOwn) {
  const { 'control-mask': masks = [], 'control-more': more = [] } = given;
  const said = Object.entries(OF_CONTROL).flatMap(([name, id]) =>
    given[name] ? [{ name, id, values: given[name] }] : [],
  );
  const most = Math.max(control.length, masks.length, more.length, ...said.map(({ values }) => values.length));
  if (most > models.length && !hasOwn) throw new Error('Each unit of control needs its --control-model: a file.');
  for (const { name, values } of said)
    for (const value of values)
      if (CONTROL_NUMBERS.includes(name) && !NUMBER.test(value))
        throw new Error(`--${name} must be a number, not "${value}".`);
  return Array.from({ length: Math.max(most, models.length) }, (_, i) => ({
    ...(models[i] !== undefined && { model: models[i] }),
    ...(control[i] !== undefined && { image: control[i] }),
    ...(masks[i] !== undefined && { mask: masks[i] }),
    ...(more[i] !== undefined && { more: more[i].split(',').filter((path) => path !== '') }),
    settings: Object.fromEntries(
      said.flatMap(({ name, id, values }) => {
        const value = values.at(i);
        if (value === undefined) return [];
        return [[id, CONTROL_NUMBERS.includes(name) ? Number(value) : value]];
      }),
    ),
  }));
}

/** As the library calls what is added from it. @param {string} path */
const nameOfFile = (path) => basename(path).replace(/\.(safetensors|ckpt|pt|tar)$/i, '');

/** What the form's folds are set to, by label. @param {Record<string, string | undefined>} given @returns {Record<string, string> | undefined} */
function readAdvanced(given) {
  const { hires, upscale, denoise, init } = given;
  /** @type {[string, string][]} */
  const said = Object.entries(OF_HIRES).flatMap(([name, label]) => {
    const value = given[name];
    return value === undefined ? [] : [/** @type {[string, string]} */ ([label, value])];
  });
  const second = given['hires-checkpoint'];
  if (hires === undefined && (said.length > 0 || second !== undefined))
    throw new Error('Settings of a second pass belong to --hires.');
  if (second !== undefined && given.checkpoint === undefined && given.model === undefined)
    throw new Error('--hires-checkpoint goes with --checkpoint or --model: the built-in model has no second pass.');
  if (second !== undefined) said.push(['Hires checkpoint', nameOfFile(second)]);
  if (hires !== undefined && denoise !== undefined && init === undefined) said.push(['Denoising strength', denoise]);
  const { refiner } = given;
  const ofRefiner = Object.entries(OF_REFINER).filter(([name]) => given[name] !== undefined);
  if (refiner === undefined && ofRefiner.length > 0) throw new Error('When it takes over belongs to --refiner.');
  if (given['refiner-for'] !== undefined && hires === undefined)
    throw new Error('--refiner-for belongs to --hires: without it there is one pass.');
  if (refiner !== undefined && given.checkpoint === undefined && given.model === undefined)
    throw new Error('--refiner goes with --checkpoint or --model: the built-in model has no refiner.');
  if (refiner !== undefined) said.push(['Refiner checkpoint', nameOfFile(refiner)]);
  for (const [name, label] of ofRefiner) said.push([label, given[name] ?? '']);
  const tiles = Object.entries(OF_TILES).filter(([name]) => given[name] !== undefined);
  if (given['tiles'] === undefined && tiles.length > 0) throw new Error('The size of tiles belongs to --tiles.');
  // The factor of a second pass comes first, what brings the others here too.
  if (init === undefined) for (const [name, [label]] of tiles) said.push([label, given[name] ?? '']);
  if (upscale !== undefined) said.push(['Enlarge with', upscale]);
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}

/** @param {Record<string, string | boolean | undefined>} given @param {string[]} more  pictures to start from @returns {{ start?: Start }} */
function readStart({ init, mask, 'invert-mask': isInverted, ...given }, more) {
  const known = { ...OF_START, ...Object.fromEntries(Object.entries(OF_TILES).map(([name, [, id]]) => [name, id])) };
  const said = Object.entries(known).flatMap(([name, id]) => (given[name] === undefined ? [] : [[id, given[name]]]));
  if (typeof init !== 'string') {
    if (readRedraw(given).length > 0) throw new Error('--ultimate paints over a picture: --init.');
    const tiles = Object.values(OF_TILES).map(([, id]) => id);
    const ofPicture = said.filter(
      ([id]) => !tiles.includes(String(id)) && (id !== 'denoisingStrength' || given['hires'] === undefined),
    );
    if (mask !== undefined || ofPicture.length > 0 || isInverted)
      throw new Error('A mask and how much is painted anew belong to a picture: --init.');
    return {};
  }
  const redrawn = readRedraw(given);
  const folder = given['prompts'] === undefined ? given['out-dir'] : undefined;
  if (more.length > 0 && typeof folder !== 'string')
    throw new Error('Several pictures to start from need --out-dir, and no --prompts.');
  const settings = Object.fromEntries([...said, ...redrawn, ...(isInverted ? [['invertMask', 'true']] : [])]);
  const many = typeof folder === 'string' ? { more, folder } : {};
  return { start: { init, ...many, ...(typeof mask === 'string' && { mask }), settings } };
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

/** Whether a file is a picture that may carry a graph, or has nodes by class; what cannot be read is none. @param {string} path @param {(path: string) => string} read */
function isOfComfy(path, read) {
  let text;
  try {
    text = read(path);
  } catch {
    return false;
  }
  if (/^(\uFFFDPNG|RIFF|\uFFFD\uFFFD\uFFFD)/.test(text)) return true;
  return /"class_type"\s*:/.test(text) || (/"nodes"\s*:/.test(text) && !/"operation"\s*:/.test(text));
}

/** @param {Record<string, string | undefined>} given @param {string[]} positionals @param {{ adapters: string[], provider: Provider, others: unknown[] }} more @returns {ComfyOptions} */
function readComfyJob(given, positionals, { adapters, provider, others }) {
  const { workflow: comfy = '', out, 'out-dir': folder, checkpoint } = given;
  const known = ['workflow', 'out', 'out-dir', 'checkpoint', 'provider'];
  if (positionals.length > 0 || others.length > 0 || Object.keys(given).some((name) => !known.includes(name)))
    throw new Error(
      'A workflow says everything itself: --out or --out-dir, --checkpoint, --adapter and --provider go with it.',
    );
  if (out !== undefined && folder !== undefined) throw new Error('--out and --out-dir cannot be given together.');
  return {
    ...{ comfy, file: out ?? 'gesso.png', adapters, provider },
    ...(folder !== undefined && { folder }),
    ...(checkpoint !== undefined && { checkpoint }),
  };
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
    if (folder !== undefined && given.init === undefined)
      throw new Error('--out-dir belongs to --prompts or to several --init; one picture goes to --out.');
    if (folder !== undefined && out !== undefined) throw new Error('--out and --out-dir cannot be given together.');
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
