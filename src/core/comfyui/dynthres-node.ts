/** DynamicThresholdingFull's own words, as settings of a recipe, and the other way. */
import { THRESHOLD_MODES, type ThresholdMode } from '../guidance/threshold-modes';
import type { FieldValues } from '../recipe/request';

export type DynthresSettings = Pick<
  FieldValues,
  | ('dynthres' | 'dynthresMimicScale' | 'dynthresPercentile' | 'dynthresMimicMode' | 'dynthresMimicMin')
  | ('dynthresCfgMode' | 'dynthresCfgMin' | 'dynthresValue' | 'dynthresSeparate' | 'dynthresStart')
  | ('dynthresMeasure' | 'dynthresPhi')
>;

export const DYNTHRES_OFF = {
  ...{ dynthres: 'none', dynthresMimicScale: 7, dynthresPercentile: 1, dynthresMimicMode: 'constant' },
  ...{ dynthresMimicMin: 0, dynthresCfgMode: 'constant', dynthresCfgMin: 0, dynthresValue: 1, dynthresSeparate: true },
  ...{ dynthresStart: 'mean', dynthresMeasure: 'ad', dynthresPhi: 1 },
} as const satisfies DynthresSettings;

/** What the node without further inputs does. */
const SIMPLE = { ...DYNTHRES_OFF, dynthres: 'levels', dynthresSeparate: false } as const;

/** The node's inputs; undefined where it is off. */
export function nodeOfDynthres(settings: DynthresSettings) {
  if (settings.dynthres === 'none') return undefined;
  return {
    mimic_scale: settings.dynthresMimicScale,
    threshold_percentile: settings.dynthresPercentile,
    mimic_mode: THRESHOLD_MODES[settings.dynthresMimicMode].label,
    mimic_scale_min: settings.dynthresMimicMin,
    cfg_mode: THRESHOLD_MODES[settings.dynthresCfgMode].label,
    cfg_scale_min: settings.dynthresCfgMin,
    sched_val: settings.dynthresValue,
    separate_feature_channels: settings.dynthresSeparate ? 'enable' : 'disable',
    scaling_startpoint: settings.dynthresStart.toUpperCase(),
    variability_measure: settings.dynthresMeasure.toUpperCase(),
    interpolate_phi: settings.dynthresPhi,
  };
}

/** What the nodes were told: a value by its name, undefined where it is not said. */
interface Said {
  number(name: string): number | undefined;
  text(name: string): string | undefined;
}

/** By which scales it counts: simple ones have two inputs. */
export function dynthresOf(said: Said, isSimple: boolean): DynthresSettings {
  const usual = {
    ...SIMPLE,
    dynthresMimicScale: said.number('mimic_scale') ?? SIMPLE.dynthresMimicScale,
    dynthresPercentile: said.number('threshold_percentile') ?? SIMPLE.dynthresPercentile,
  };
  if (isSimple) return usual;
  return {
    ...usual,
    dynthresMimicMode: modeOf(said.text('mimic_mode')),
    dynthresMimicMin: said.number('mimic_scale_min') ?? 0,
    dynthresCfgMode: modeOf(said.text('cfg_mode')),
    dynthresCfgMin: said.number('cfg_scale_min') ?? 0,
    dynthresValue: said.number('sched_val') ?? 1,
    dynthresSeparate: said.text('separate_feature_channels') !== 'disable',
    dynthresStart: said.text('scaling_startpoint') === 'ZERO' ? 'zero' : 'mean',
    dynthresMeasure: said.text('variability_measure') === 'STD' ? 'std' : 'ad',
    dynthresPhi: said.number('interpolate_phi') ?? 1,
  };
}

/** As the nodes have it: a word that is none changes nothing. */
function modeOf(word: string | undefined): ThresholdMode {
  const modes = Object.keys(THRESHOLD_MODES) as ThresholdMode[];
  return modes.find((mode) => THRESHOLD_MODES[mode].label === word) ?? 'constant';
}
