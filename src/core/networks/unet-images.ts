/**
 * Pictures that a U-Net reads beside its text (IP-Adapter): at every cross-attention a second one, with keys and values of its own, whose result is
 * added times a scale. Keys and values of all layers stand side by side, in the order in which diffusers lists them: down, up, middle.
 * @see Ye et al. 2023, arXiv:2308.06721; diffusers attention_processor.py IPAdapterAttnProcessor2_0
 */
import {
  addTo,
  attention,
  ceilDivide,
  multiply,
  times,
  type AttentionOptions,
  type GraphBuilder,
  type Value,
} from '../graph';
import type { UnetConfig } from './unet-config';
import type { ControlForm } from './control-form';

export interface CrossLayer {
  /** Name of its transformer block. */
  name: string;
  channels: number;
}

export const imageKeysName = (place: number): string => `image_keys_${place}`;
export const imageValuesName = (place: number): string => `image_values_${place}`;
/** @param level  where it is another at each size: how often the latent is halved */
export const imageScaleName = (place: number, level?: number): string =>
  `image_scale_${place}${level === undefined ? '' : `_${level}`}`;

/** Where text is read, in the order of IP-Adapters' files. */
export function crossLayers({
  levels,
  midDepth,
  layersPerBlock,
}: Pick<UnetConfig, 'levels' | 'midDepth' | 'layersPerBlock'>): CrossLayer[] {
  const blocks = (name: string, channels: number, depth: number): CrossLayer[] =>
    Array.from({ length: depth }, (_, i) => ({ name: `${name}.transformer_blocks.${i}`, channels }));
  const side = (way: string, all: typeof levels, count: number): CrossLayer[] =>
    all.flatMap(({ channels, depth }, i) =>
      Array.from({ length: count }, (_, j) => blocks(`${way}.${i}.attentions.${j}`, channels, depth)).flat(),
    );
  return [
    ...side('down_blocks', levels, layersPerBlock),
    ...side('up_blocks', levels.toReversed(), layersPerBlock + 1),
    ...blocks('mid_block.attentions.0', levels[levels.length - 1].channels, midDepth),
  ];
}

interface Prompt {
  keys: Value;
  values: Value;
  /** One, or for each level: by how many tokens it has. */
  scales: ReadonlyMap<string, Value> | Value;
}

export class ImagePrompts {
  readonly #g: GraphBuilder;
  readonly #prompts: readonly Prompt[];
  readonly #places = new Map<string, { from: number; channels: number }>();

  /**
   * Declares the inputs of each: image_keys_0 and image_values_0 [batch, image_tokens_0, channels of all layers], image_scale_0 [batch, 1, 1];
   * where some count in a part alone instead image_scale_0_0 and so on, [batch, cells of the level, 1] or [batch, 1, 1].
   * @param form  how many; none changes nothing
   */
  constructor(g: GraphBuilder, config: UnetConfig, { images: count = 0, hasRegions = false }: ControlForm) {
    this.#g = g;
    let width = 0;
    for (const { name, channels } of crossLayers(config)) {
      this.#places.set(name, { from: width, channels });
      width += channels;
    }
    this.#prompts = Array.from({ length: count }, (_, i): Prompt => {
      const dims = ['batch', `image_tokens_${i}`, width];
      return {
        keys: g.input(imageKeysName(i), 'float32', dims),
        values: g.input(imageValuesName(i), 'float32', dims),
        scales: hasRegions
          ? levelScales(g, i, config.levels.length)
          : g.input(imageScaleName(i), 'float32', ['batch', 1, 1]),
      };
    });
  }

  /**
   * @param mixed  what attention to the text made
   * @param block  the transformer block that it is in
   * @returns the sum with what attention to each picture makes
   */
  added(mixed: Value, query: Value, block: string, options: AttentionOptions): Value {
    return this.#prompts.reduce((sum, { keys, values, scales }) => {
      const seen = attention(this.#g, query, this.#own(keys, block), this.#own(values, block), options);
      return addTo(this.#g, sum, multiply(this.#g, seen, scaleFor(scales, query)));
    }, mixed);
  }

  #own(all: Value, block: string): Value {
    const place = this.#places.get(block);
    if (!place) throw new RangeError(`${block} is no block of this U-Net`);
    const [batch, tokens] = all.dims;
    const [from, to] = [place.from, place.from + place.channels].map((at) => this.#g.integers(at));
    return this.#g.node('Slice', {
      inputs: [all, from, to, this.#g.integers(2), this.#g.integers(1)],
      outputs: [[batch, tokens, place.channels]],
    })[0];
  }
}

function levelScales(g: GraphBuilder, place: number, levels: number): Map<string, Value> {
  return new Map(
    Array.from({ length: levels }, (_, level): [string, Value] => {
      const name = imageScaleName(place, level);
      const tokens = times(ceilDivide('height', 2 ** level), ceilDivide('width', 2 ** level));
      return [String(tokens), g.input(name, 'float32', ['batch', `${name}_cells`, 1])];
    }),
  );
}

function scaleFor(scales: Prompt['scales'], { dims: [, tokens] }: Value): Value {
  if (!(scales instanceof Map)) return scales as Value;
  const found = (scales as ReadonlyMap<string, Value>).get(String(tokens));
  if (!found) throw new RangeError(`no level of this U-Net has ${tokens} cells`);
  return found;
}
