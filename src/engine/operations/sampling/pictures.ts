/** Pictures that a denoiser reads beside its prompt: what each model call is given of them. */
import { imageKeysName, imageScaleName, imageValuesName } from '../../../core/networks';
import type { ReadPicture } from '../../models/picture-reader';
import type { RawTensor } from '../../ports';

/** A row of a model call. */
export interface ControlledRow {
  /** The row of the prompt, not of the negative prompt. */
  isPositive: boolean;
}

interface PromptPicture {
  read: ReadPicture;
  weight: number;
  /** Where it counts, in 0…1: of each cell of each level, from the largest on. */
  levels?: readonly Float32Array[];
}

export class Pictures {
  readonly #all: readonly PromptPicture[];
  readonly #width: number;
  readonly #levels: number;
  /** Tensors by which rows are guided towards: the same in most calls. */
  readonly #rows = new Map<string, RawTensor>();

  /** @param sizes  channels of all of the denoiser's cross-attentions; levels where it takes what counts in a part alone, else 0 */
  constructor(all: readonly PromptPicture[], { width, levels }: { width: number; levels: number }) {
    this.#all = all;
    this.#width = width;
    this.#levels = levels;
  }

  /**
   * @param count  how many the denoiser has inputs for: what there is no picture for counts for nothing
   * @param isOn  of each picture, whether it acts in this call
   */
  inputs(count: number, rows: readonly ControlledRow[], isOn: (place: number) => boolean): Record<string, RawTensor> {
    const entries = Array.from({ length: count }, (_, place): [string, RawTensor][] => {
      const one = this.#all.at(place);
      const weight = one && isOn(place) ? one.weight : 0;
      return [
        [imageKeysName(place), this.#tensor(place, 'keys', rows)],
        [imageValuesName(place), this.#tensor(place, 'values', rows)],
        ...this.#scales(place, weight, rows.length),
      ];
    });
    return Object.fromEntries(entries.flat());
  }

  #scales(place: number, weight: number, rows: number): [string, RawTensor][] {
    const everywhere = { data: new Float32Array(rows).fill(weight), dims: [rows, 1, 1] };
    if (this.#levels === 0) return [[imageScaleName(place), everywhere]];
    const parts = this.#all.at(place)?.levels;
    return Array.from({ length: this.#levels }, (_, level): [string, RawTensor] => {
      const part = parts?.at(level);
      if (!part) return [imageScaleName(place, level), everywhere];
      const data = Float32Array.from({ length: rows * part.length }, (__, i) => weight * part[i % part.length]);
      return [imageScaleName(place, level), { data, dims: [rows, part.length, 1] }];
    });
  }

  /** Keys or values for each row: those of the picture, or of none. */
  #tensor(place: number, part: 'keys' | 'values', rows: readonly ControlledRow[]): RawTensor {
    const read = this.#all.at(place)?.read;
    const key = `${place} ${part} ${rows.map(({ isPositive }) => Number(isPositive)).join('')}`;
    const known = this.#rows.get(key);
    if (known) return known;
    const tokens = read?.tokens ?? 1;
    const size = tokens * this.#width;
    const data = new Float32Array(rows.length * size);
    if (read)
      rows.forEach(({ isPositive }, row) => data.set(read[isPositive ? 'positive' : 'negative'][part], row * size));
    const tensor = { data, dims: [rows.length, tokens, this.#width] };
    this.#rows.set(key, tensor);
    return tensor;
  }
}
