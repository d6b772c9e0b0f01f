/** The kit that travels: everything it is made of is there, and nothing in it asks for anything outside. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../lib/paths.mjs';
import { checkPlan } from './check/check-plan';
import { DAWN, KIT_FILES, MAX_KIT_BYTES } from './pack-list.mjs';

const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
/** Types are imported in comments alone. */
const withoutComments = (code: string): string => code.replaceAll(/\/\*[\s\S]*?\*\//g, '');
const scripts = KIT_FILES.filter(([, to]) => to.endsWith('.mjs'));
/** Built into it beside the files. */
const BUILT = ['render.mjs'];

describe('KIT_FILES', () => {
  it.each(KIT_FILES.map(([from, to]) => [from, to]))('has %s for %s', (from) => {
    expect(existsSync(join(ROOT, from))).toBe(true);
  });

  it('puts nothing over anything else', () => {
    expect(new Set(KIT_FILES.map(([, to]) => to)).size).toBe(KIT_FILES.length);
  });

  it.each(scripts.map(([from, to]) => [to, from]))('%s imports nothing but Node and the kit', (_to, from) => {
    const imported = [...withoutComments(text(from)).matchAll(/(?:from|import\()\s*'([^']+)'/g)]
      .map(([, name]) => name)
      .filter((name) => !name.startsWith('node:'));
    const there = [...KIT_FILES.map(([, to]) => `./${to}`), ...BUILT.map((name) => `./${name}`)];
    for (const name of imported) expect(there, `${from} imports ${name}`).toContain(name);
  });

  it('says which Dawn, exactly', () => expect(DAWN.version).toMatch(/^\d+\.\d+\.\d+$/));
});

describe('the exported U-Net', () => {
  interface Places {
    note: string;
    weights: { name: string; shape: number[]; location: string; offset: number }[];
  }
  const read = (name: string): Buffer => gunzipSync(readFileSync(join(ROOT, 'tools', 'gpu-kit', 'peer', `${name}.gz`)));
  const places = (name: string): Places => JSON.parse(read(`${name}-weights.json`).toString()) as Places;
  const count = ({ weights }: Places): number =>
    weights.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);

  it('is Stable Diffusion 1.5’s: its published number of parameters, but for some small tensors', () => {
    const numbers = count(places('unet'));
    expect(numbers).toBeLessThan(859_520_964);
    expect(numbers).toBeGreaterThan(859_520_964 * 0.999);
  });

  it.each(['unet', 'unet-narrow'])('keeps the weights of %s outside, none over another', (name) => {
    const { weights, note } = places(name);
    expect(note).toMatch(/torch \S+, diffusers \S+, torch\.onnx\.export opset \d+, float16/);
    const ends = new Map<string, number>();
    for (const { location, offset, shape } of weights) {
      expect(offset).toBeGreaterThanOrEqual(ends.get(location) ?? 0);
      ends.set(location, offset + 2 * shape.reduce((product, n) => product * n, 1));
    }
    for (const end of ends.values()) expect(end).toBeLessThanOrEqual(2 ** 28);
    expect(statSync(join(ROOT, 'tools', 'gpu-kit', 'peer', `${name}.onnx.gz`)).size).toBeLessThan(MAX_KIT_BYTES / 100);
  });
});

describe('checkPlan', () => {
  it.each([false, true])('names every step otherwise, and begins with what is most telling (quick: %s)', (isQuick) => {
    const plan = checkPlan(isQuick);
    const ids = plan.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(plan.slice(0, 3).map(({ kind }) => kind)).toEqual(['self-test', 'pictures', 'peaks']);
    for (const precision of ['float16', 'float32'])
      for (const how of ['subgroups', 'plain']) expect(ids).toContain(`parity ${precision} ${how}`);
  });

  it('measures every network at every size', () => {
    const asked = checkPlan(false).flatMap((step) =>
      step.kind === 'network' && step.component === 'unet'
        ? step.calls.map(({ width }) => `${step.family} ${width}`)
        : [],
    );
    for (const family of ['sd15', 'sd-turbo', 'sdxl'])
      for (const side of [512, 768, 1024]) expect(asked).toContain(`${family} ${side}`);
  });
});
