/** Whole files, as diffusers' and LyCORIS' own savers write them of tiny models: names, metadata, and what they add to each layer. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../formats';
import { modelShapes, openAdapter } from '.';
import { fixture, gzippedJson } from './testing/kinds';

type Facts = [norm: number, first: number, last: number];
const EXPECTED = gzippedJson<Record<string, Record<string, Facts>>>('writers/expected.json.gz');

const config = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../networks/fixtures/${name}/config.json`, import.meta.url), 'utf8'));

const TINY = modelShapes([
  ['text_encoder', { file: 'text_encoder/config.json', config: config('clip-l') }],
  ['unet', { file: 'unet/config.json', config: config('unet-sd15') }],
]);

describe.each(Object.entries(EXPECTED))('%s', (name, layers) => {
  const open = (more = {}) =>
    openAdapter(bytesSource(name, gunzipSync(fixture(`writers/${name}.gz`))), { model: TINY, ...more });

  it('changes just the layers that it was made of', async () => {
    const adapter = await open();
    expect(adapter.unused).toEqual([]);
    expect([...adapter.layers.keys()].sort()).toEqual(Object.keys(layers).sort());
  });

  it('changes each as its program does, with ranks and alphas of its own', async () => {
    const adapter = await open();
    for (const [layer, [norm, first, last]] of Object.entries(layers)) {
      const delta = await adapter.delta(layer);
      const size = Math.sqrt(delta.reduce((sum, value) => sum + value * value, 0));
      expect([layer, Math.abs(size / norm - 1) < 1e-5]).toEqual([layer, true]);
      for (const [ours, theirs] of [
        [delta[0], first],
        [delta[delta.length - 1], last],
      ])
        expect(Math.abs(ours - theirs) / norm).toBeLessThan(1e-5);
    }
  });
});
