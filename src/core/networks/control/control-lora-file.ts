/**
 * Control-LoRAs as files have them: a ControlNet of which many weights are kept as what they differ by from those of the U-Net that it is for,
 * X.weight = U-Net's + X.up · X.down, and some not at all, which are the U-Net's.
 * @see stabilityai/control-lora; reference: ComfyUI comfy/controlnet.py ControlLora
 */
import { AppError } from '../../errors';
import type { RecognisedFile } from '../recognised-file';
import type { TensorPlace } from '../tensor-place';
import type { Shapes } from '../unet-signs';

/** A tensor of the file, and a field of the config that packs keep. */
const CONTROL_LORA = 'lora_controlnet';

export const isOnBase = (config: unknown): boolean =>
  typeof config === 'object' && config !== null && (config as Record<string, unknown>)[CONTROL_LORA] === true;

/** Names of the two, by the weight that they change. */
export const factorsOf = (weight: string): { up: string; down: string } => ({
  up: `${weight}.up`,
  down: `${weight}.down`,
});

export const isControlLora = (tensors: Shapes): boolean => tensors.has(CONTROL_LORA);

/** The weights that it changes stand in place of their factors, in the shape of the product. @throws AppError 'bad-file' where one of two is missing */
export function withProducts(tensors: Shapes): { whole: Shapes; changed: ReadonlySet<string> } {
  const whole = new Map<string, { readonly shape: readonly number[] }>();
  const changed = new Set<string>();
  for (const [key, entry] of tensors) {
    const [, layer, part] = /^(.+)\.(up|down)$/.exec(key) ?? [];
    if (layer === undefined) {
      if (key !== CONTROL_LORA) whole.set(key, entry);
      continue;
    }
    const [up, down] = [tensors.get(`${layer}.up`), tensors.get(`${layer}.down`)];
    if (!up || !down)
      throw new AppError('bad-file', `of "${layer}" it has one of two factors ("${key}"): the file is not whole`);
    if (part === 'down') continue;
    whole.set(`${layer}.weight`, { shape: productShape(layer, up.shape, down.shape) });
    changed.add(`${layer}.weight`);
  }
  return { whole, changed };
}

/** Convolutions of 3 x 3, in both layouts' words: where factors are flat, their names tell. */
const KERNELS =
  /(^input_blocks\.0\.0|\.(in_layers\.2|out_layers\.3|op)|^conv_in|\.(conv1|conv2)|\.downsamplers\.0\.conv)$/;
const SIDE = 3;

function productShape(layer: string, [out]: readonly number[], [, ...inner]: readonly number[]): number[] {
  if (inner.length > 1 || !KERNELS.test(layer)) return [out, ...inner];
  return [out, (inner[0] ?? 0) / SIDE ** 2, SIDE, SIDE];
}

/** What is told of it as of a whole ControlNet, with the factors in place of the weights that they change. */
export function onBase(
  found: RecognisedFile,
  changed: ReadonlySet<string>,
  keyOf: (key: string) => string,
): RecognisedFile {
  const names = new Map<string, TensorPlace>();
  for (const [ours, { key }] of found.names) {
    if (!changed.has(key)) names.set(ours, { key: keyOf(key) });
    else {
      const layer = key.replace(/\.weight$/, '');
      const { up, down } = factorsOf(ours);
      names.set(up, { key: keyOf(`${layer}.up`) }).set(down, { key: keyOf(`${layer}.down`) });
    }
  }
  return { ...found, names, config: { ...found.config, [CONTROL_LORA]: true }, name: 'a Control-LoRA' };
}
