/**
 * How much of each of several models is in one, tensor by tensor: shares by the beginning of the layer's name in the original (LDM) layout, with
 * commas between them. The first is also what layers get that none of them names. `input=0.5,middle=1,out=0`; `0.3` alone is for all.
 * @see ComfyUI comfy_extras/nodes_model_merging.py, nodes_model_merging_model_specific.py
 */
import { toLdmUnetLayer } from '../networks/names/to-ldm-unet';

export type TensorShares = readonly (readonly [prefix: string, share: number])[];

/** Undefined for what is not written so. */
export function parseTensorShares(text: string): TensorShares | undefined {
  const shares = text.split(',').map((part): [string, number] => {
    const [, prefix = '', number = ''] = /^(?:([\w.]+)=)?(-?[\d.]+(?:e-?\d+)?)$/.exec(part) ?? [];
    return [prefix, number === '' ? NaN : Number(number)];
  });
  return shares.every(([, share]) => Number.isFinite(share)) ? shares : undefined;
}

/** The one share of all; undefined where they differ. */
export function singleShare(shares: TensorShares): number | undefined {
  const [[, first]] = shares;
  return shares.every(([, share]) => share === first) ? first : undefined;
}

/** @param tensor  by its name in diffusers' layout */
export function shareOf(shares: TensorShares, tensor: string): number {
  const [[, usual]] = shares;
  const layer = tensor.replace(/\.(?:weight|bias)$/, '');
  const name = toLdmUnetLayer(layer, () => true) ?? layer;
  let found: readonly [string, number] = ['', usual];
  for (const one of shares) if (one[0].length > found[0].length && `${name}.`.startsWith(one[0])) found = one;
  return found[1];
}
