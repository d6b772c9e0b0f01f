import { describe, expect, it } from 'vitest';
import { assertPack, importCheckpoint, packProblem, type Pack, type StoredWeight } from '.';
import type { ComponentId } from '../networks/components';
import { memoryPacks } from './testing/memory-packs';
import { SMALL_FAMILIES, smallModel, type SmallFamily } from './testing/small-models';

async function packOf(family: SmallFamily): Promise<Pack> {
  const draft = memoryPacks().create('x');
  const sources = smallModel(family, 'narrow');
  return importCheckpoint({ sources, id: 'x', name: 'Some model', plan: 'q8', draft, onProgress: () => undefined });
}

/** Where a weight that only the decoder's last layer reads is found missing only after all steps. */
const LAST: Record<string, string> = {
  text_encoder: 'text_model.final_layer_norm.weight',
  unet: 'conv_out.bias',
  vae_decoder: 'decoder.conv_out.weight',
};

describe.each(SMALL_FAMILIES)('assertPack of %s', (family) => {
  it('takes what an import makes', async () => {
    expect(packProblem(await packOf(family))).toBeUndefined();
  });

  it.each(Object.entries(LAST))('names a weight of %s that is not there', async (id, key) => {
    const pack = await packOf(family);
    const component = pack.components[id as ComponentId];
    expect(component?.weights).toHaveProperty([key]);
    Reflect.deleteProperty(component?.weights ?? {}, key);
    expect(packProblem(pack)).toMatch(
      new RegExp(
        `^Some model: ${id}: weight ".*${key}.*"( and \\d+ more)? (is|are) not in this model; import it again\\.$`,
      ),
    );
  });
});

describe('assertPack', () => {
  it('counts what is missing, and says what cannot be', async () => {
    const pack = await packOf('sd21');
    const { unet, vae_decoder: decoder } = pack.components;
    if (!unet || !decoder) throw new Error('no model');
    unet.weights = {};
    expect(() => assertPack(pack)).toThrow(/^Some model: unet: weight ".*" and \d+ more are not in this model/);
    delete pack.components.unet;
    decoder.weights['decoder.conv_out.bias'] = {
      ...decoder.weights['decoder.conv_out.bias'],
      shape: [5],
    } as StoredWeight;
    expect(packProblem(pack)).toMatch(/has 12 bytes of values instead of 20; get the model again/);
    decoder.weights = {};
    decoder.config = { act_fn: 'relu' };
    expect(packProblem(pack)).toMatch(/act_fn/);
  });

  it('leaves ready-made graphs alone, which bring their own weights', async () => {
    const pack = await packOf('sd15');
    const { unet } = pack.components;
    if (unet)
      Object.assign(unet, { weights: {}, onnx: { graph: { shard: 0, offset: 0, byteLength: 1 }, tensors: [] } });
    expect(packProblem(pack)).toBeUndefined();
  });
});
