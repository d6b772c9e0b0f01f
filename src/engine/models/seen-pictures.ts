/** Keys and values that an adapter makes of what a tower saw, as a U-Net reads them. */
import type { NetworkInputs } from '../../core/networks/network';
import type { NamedTensor } from '../ports';

/** Keys and values of all cross-attentions side by side, each [tokens, channels of all]. */
export interface KeysAndValues {
  keys: Float32Array;
  values: Float32Array;
}

/** @param outputs  keys_0, values_0 and so on, [1, tokens, channels] each */
export function sideBySide(outputs: Record<string, Float32Array>, layers: readonly number[]): KeysAndValues {
  const width = layers.reduce((sum, channels) => sum + channels, 0);
  const tokens = outputs['keys_0'].length / layers[0];
  const joined = (name: string): Float32Array => {
    const all = new Float32Array(tokens * width);
    let from = 0;
    layers.forEach((channels, i) => {
      const one = outputs[`${name}_${i}`];
      for (let token = 0; token < tokens; token++)
        all.set(one.subarray(token * channels, (token + 1) * channels), token * width + from);
      from += channels;
    });
    return all;
  };
  return { keys: joined('keys'), values: joined('values') };
}

/** All tokens of several pictures: attention goes over all of them. */
export function oneAfterAnother(all: readonly KeysAndValues[]): KeysAndValues {
  const [first] = all;
  if (all.length === 1) return first;
  const joined = (part: keyof KeysAndValues): Float32Array => {
    const to = new Float32Array(all.reduce((sum, one) => sum + one[part].length, 0));
    all.reduce((from, one) => (to.set(one[part], from), from + one[part].length), 0);
    return to;
  };
  return { keys: joined('keys'), values: joined('values') };
}

/** Inputs for a network's run. */
export const seenInputs = (seen: NamedTensor, readsParts: boolean): NetworkInputs =>
  readsParts ? { hidden_states: seen } : { image_embeds: seen };
