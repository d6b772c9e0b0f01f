/** Adapters for the tiny SD 1.5 of tiny-model.ts, of random numbers. */
import { floatSafetensors } from '../../src/core/formats/testing/safetensors-bytes';
import { gaussian } from '../../src/core/weights/testing/numbers';

const BLOCK = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0';
const [WIDTH, RANK] = [32, 2];
/** Width of the tiny model's text encoder. */
export const TEXT_WIDTH = 64;

type Tensors = Record<string, { shape: number[]; values: number[] }>;

const file = (tensors: Tensors): Buffer => Buffer.from(floatSafetensors(tensors));

/** Beside the weights: three layers of rank 2. */
export function tinyLora(seed: number): Buffer {
  const parts = ['attn1_to_q', 'attn1_to_v', 'attn1_to_out_0'].flatMap((layer, i) => {
    const factor = (shape: number[], place: number) => ({
      shape,
      values: [...gaussian(WIDTH * RANK, seed + 10 * i + place)],
    });
    return [
      [`${BLOCK}_${layer}.lora_down.weight`, factor([RANK, WIDTH], 1)],
      [`${BLOCK}_${layer}.lora_up.weight`, factor([WIDTH, RANK], 2)],
    ] satisfies [string, Tensors[string]][];
  });
  return file(Object.fromEntries(parts));
}

/** Beside kernels of 1 x 1 and of 3 x 3, of rank 2. */
export function tinyLocon(seed: number): Buffer {
  const kernels: [layer: string, size: number][] = [
    ['down_blocks_0_attentions_0_proj_in', 1],
    ['down_blocks_0_resnets_0_conv1', 3],
  ];
  const parts = kernels.flatMap(([layer, size], i) => {
    const values = (count: number, place: number) =>
      [...gaussian(count, seed + 10 * i + place)].map((value) => value / size);
    const [down, up] = [values(RANK * WIDTH * size * size, 1), values(WIDTH * RANK, 2)];
    return [
      [`lora_unet_${layer}.lora_down.weight`, { shape: [RANK, WIDTH, size, size], values: down }],
      [`lora_unet_${layer}.lora_up.weight`, { shape: [WIDTH, RANK, 1, 1], values: up }],
    ] satisfies [string, Tensors[string]][];
  });
  return file(Object.fromEntries(parts));
}

/** Merged into the weights: a whole difference to the same layers. */
export function tinyDifference(seed: number): Buffer {
  const tensors: Tensors = {};
  for (const [i, layer] of ['attn1_to_q', 'attn1_to_v', 'attn1_to_out_0'].entries()) {
    const values = [...gaussian(WIDTH * WIDTH, seed + i)].map((value) => value / 4);
    tensors[`${BLOCK}_${layer}.diff`] = { shape: [WIDTH, WIDTH], values };
  }
  return file(tensors);
}

export function tinyEmbedding(seed: number, vectors = 3): Buffer {
  const values = [...gaussian(vectors * TEXT_WIDTH, seed)];
  return file({ emb_params: { shape: [vectors, TEXT_WIDTH], values } });
}
