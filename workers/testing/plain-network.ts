/** Networks over plain float32 tensors, and what an exact merge of an adapter makes of these: what packed weights are held against. */
import { expect } from 'vitest';
import type { Adapter, TensorShapes } from '../../src/core/adapters';
import { tensor } from '../../src/core/graph';
import { openWeights, type OpenPack } from '../../src/core/packs';
import { evaluateNow, lazyGraph, toGraphBytes, valuesOf } from '../../src/core/weights';
import { createGraphSource } from '../../src/engine/models/graph-source';
import type { ModelSource } from '../../src/engine/models/model-source';
import type { Runtime } from '../../src/engine/ports';

export type PlainTensors = ReadonlyMap<string, Float32Array<ArrayBuffer>>;

/** A U-Net's tensors out of a pack, widened. */
export async function widenedTensors(open: OpenPack, shapes: TensorShapes): Promise<PlainTensors> {
  const weights = await openWeights(open, 'unet');
  return new Map(
    [...shapes].map(([name, shape]) => [name, valuesOf(tensor(name, ...shape), (weight) => weights.read(weight))]),
  );
}

/** The network of a source over tensors of our own. */
export function plainSource(
  { networks, traits }: ModelSource,
  runtime: Pick<Runtime, 'target' | 'createSession'>,
  tensors: PlainTensors,
): ModelSource {
  const valueOf = (name: string) => tensors.get(name) ?? expect.fail(`${name} is missing`);
  const bank = {
    plan: 'float32',
    has: () => true,
    loadedBytes: () => 0,
    open: () =>
      Promise.resolve({
        fill: (graph: Parameters<typeof lazyGraph>[0]) => {
          const lazy = lazyGraph(graph, (weight) => {
            const { buffer, byteOffset, byteLength } = evaluateNow(weight.expr, valueOf);
            const data = new Uint8Array(buffer, byteOffset, byteLength);
            return toGraphBytes({ data }, { form: 'float32', weight, where: 'made' });
          });
          return Promise.resolve({ graph: lazy, bytes: lazy.weightBytes });
        },
      }),
  };
  return createGraphSource({ networks: networks ?? {}, texts: [], traits, bank, runtime });
}

/** Tensors with the adapter's differences added to each. */
export async function addedTo(tensors: PlainTensors, adapter: Adapter, strength: number): Promise<PlainTensors> {
  const sums = new Map(tensors);
  const add = (name: string, difference: Float32Array): void => {
    const own = sums.get(name) ?? expect.fail(`${name} is missing`);
    sums.set(
      name,
      own.map((value, i) => value + difference[i]),
    );
  };
  for (const [id, { path, kind, changesBias }] of adapter.layers) {
    const weight = tensors.get(`${path}.weight`);
    if (kind && weight) add(`${path}.weight`, await adapter.delta(id, { strength, weight }));
    const bias = changesBias ? await adapter.biasDelta(id, { strength }) : undefined;
    if (bias) add(`${path}.bias`, bias);
  }
  return sums;
}
