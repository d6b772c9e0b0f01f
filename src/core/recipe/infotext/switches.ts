/**
 * Guidance that Forge's built-in scripts switch on, or an extension: what they read beside how much of it there is. It acts here in all steps, as
 * they may be told.
 *
 * @see Forge extensions-builtin/sd_forge_perturbed_attention, sd_forge_sag, sd_forge_freeu, sd_forge_kohya_hrfix, sd_forge_dynamic_thresholding;
 *   github.com/mcmonkeyprojects/sd-dynamic-thresholding
 */
import { FIELD_DEFAULTS, type FieldId } from '../request';
import { keysOfField } from './keys';
import type { Recipe } from '../recipe';

interface Script {
  isOn(recipe: Recipe): boolean;
  /** What is so whenever it is on. */
  says: Readonly<Record<string, string>>;
  /** Settings that are said though they are as usual: what a text does not say stays there as it was. */
  settings: readonly FieldId[];
  /** More of these, of some recipes. */
  more?(recipe: Recipe): readonly FieldId[];
}

/** Modes of dynamic thresholding that read a value. */
const READS_VALUE = /^power|repeating$|^sawtooth$/;

/** By the key that they follow. FreeU's first version is none of Forge's. */
const SCRIPTS: Readonly<Record<string, Script | undefined>> = {
  pagi_scale: {
    isOn: ({ pagScale = 0 }) => pagScale !== 0,
    says: { pagi_enabled: 'True', pagi_attenuation: '0', pagi_start_step: '0', pagi_end_step: '1' },
    settings: [],
  },
  sag_scale: {
    isOn: ({ sagScale = 0 }) => sagScale !== 0,
    says: { sag_enabled: 'True', sag_threshold: '1' },
    settings: ['sagBlur'],
  },
  freeu_enabled: {
    isOn: ({ freeu }) => freeu === 'v2',
    says: { freeu_start: '0', freeu_end: '1' },
    settings: ['freeuB1', 'freeuB2', 'freeuS1', 'freeuS2'],
  },
  kohya_hrfix_block_number: {
    isOn: ({ shrinkBlock = 0 }) => shrinkBlock !== 0,
    says: { kohya_hrfix_enabled: 'True' },
    settings: ['shrinkFactor', 'shrinkStart', 'shrinkEnd', 'shrinkKeepsSmall', 'shrinkDown', 'shrinkUp'],
  },
  'Dynamic thresholding enabled': {
    isOn: ({ dynthres }) => dynthres === 'steps',
    says: {},
    settings: [
      ...(['dynthresMimicScale', 'dynthresSeparate', 'dynthresStart', 'dynthresMeasure', 'dynthresPhi'] as const),
      'dynthresPercentile',
    ],
    more: ({ dynthresMimicMode: mimic = 'constant', dynthresCfgMode: own = 'constant' }) => [
      ...(mimic === 'constant' ? [] : (['dynthresMimicMin'] as const)),
      ...(own === 'constant' ? [] : (['dynthresCfgMin'] as const)),
      ...([mimic, own].some((mode) => READS_VALUE.test(mode)) ? (['dynthresValue'] as const) : []),
    ],
  },
  dynthres_enabled: {
    isOn: ({ dynthres }) => dynthres === 'levels',
    says: {},
    settings: [
      ...(['dynthresMimicScale', 'dynthresPercentile', 'dynthresMimicMode', 'dynthresMimicMin'] as const),
      ...(['dynthresCfgMode', 'dynthresCfgMin', 'dynthresValue', 'dynthresSeparate'] as const),
      ...(['dynthresStart', 'dynthresMeasure', 'dynthresPhi'] as const),
    ],
  },
};

/** To be written after `key`; settings as usual, where they are not said otherwise. What a text said otherwise itself stays among its unknown keys. */
export function writeSwitches(key: string, recipe: Recipe): [key: string, value: string][] {
  const script = SCRIPTS[key];
  if (!script?.isOn(recipe)) return [];
  const said = Object.entries(script.says).filter(
    ([one, value]) => value === 'True' || !Object.hasOwn(recipe.unknown ?? {}, one),
  );
  const usual = [...script.settings, ...(script.more?.(recipe) ?? [])].flatMap((id) =>
    keysOfField(id)
      .filter(({ when }) => when?.(recipe) ?? true)
      .map(({ key: own, kind }): [string, string] => [own, kind.write(FIELD_DEFAULTS[id])]),
  );
  return [...said, ...usual];
}

/** What is so here too is taken out of the values. */
export function takeSwitches(values: Map<string, string>, recipe: Recipe): void {
  for (const script of Object.values(SCRIPTS)) {
    if (!script?.isOn(recipe)) continue;
    for (const [key, wanted] of Object.entries(script.says)) {
      const value = values.get(key);
      if (value !== undefined && isSame(value, wanted)) values.delete(key);
    }
  }
}

const isSame = (value: string, wanted: string): boolean =>
  value.toLowerCase() === wanted.toLowerCase() || (value !== '' && Number(value) === Number(wanted));
