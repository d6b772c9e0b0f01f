/** What is put around guidance, and dynamic thresholding, against torch. */
import { describe, expect, it } from 'vitest';
import fixture from './fixtures/cfg-patches.json';
import {
  CFG_PATCHES,
  cfg,
  patchOf,
  readPatches,
  remembers,
  thresholded,
  THRESHOLD_MODES,
  thresholdScale,
  withPatch,
  writePatches,
  type CfgPatchId,
  type ThresholdMode,
} from './index';

/** float32 in the references. */
const REL = 3e-6;

const f32 = (values: readonly number[]) => Float32Array.from(values);
const [x, positive, negative] = [fixture.x, fixture.positive, fixture.negative].map(f32);
const answers = { positive, negative };
const at = (scale: number) => ({ x, sigma: fixture.sigma, scale, width: fixture.width, height: fixture.height });

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expect(Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)))).toBeLessThan(REL * size);
}

/** @throws where it is no such patch */
function before(id: string, scale: number, values: readonly number[], memory?: Float32Array) {
  const patch = patchOf(id as CfgPatchId);
  if (patch.stage !== 'before') throw new RangeError(id);
  return patch.run(answers, at(scale), values, memory);
}

describe('thresholdScale', () => {
  it.each(fixture.scales)('is the extension’s: $mode at $progress', ({ made, mode, ...terms }) => {
    expect(thresholdScale({ ...terms, mode: mode as ThresholdMode })).toBeCloseTo(made, 10);
  });

  it('has every mode in its fixture', () => {
    expect(new Set(fixture.scales.map(({ mode }) => mode))).toEqual(new Set(Object.keys(THRESHOLD_MODES)));
  });
});

describe('thresholded', () => {
  it.each(fixture.thresholded)(
    'is the extension’s for $scale like $mimic, $percentile, $separate, $start, $measure, $phi',
    ({ guided, ...terms }) => {
      const said = { ...terms, start: terms.start as 'mean', measure: terms.measure as 'ad' };
      expectClose(thresholded({ ...answers, ...said, cells: fixture.width * fixture.height }), guided);
    },
  );

  it('has a result where nothing spreads', () => {
    const flat = new Float32Array(12).fill(0.5);
    const usual = { scale: 9, mimic: 7, percentile: 1, separate: true, start: 'mean', phi: 1, cells: 3 } as const;
    for (const measure of ['ad', 'std'] as const)
      expect(thresholded({ positive: flat, negative: flat, measure, ...usual })).toEqual(flat);
  });
});

describe('before guidance', () => {
  it.each(fixture.apg)('APG is ComfyUI’s over two calls: $values', ({ scale, values, positives }) => {
    const first = before('apg', scale, values);
    expectClose(first.positive, positives[0]);
    const patch = CFG_PATCHES.apg;
    const half = positive.map((value, i) => (value + negative[i]) / 2);
    expectClose(patch.run({ positive: half, negative }, at(scale), values, first.sum).positive, positives[1]);
    expect(remembers([{ id: 'apg', values }])).toBe(values[2] !== 0);
  });

  it('TCFG is ComfyUI’s, by an SVD', () => {
    const made = before('tcfg', 7, []);
    expectClose(made.negative, fixture.tcfg);
    expect(made.positive).toBe(positive);
  });

  it('TCFG leaves a negative that nobody asked for, and one that is as the positive', () => {
    const none = new Float32Array(positive.length);
    expect(CFG_PATCHES.tcfg.run({ positive, negative: none }, at(1)).negative).toBe(none);
    expectClose(CFG_PATCHES.tcfg.run({ positive, negative: positive }, at(7)).negative, fixture.positive);
  });

  it.each(fixture.fresca)('FreSca is ComfyUI’s: $values', ({ values, positive: made }) => {
    expectClose(before('fresca', 7, values).positive, made);
  });

  it.each(fixture.skimmed)('$id is Skimmed CFG’s at $scale: $values', ({ id, scale, values, ...made }) => {
    const given = before(id, scale, values);
    expectClose(given.positive, made.positive);
    expectClose(given.negative, made.negative);
    expect(made.negative).not.toEqual(fixture.negative);
  });

  it('Skimmed CFG leaves what has no negative', () => {
    const none = { positive, negative: new Float32Array(positive.length) };
    for (const [id, values] of [
      ['skimmed_cfg', [7, 0, 0]],
      ['skimmed_linear', [5]],
    ] as const) {
      const patch = patchOf(id);
      if (patch.stage !== 'before') throw new RangeError(id);
      expect(patch.run(none, at(1), values)).toEqual(none);
    }
  });
});

describe('guided answers', () => {
  it.each(fixture.guided)('$id is ComfyUI’s at $scale: $values', ({ id, scale, values, guided }) => {
    const patch = patchOf(id as CfgPatchId);
    const plain = cfg({ uncond: negative, conds: [{ output: positive, weight: 1 }], scale });
    if (patch.stage === 'instead') expectClose(patch.run(answers, at(scale), values), guided);
    else if (patch.stage === 'after') expectClose(patch.run(plain, answers, at(scale), values), guided);
    else throw new RangeError(id);
  });

  it('has every patch in its fixture', () => {
    const found = [...fixture.guided, ...fixture.skimmed].map(({ id }) => id);
    expect(new Set([...found, 'apg', 'tcfg', 'fresca', 'pag', 'sag'])).toEqual(new Set(Object.keys(CFG_PATCHES)));
  });
});

describe('the text of patches', () => {
  it('keeps their order and values', () => {
    const text = withPatch(withPatch('', { id: 'apg', values: [1, 5, 0.25] }), { id: 'mahiro', values: [] });
    expect(text).toBe('apg 1 5 0.25; mahiro');
    expect(writePatches(readPatches(text))).toBe(text);
    expect(readPatches('')).toEqual([]);
  });

  it.each(['apg 1 5', 'mahiro 1', 'toString', 'apg 1 5 x', 'mahiro;tcfg', ' '])('is none: "%s"', (text) => {
    expect(() => readPatches(text)).toThrow('is nothing that is put around guidance');
  });
});
