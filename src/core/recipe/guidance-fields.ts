/** Settings of how the model is guided, and of what happens inside of it meanwhile. See fields.ts. */
import { DYNTHRES_FIELDS } from './dynthres-fields';
import type { Field } from './field';
import { SHRINK_FIELDS } from './shrink-fields';
import { flagWord, type ValueKind } from './value-kinds';

/** Forge's key is a flag, and means the second version. */
const FREEU: ValueKind<string> = {
  name: 'True, False or v1',
  read: (text) => (text === 'v1' ? 'v1' : flagWord('v2', 'none').read(text)),
  write: (word) => (word === 'v1' ? word : flagWord('v2', 'none').write(word as 'v2')),
};

/** @param key  Forge's */
const freeuScale = <Label extends string>(label: Label, key: string, value: number) =>
  ({
    kind: 'number',
    label,
    group: 'guidance',
    ...{ min: 0, max: 4, step: 0.01, integer: false },
    default: value,
    infotext: { key },
  }) as const;

const SHARE = { min: 0, max: 1, step: 0.01, integer: false } as const;

export const GUIDANCE_FIELDS = {
  cfgRescale: {
    kind: 'number',
    label: 'CFG rescale',
    group: 'guidance',
    ...SHARE,
    default: 0,
    infotext: { key: 'CFG Rescale' },
  },
  ...DYNTHRES_FIELDS,
  skipEarlyCfg: {
    kind: 'number',
    label: 'Skip early CFG',
    done: 'Early CFG skipped',
    group: 'guidance',
    ...SHARE,
    default: 0,
    infotext: { key: 'Skip Early CFG' },
  },
  ngms: {
    kind: 'number',
    label: 'Negative guidance minimum sigma',
    group: 'guidance',
    min: 0,
    max: 15,
    step: 0.01,
    integer: false,
    default: 0,
    infotext: { key: 'NGMS' },
    axis: { label: 'Negative Guidance minimum sigma' },
  },
  ngmsAllSteps: {
    kind: 'flag',
    label: 'Negative guidance: all steps',
    group: 'guidance',
    default: false,
    infotext: { key: 'NGMS all steps' },
  },
  mahiro: {
    kind: 'flag',
    label: 'MaHiRo',
    group: 'guidance',
    default: false,
    infotext: { key: 'MaHiRo', aliases: ['mahiro_cfg_enabled'] },
  },
  epsScaling: {
    kind: 'number',
    label: 'Epsilon scaling',
    group: 'guidance',
    ...{ min: 0.5, max: 1.5, step: 0.001, integer: false },
    default: 1,
    infotext: { key: 'eps_scaling_factor', aliases: ['Epsilon Scaling'] },
  },
  pagScale: {
    kind: 'number',
    label: 'Perturbed-attention guidance',
    group: 'guidance',
    ...{ min: 0, max: 100, step: 0.1, integer: false },
    default: 0,
    infotext: { key: 'pagi_scale', aliases: ['pag_scale'] },
  },
  sagScale: {
    kind: 'number',
    label: 'Self-attention guidance',
    group: 'guidance',
    ...{ min: -2, max: 5, step: 0.01, integer: false },
    default: 0,
    infotext: { key: 'sag_scale' },
  },
  sagBlur: {
    kind: 'number',
    label: 'Blur of self-attention guidance',
    group: 'guidance',
    ...{ min: 0, max: 10, step: 0.01, integer: false },
    default: 2,
    infotext: { key: 'sag_blur_sigma' },
  },
  freeu: {
    kind: 'choice',
    label: 'FreeU',
    group: 'guidance',
    choices: { none: { label: 'Off' }, v2: { label: 'Version 2' }, v1: { label: 'Version 1' } },
    default: 'none',
    infotext: { key: 'freeu_enabled', kind: FREEU },
  },
  freeuB1: freeuScale('FreeU B1', 'freeu_b1', 1.01),
  freeuB2: freeuScale('FreeU B2', 'freeu_b2', 1.02),
  freeuS1: freeuScale('FreeU S1', 'freeu_s1', 0.99),
  freeuS2: freeuScale('FreeU S2', 'freeu_s2', 0.95),
  ...SHRINK_FIELDS,
} as const satisfies Record<string, Field>;
