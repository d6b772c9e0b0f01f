/** Pictures that a denoiser reads beside its prompt: what each model call is given of them. */
import { imageKeysName, imageScaleName, imageValuesName } from '../../../core/networks';
import type { ReadPicture } from '../../models/picture-reader';
import type { RawTensor } from '../../ports';

/** A row of a model call. */
export interface ControlledRow {
  /** It is guided towards, not away from. */
  isPositive: boolean;
}

interface PromptPicture {
  read: ReadPicture;
  weight: number;
}

export class Pictures {
  readonly #all: readonly PromptPicture[];
  readonly #width: number;
  /** By which rows are guided towards: the same in most calls. */
  readonly #rows = new Map<string, RawTensor>();

  /** @param width  channels of all of the denoiser's cross-attentions */
  constructor(all: readonly PromptPicture[], width: number) {
    this.#all = all;
    this.#width = width;
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
        [imageScaleName(place), { data: new Float32Array(rows.length).fill(weight), dims: [rows.length, 1, 1] }],
      ];
    });
    return Object.fromEntries(entries.flat());
  }

  /** Of each row that of the picture, or of none. */
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
