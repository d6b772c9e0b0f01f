import { describe, expect, it } from 'vitest';
import type { ModelEntry } from './catalog';
import type { Verdict } from './verdict';
import { wayOn } from './way-on';

const entry = (id: string, downloadBytes: number, change: Partial<ModelEntry> = {}): ModelEntry => ({
  ...{ id, name: id, description: '', licence: { name: 'free', url: 'https://x.org' }, downloadBytes },
  source: { kind: 'hub', repo: 'a/b', revision: 'main', files: ['x'] },
  defaults: { sampler: 'euler', schedule: 'karras', steps: 20, cfgScale: 7, width: 512, height: 512 },
  ...{ size: { min: 64, max: 1024, step: 8 }, suggestions: [] },
  ...change,
});

const LEVELS: Record<string, Verdict['level']> = { small: 'good', large: 'good', tiny: 'slow', wide: 'no' };
const judged = ({ id }: ModelEntry): Verdict => ({ level: LEVELS[id] ?? 'good', reasons: [] });
const idOf = (entries: readonly ModelEntry[], of = judged) => wayOn(entries, of)?.entry.id;

const [small, large, tiny, wide] = [entry('small', 2e9), entry('large', 7e9), entry('tiny', 1e9), entry('wide', 1e6)];

describe('wayOn', () => {
  it('is the smallest that runs well here, and a slow one only where none does', () => {
    expect(idOf([large, tiny, small, wide])).toBe('small');
    expect(idOf([tiny, wide])).toBe('tiny');
    expect(idOf([wide])).toBeUndefined();
    expect(idOf([])).toBeUndefined();
  });

  it('passes over helpers and what is built in, and what nobody has judged', () => {
    const helper = entry('helper', 1, { role: 'lora' });
    const own = entry('own', 1, { source: { kind: 'bundled', path: 'x/' } });
    expect(idOf([helper, own, large])).toBe('large');
    expect(wayOn([small], () => undefined)).toBeUndefined();
  });

  it('asks for no agreement where something free will do, and takes checkpoints before ready-made graphs', () => {
    const gated = entry('gated', 1e9, { licence: { name: 'own', url: 'https://x.org', mustAccept: true } });
    expect(idOf([gated, large])).toBe('large');
    const graphs = entry('graphs', 1e9, { source: { ...small.source, kind: 'onnx', export: {} } as never });
    expect(idOf([graphs, small])).toBe('small');
  });

  it('is the quickest where all are slow, also one whose licence must be agreed to', () => {
    const seconds: Record<string, number> = { small: 1080, gated: 83, large: 120 };
    const slowly = ({ id }: ModelEntry): Verdict => ({
      ...{ level: 'slow', reasons: [] },
      ...(seconds[id] !== undefined && { secondsPerPicture: seconds[id] }),
    });
    const gated = entry('gated', 3e9, { licence: { name: 'own', url: 'https://x.org', mustAccept: true } });
    expect(idOf([tiny, small, gated, large], slowly)).toBe('gated');
    expect(idOf([tiny, small], slowly), 'before one of which nothing is known').toBe('small');
  });
});
