/** `delta`: what an adapter adds to one layer's weight. */
import type { Adapter, AdapterLayer } from '../../src/core/adapters';
import { FAMILY, MODEL, openAsked, orError, withAdapter, type OpenModel } from './adapter-file';
import { needed, UsageError } from './arguments';
import type { Question } from './question';

const SHOWN = 64;

export const DELTA: Question = {
  summary: 'what a LoRA adds to a layer’s weight: {"shape":[320,768],"values":[the first 64],"norm":...}',
  examples: [
    'delta src/core/adapters/fixtures/sd15-rank-2.safetensors --module "unet/down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k"',
  ],
  options: {
    module: { value: 'component/path', help: 'the layer, in diffusers’ words' },
    strength: { value: 'number', help: 'default: 1' },
    family: FAMILY,
    model: MODEL,
  },
  ask: (args) =>
    withAdapter(args, (asked) =>
      orError(async () => {
        const adapter = await openAsked(asked);
        const layer = layerOf(adapter, needed('module', args.word('module')));
        const strength = args.number('strength') ?? 1;
        const weight = await weightOf(layer, asked.model);
        const options = { strength, ...(weight && { weight }) };
        const delta = await adapter.delta(layer.id, options);
        const bias = await adapter.biasDelta(layer.id, options);
        const factors = await adapter.factors(layer.id, options);
        return {
          shape: layer.shape,
          values: [...delta.subarray(0, SHOWN)],
          norm: norm(delta),
          ...(layer.kind && { kind: layer.kind }),
          ...(layer.isDecomposed && { isDecomposed: true }),
          ...(factors && { rank: factors.rank, scale: factors.scale }),
          ...(bias && { bias: [...bias.subarray(0, SHOWN)] }),
        };
      }),
    ),
};

function layerOf(adapter: Adapter, id: string): AdapterLayer {
  const layer = adapter.layers.get(id.replace(/\.weight$/, ''));
  if (layer) return layer;
  const [first] = adapter.layers.keys();
  throw new UsageError(`It changes no layer "${id}"; it changes ${adapter.layers.size}, such as "${first}".`);
}

async function weightOf(layer: AdapterLayer, model: OpenModel | undefined): Promise<Float32Array | undefined> {
  if (!layer.usesWeight) return undefined;
  if (!model) throw new UsageError('What it adds depends on the weight: give the model with --model.');
  const tensors = model.tensors.get(layer.component);
  return tensors?.read(`${layer.path}.weight`);
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
