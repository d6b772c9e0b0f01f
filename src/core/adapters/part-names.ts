/** What the part of a key after the layer's name is called: several programs, one word each. */
import { MAGNITUDE, ROW_MAGNITUDE } from './dora';
import { DOWN, UP } from './lora';
import { ADAPTERS } from './table';

export const [ALPHA, SCALE] = ['alpha', 'scale'];

/** Parts that change a bias: the difference itself, that of a norm, and PEFT's, which is scaled as its product is. */
export const BIASES = ['diff_b', 'b_norm', 'lora_up.bias'] as const;

/** kohya's words are the names here. PEFT may put its adapter's name before ".weight". */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^(lora_A(\.[^.]+)?(\.weight)?|lora(_linear_layer)?\.down(\.weight)?|lora_down)$/, DOWN],
  [/^(lora_B(\.[^.]+)?\.bias)$/, 'lora_up.bias'],
  [/^(lora_B(\.[^.]+)?(\.weight)?|lora(_linear_layer)?\.up(\.weight)?|lora_up)$/, UP],
  [/^lora_magnitude_vector(\.[^.]+)?(\.weight)?$/, ROW_MAGNITUDE],
  [/^(dora_scale|magnitude)$/, MAGNITUDE],
  [/^((?:hada|lokr)_[wt][12](?:_[ab])?)\.(?:default|weight)$/, '$1'],
  [/^lora(_linear_layer)?\.alpha$/, ALPHA],
];

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(ADAPTERS).flatMap(({ reads }) => reads as readonly string[]),
  ...BIASES,
  ALPHA,
  SCALE,
  MAGNITUDE,
  ROW_MAGNITUDE,
]);

/** @returns undefined where it is none that an adapter has */
export function partName(part: string): string | undefined {
  if (KNOWN.has(part)) return part;
  const other = OTHERS.find(([pattern]) => pattern.test(part));
  return other && part.replace(...other);
}

/** The words of attention's four layers in old diffusers files, and in text encoders. */
const OLD_ATTENTION = /(^|\.)to_(q|k|v|out)_lora\.(up|down)\.weight$/;

/** An output layer without the number that it has in its list: early converters left it out. @see haofanwang/Lora-for-Diffusers#4 */
const SHORT_OUT = /([._])to_out\.(?=[a-z])/;

/**
 * A key of diffusers' attention processors as one of their layers: "attn1.processor.to_q_lora.down.weight" is
 * "attn1.to_q.lora.down.weight". Files of early 2023 repeat all four under each layer of a text encoder, of which one is its own.
 * @returns all that it may be
 */
export function currentKeys(key: string): string[] {
  // As torch calls compiled and parallel networks.
  const plain = key
    .replace(/^(?:module\.|state_dict\.){1,4}/, '')
    .replace('_orig_mod.', '')
    .replace('.processor.', '.');
  const [whole, dot, letter, side] = OLD_ATTENTION.exec(plain) ?? [];
  if (whole === undefined) return [plain, ...(SHORT_OUT.test(plain) ? [plain.replace(SHORT_OUT, '$1to_out$10.')] : [])];
  const start = plain.slice(0, plain.length - whole.length);
  const tail = `lora.${side}.weight`;
  const text = letter === 'out' ? 'out_proj' : `${letter}_proj`;
  const layer = letter === 'out' ? 'to_out.0' : `to_${letter}`;
  return [
    `${start}${dot}${layer}.${tail}`,
    start.endsWith(`.${text}`) ? `${start}.${tail}` : `${start}${dot}${text}.${tail}`,
  ];
}
