/**
 * Settings of dynamic thresholding. Its extension for A1111 and Forge's built-in one have keys of their own, and count the way otherwise.
 *
 * @see github.com/mcmonkeyprojects/sd-dynamic-thresholding scripts/dynamic_thresholding.py; Forge extensions-builtin/sd_forge_dynamic_thresholding
 */
import { THRESHOLD_MODES } from '../guidance/threshold-modes';
import type { Field, FieldKey, SaidSettings } from './field';
import { FLAG, flagWord, labelled, NUMBER, type ValueKind } from './value-kinds';

type When = (said: SaidSettings) => boolean;

const bySteps: When = ({ dynthres }) => dynthres === 'steps';
/** Also where neither is on: what is set for later. */
const byLevels: When = ({ dynthres }) => dynthres !== 'steps';

/** Each is said by its own program: see infotext/switches.ts for what is said though it is as usual. */
const keys = (steps: FieldKey, levels: FieldKey): readonly FieldKey[] => [
  { when: bySteps, ...steps },
  { when: byLevels, ...levels },
];

/** A share as a percentage, digit by digit: a product by 100 would round it. */
function inPercent(share: number): string {
  const [, whole, part = ''] = /^(\d+)(?:\.(\d+))?$/.exec(String(share)) ?? [];
  if (whole === undefined) return String(share * 100);
  const rest = part.slice(2);
  return `${Number(`${whole}${part.slice(0, 2).padEnd(2, '0')}`)}${rest === '' ? '' : `.${rest}`}`;
}

const PERCENT: ValueKind<number> = {
  name: NUMBER.name,
  read(text) {
    const percent = NUMBER.read(text);
    const share = Number(`${text.trim()}e-2`);
    if (percent === undefined) return undefined;
    return Number.isFinite(share) ? share : percent / 100;
  },
  write: inPercent,
};
const ENABLE: ValueKind<boolean> = {
  name: 'enable or disable',
  read: (text) => (text === 'enable' ? true : text === 'disable' ? false : FLAG.read(text)),
  write: (isOn) => (isOn ? 'enable' : 'disable'),
};

/** The texts have capitals alone. */
function capitals(choices: Readonly<Record<string, { label: string }>>): ValueKind<string> {
  const { name, read } = labelled(choices);
  return { name, read: (text) => read(text.toLowerCase()), write: (id) => id.toUpperCase() };
}

const STARTS = { mean: { label: 'The mean' }, zero: { label: 'Zero' } } as const;
const MEASURES = { ad: { label: 'The farthest value' }, std: { label: 'Standard deviation' } } as const;

const common = { group: 'guidance' } as const;
const SCALE = { kind: 'number', ...common, min: 0, max: 100, step: 0.5, integer: false } as const;
const SHARE = { kind: 'number', ...common, min: 0, max: 1, integer: false, default: 1 } as const;
const MODE = { kind: 'choice', ...common, choices: THRESHOLD_MODES, default: 'constant' } as const;

export const DYNTHRES_FIELDS = {
  dynthres: {
    kind: 'choice',
    label: 'Dynamic thresholding',
    ...common,
    choices: {
      none: { label: 'Off' },
      steps: { label: 'On, counted by steps (A1111)' },
      levels: { label: 'On, counted by noise (Forge, ComfyUI)' },
    },
    default: 'none',
    infotext: [
      { key: 'Dynamic thresholding enabled', kind: flagWord('steps', 'none'), when: bySteps },
      { key: 'dynthres_enabled', kind: flagWord('levels', 'none'), when: byLevels },
    ],
  },
  dynthresMimicScale: {
    ...SCALE,
    label: 'Mimic scale',
    default: 7,
    infotext: keys({ key: 'Mimic scale' }, { key: 'dynthres_mimic_scale' }),
    axis: { label: '[DynThres] Mimic Scale' },
  },
  dynthresPercentile: {
    ...SHARE,
    label: 'Threshold percentile',
    step: 0.0005,
    infotext: keys({ key: 'Threshold percentile', kind: PERCENT }, { key: 'dynthres_threshold_percentile' }),
    axis: { label: '[DynThres] Threshold Percentile' },
  },
  dynthresMimicMode: {
    ...MODE,
    label: 'Mimic mode',
    infotext: keys({ key: 'Mimic mode' }, { key: 'dynthres_mimic_mode' }),
    axis: { label: '[DynThres] Mimic Scheduler' },
  },
  dynthresMimicMin: {
    ...SCALE,
    label: 'Mimic scale minimum',
    default: 0,
    infotext: keys({ key: 'Mimic scale minimum' }, { key: 'dynthres_mimic_scale_min' }),
    axis: { label: '[DynThres] Mimic minimum' },
  },
  dynthresCfgMode: {
    ...MODE,
    label: 'CFG mode',
    infotext: keys({ key: 'CFG mode' }, { key: 'dynthres_cfg_mode' }),
    axis: { label: '[DynThres] CFG Scheduler' },
  },
  dynthresCfgMin: {
    ...SCALE,
    label: 'CFG scale minimum',
    default: 0,
    infotext: keys({ key: 'CFG scale minimum' }, { key: 'dynthres_cfg_scale_min' }),
    axis: { label: '[DynThres] CFG minimum' },
  },
  dynthresValue: {
    ...SCALE,
    label: 'Scheduler value',
    step: 0.01,
    default: 1,
    infotext: keys({ key: 'Scheduler value', aliases: ['Power scheduler value'] }, { key: 'dynthres_sched_val' }),
    axis: { label: '[DynThres] Scheduler value' },
  },
  dynthresSeparate: {
    kind: 'flag',
    label: 'Separate feature channels',
    ...common,
    default: true,
    infotext: keys({ key: 'Separate Feature Channels' }, { key: 'dynthres_separate_feature_channels', kind: ENABLE }),
    axis: { label: '[DynThres] Separate Feature Channels' },
  },
  dynthresStart: {
    kind: 'choice',
    label: 'Scaling startpoint',
    ...common,
    choices: STARTS,
    default: 'mean',
    infotext: keys(
      { key: 'Scaling Startpoint', kind: capitals(STARTS) },
      { key: 'dynthres_scaling_startpoint', kind: capitals(STARTS) },
    ),
    axis: { label: '[DynThres] Scaling Startpoint' },
  },
  dynthresMeasure: {
    kind: 'choice',
    label: 'Variability measure',
    ...common,
    choices: MEASURES,
    default: 'ad',
    infotext: keys(
      { key: 'Variability Measure', kind: capitals(MEASURES) },
      { key: 'dynthres_variability_measure', kind: capitals(MEASURES) },
    ),
    axis: { label: '[DynThres] Variability Measure' },
  },
  dynthresPhi: {
    ...SHARE,
    label: 'Interpolate phi',
    step: 0.01,
    infotext: keys({ key: 'Interpolate Phi' }, { key: 'dynthres_interpolate_phi' }),
    axis: { label: '[DynThres] Interpolate Phi' },
  },
} as const satisfies Record<string, Field>;
