import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importCheckpoint, openWeights, packProblem, parsePack, type ImportInput } from '.';
import { openUpscaler } from '../checkpoints/open-upscaler';
import { bytesSource } from '../formats';
import { floatSafetensors } from '../formats/testing/safetensors-bytes';
import { componentIds, roleOf, type ComponentId } from '../networks/components';
import { relativeError } from '../weights/testing/numbers';
import { memoryPacks } from './testing/memory-packs';

const fixture = async (name: string) => {
  const path = new URL(`../networks/fixtures/upscaler-${name}`, import.meta.url);
  return bytesSource(name, new Uint8Array(await readFile(fileURLToPath(path))));
};

async function importing(source: ImportInput['sources'][number], more: Partial<ImportInput> = {}) {
  const packs = memoryPacks();
  const shares: number[] = [];
  const pack = await importCheckpoint({
    sources: [source],
    id: 'some',
    name: 'Some upscaler',
    plan: 'float16',
    isUpscaler: true,
    draft: packs.create('some'),
    onProgress: ({ done, total }) => shares.push(done / total),
    ...more,
  });
  return { pack, packs, shares };
}

describe('an upscaler’s file', () => {
  it.each<[string, ComponentId]>([
    ['rrdb-old/weights.safetensors', 'rrdb_upscaler'],
    ['compact/weights.pth', 'compact_upscaler'],
    ['span/weights.safetensors', 'span_upscaler'],
    ['omnisr/weights.safetensors', 'omnisr_upscaler'],
  ])('%s becomes a pack of one component', async (name, component) => {
    const source = await fixture(name);
    const { pack, packs, shares } = await importing(source);
    expect(parsePack('Some upscaler', JSON.parse(JSON.stringify(pack)))).toMatchObject({
      role: 'upscaler',
      plan: 'float16',
    });
    expect(Object.keys(pack.components)).toEqual([component]);
    expect(packProblem(pack)).toBeUndefined();
    expect(pack.source.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(shares.at(-1)).toBe(1);
    const [weights, { tensors }] = [await openWeights(packs.open('some'), component), await openUpscaler(source)];
    // what a graph reads turned or in other dimensions is kept so
    const kept = new Set(Object.keys(pack.components[component]?.weights ?? {}));
    for (const tensor of tensors.names().filter((one) => tensors.shape(one).length === 4 && kept.has(one)))
      expect(relativeError(weights.values(tensor), await tensors.read(tensor))).toBeLessThan(1e-3); // fused in float32, kept in float16
  });

  it('leaves nothing behind where it is none', async () => {
    const lora = floatSafetensors({ 'lora_unet_x.lora_down.weight': { shape: [1, 1], values: [1] } });
    const packs = memoryPacks();
    await expect(importing(bytesSource('lora.safetensors', lora), { draft: packs.create('some') })).rejects.toThrow(
      /^lora\.safetensors: this is a LoRA .*, no upscaler$/,
    );
    const source = await fixture('compact/weights.pth');
    await expect(importing(source, { draft: packs.create('some'), sources: [source, source] })).rejects.toThrow(
      /one file, not 2/,
    );
    const signal = { aborted: true };
    await expect(importing(source, { draft: packs.create('some'), signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(packs.files.size + packs.packs.size).toBe(0);
  });

  it('paints nothing: no painting role is an upscaler’s', () => {
    expect(componentIds().filter((id) => roleOf(id) === 'upscaler')).toHaveLength(4);
  });
});
