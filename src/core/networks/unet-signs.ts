/** What the tensors of a U-Net tell of the model it is of. */

export type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

export interface DenoiserSigns {
  inChannels?: number;
  /** Width of the text vectors that cross-attention reads. */
  contextWidth?: number;
  /** Numbers of pooled text and sizes together, where it reads them. */
  addedWidth?: number;
  hasLinearProjection?: boolean;
  /** Whether its deepest level has attention. */
  endsInAttention?: boolean;
  /** Attention in two levels, whose last has fewer than ten blocks: what was distilled from a larger one. */
  isShallow?: boolean;
}

export function unetSigns(tensors: Shapes): DenoiserSigns {
  const last = (name: string): number | undefined => tensors.get(name)?.shape[1];
  return {
    inChannels: last('conv_in.weight'),
    contextWidth: firstShape(tensors, /\.attn2\.to_k\.weight$/)?.[1],
    addedWidth: last('add_embedding.linear_1.weight'),
    hasLinearProjection: firstShape(tensors, /\.proj_in\.weight$/)?.length === 2,
    endsInAttention: attendsBelow(tensors),
    isShallow: tensors.has(SECOND_LEVEL) && !tensors.has(TENTH_BLOCK),
  };
}

const SECOND_LEVEL = 'down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight';
const TENTH_BLOCK = 'down_blocks.2.attentions.0.transformer_blocks.9.attn2.to_k.weight';

function attendsBelow(tensors: Shapes): boolean {
  let [deepest, attending] = [-1, -1];
  for (const name of tensors.keys()) {
    const [, level, part] = /^down_blocks\.(\d+)\.(\w+)/.exec(name) ?? [];
    if (level === undefined) continue;
    deepest = Math.max(deepest, Number(level));
    if (part === 'attentions') attending = Math.max(attending, Number(level));
  }
  return deepest >= 0 && attending === deepest;
}

export function firstShape(tensors: Shapes, name: RegExp): readonly number[] | undefined {
  for (const [key, { shape }] of tensors) if (name.test(key)) return shape;
  return undefined;
}
