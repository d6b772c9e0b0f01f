/** Fooocus and what came of it: keys, or the labels of its log. @see Fooocus modules/meta_parser.py, modules/private_logger.py */
import { readLoras } from './loras';
import { isNothing } from './draft';
import type { Program, Reader } from './program';

/** Lists are written as Python prints them. */
const readStyles: Reader = (value, draft) => {
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  const names = text.replace(/^\[|\]$|'/g, '').trim();
  if (!isNothing(names)) draft.note('Styles', `The styles ${names} are not carried over: they change both prompts.`);
};

/** What its choices stand for. @see Fooocus modules/flags.py, Steps */
const STEPS: Readonly<Record<string, number>> = {
  quality: 60,
  speed: 30,
  'extreme speed': 8,
  lightning: 4,
  'hyper-sd': 4,
};

const readPerformance: Reader = (value, draft, keys) => {
  const word = String(value).toLowerCase();
  if (isNothing(keys.get('steps')) && Object.hasOwn(STEPS, word)) draft.put('Steps', STEPS[word]);
};

const numbered = Object.fromEntries(
  Array.from({ length: 10 }, (_, i) => [`lora ${i + 1}`, `lora combined ${i + 1}`])
    .flat()
    .map((key) => [key, readLoras]),
);

export const FOOOCUS: Program = {
  name: 'Fooocus',
  isIts: (json) =>
    /fooocus/i.test(String(json['version'] ?? json['Version'] ?? json['metadata_scheme'] ?? '')) ||
    Object.keys(json).filter((key) =>
      /^(performance|style_selections|performance_selection|aspect_ratios_selection|image_seed|sharpness|styles|adm[_ ]guidance|base[_ ]model|guidance[_ ]scale|resolution)$/i.test(
        key,
      ),
    ).length >= 3,
  keys: {
    ...numbered,
    styles: readStyles,
    performance: readPerformance,
    // Its API, and those that were made after it.
    'style selections': readStyles,
    'performance selection': readPerformance,
    'aspect ratios selection': (value, draft) =>
      draft.put(
        'Size',
        String(value)
          .replace(/[*×]/, 'x')
          .replace(/[^\dx].*$/, ''),
      ),
    'image seed': (value, draft) => draft.put('Seed', value),
  },
  ignored: [
    'image number',
    'prompt expansion',
    'fooocus v2 expansion',
    'metadata scheme',
    'lora hashes',
    'fooocus v2',
    'enhance',
    'backup prompt',
    'mixing image prompt and inpaint',
  ],
};

const PRESET = /^default_(model|refiner|refiner_switch|loras|cfg_scale|sampler|scheduler|performance|styles)$/;

/** Its presets, which may have no prompt: keys as in its log, "default_" before them. @see Fooocus presets/default.json */
export const FOOOCUS_PRESET: Program = {
  name: 'Fooocus',
  isIts: (json) => Object.keys(json).filter((key) => PRESET.test(key)).length >= 3,
  flatten(json) {
    const own = Object.entries(json).flatMap(([key, value]) =>
      PRESET.test(key) ? [[key.slice('default_'.length), value]] : [],
    );
    const loras = Array.isArray(json['default_loras']) ? (json['default_loras'] as unknown[]) : [];
    return {
      ...(Object.fromEntries(own) as Record<string, unknown>),
      loras: loras.filter((one) => Array.isArray(one) && one[0] !== false && !one.includes('None')),
      prompt: json['default_prompt'] ?? '',
      negative_prompt: json['default_prompt_negative'] ?? '',
      ...('default_aspect_ratio' in json && { size: String(json['default_aspect_ratio']).replace(/[*×]/, 'x') }),
      ...(json['default_overwrite_step'] !== -1 && { steps: json['default_overwrite_step'] }),
    };
  },
  keys: { styles: readStyles, performance: readPerformance },
  hasNoPrompt: true,
};

export const RUINED_FOOOCUS: Program = {
  name: 'RuinedFooocus',
  isIts: (json) =>
    /ruinedfooocus/i.test(String(json['software'] ?? '')) || ('Prompt' in json && 'base_model_name' in json),
  isComfy: true,
  keys: {
    'clip skip': (value, draft) => draft.put('Clip skip', value === 1 ? undefined : value),
    denoise: (value, draft) => draft.put('Denoising strength', value === 1 ? undefined : value),
  },
  ignored: ['start step'],
};
