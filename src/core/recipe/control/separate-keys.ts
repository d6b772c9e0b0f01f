/**
 * Units as older and other programs tell them: a key for each field. Before sd-webui-controlnet 1.1.4 `ControlNet-0 Module: canny` and so on, with one
 * unit alone without a number; SD.Next tells all units in each field, semicolons between.
 * @see Mikubill/sd-webui-controlnet before #2407, as texts of that time have it; vladmandic/sdnext modules/control/run.py, modules/ipadapter.py
 */
import { fieldOf, type UnitFields } from './unit-fields';

type Texts = Readonly<Record<string, string>>;

/** `ControlNet-0 Module`, `ControlNet Module`. */
const FIELD_KEY = /^ControlNet(?:[ -](\d+))? ([A-Z][A-Za-z ]*)$/;
/** In these words they were never in quotes together. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  'guidance strength': 'end',
  'starting step': 'start',
  'ending step': 'end',
  'preprocessor parameters': 'params',
};

/** Keys of SD.Next, and their fields. */
const SDNEXT_KEYS = {
  'Control model': 'model',
  'Control process': 'module',
  'Control conditioning': 'weight',
  'Control start': 'start',
  'Control end': 'end',
} as const;
const SDNEXT_ALL: readonly string[] = [...Object.keys(SDNEXT_KEYS), 'Control type', 'IP Adapter'];

/** Names that SD.Next has for repositories, and the file as others call it. @see its modules/control/units/controlnet.py, t2iadapter.py, modules/ipadapter.py */
const SDNEXT_MODELS: Readonly<Record<string, string>> = {
  Canny: 'control_v11p_sd15_canny',
  Depth: 'control_v11f1p_sd15_depth',
  HED: 'sd-controlnet-hed',
  IP2P: 'control_v11e_sd15_ip2p',
  LineArt: 'control_v11p_sd15_lineart',
  'LineArt Anime': 'control_v11p_sd15s2_lineart_anime',
  MLDS: 'control_v11p_sd15_mlsd',
  NormalBae: 'control_v11p_sd15_normalbae',
  OpenPose: 'control_v11p_sd15_openpose',
  Scribble: 'control_v11p_sd15_scribble',
  Segment: 'control_v11p_sd15_seg',
  Shuffle: 'control_v11e_sd15_shuffle',
  SoftEdge: 'control_v11p_sd15_softedge',
  Tile: 'control_v11f1e_sd15_tile',
};

export interface KeyedUnit {
  /** As a note calls it. */
  key: string;
  number: number;
  fields: UnitFields;
}

/** Whether a key is of such a unit. */
export const isSeparateKey = (key: string): boolean =>
  SDNEXT_ALL.includes(key) || fieldIn(key) !== undefined || key === 'ControlNet';

function fieldIn(key: string): { number: number; field: string } | undefined {
  const [, number, words] = FIELD_KEY.exec(key) ?? [];
  const word = (words as string | undefined)?.toLowerCase();
  if (word === undefined) return undefined;
  const field = word === 'enabled' ? 'enabled' : (OWN_WORDS[word] ?? fieldOf(word));
  return field === undefined ? undefined : { number: Number(number ?? 0), field };
}

/** Those that are switched off are left out. */
export function separateUnits(unknown: Texts): KeyedUnit[] {
  const units = new Map<number, Map<string, string>>();
  for (const [key, text] of Object.entries(unknown)) {
    const found = fieldIn(key);
    if (!found) continue;
    const fields = units.get(found.number) ?? new Map<string, string>();
    units.set(found.number, fields.set(found.field, text));
  }
  const own = [...units]
    .filter(([, fields]) => fields.get('enabled') !== 'False')
    .map(([number, fields]): KeyedUnit => ({ key: `ControlNet ${number}`, number, fields }));
  return [...own, ...sdnextUnits(unknown)];
}

function sdnextUnits(unknown: Texts): KeyedUnit[] {
  if (!/controlnet|t2i-adapter/i.test(unknown['Control type'] ?? '')) return ipAdapters(unknown, 0);
  const lists = Object.entries(SDNEXT_KEYS).flatMap(([key, field]): [string, string[]][] =>
    key in unknown ? [[field, unknown[key].split(';')]] : [],
  );
  const models = lists.find(([field]) => field === 'model')?.[1] ?? [];
  const units = models.map((_, i): KeyedUnit => {
    const fields = new Map<string, string>([['range', 'diffusers']]);
    for (const [field, all] of lists) {
      const text = (all.at(i) ?? '').trim();
      if (text !== '') fields.set(field, sdnextWord(field, text));
    }
    return { key: 'Control model', number: i, fields };
  });
  return [...units, ...ipAdapters(unknown, units.length)];
}

function sdnextWord(field: string, text: string): string {
  if (field === 'model') return SDNEXT_MODELS[text] ?? text;
  return field === 'module' ? text.replaceAll(' ', '_') : text;
}

/** `name:scale:start:end:crop`, semicolons between. */
function ipAdapters(unknown: Texts, from: number): KeyedUnit[] {
  return (unknown['IP Adapter'] ?? '').split(';').flatMap((text, i): KeyedUnit[] => {
    const [model, weight, start, end] = text.trim().split(':');
    if (model === '' || weight === undefined) return [];
    const fields = new Map([
      ...([
        ['model', model],
        ['module', 'ip-adapter-auto'],
        ['weight', weight],
        ['range', 'diffusers'],
      ] as const),
      ...(start === undefined ? [] : ([['start', start]] as const)),
      ...(end === undefined ? [] : ([['end', end]] as const)),
    ]);
    return [{ key: 'IP Adapter', number: from + i, fields }];
  });
}
