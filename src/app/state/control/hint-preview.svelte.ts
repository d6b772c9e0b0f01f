/** What a unit will see, as it is set now: made a moment after the last change. */
import { toAppError } from '../../../core/errors';
import type { Pixels } from '../../../engine/api';
import type { HintSource } from './hint-source';
import type { FormWish } from './hint-wish';

const CALM_MS = 150;

export class HintPreview {
  readonly #maker: HintSource;
  readonly #read: (hash: string) => Promise<Pixels | undefined>;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hint = $state.raw<Pixels>();
  #problem = $state<string>();
  #isBusy = $state(false);

  constructor(maker: HintSource, read: (hash: string) => Promise<Pixels | undefined>) {
    this.#maker = maker;
    this.#read = read;
  }

  get hint(): Pixels | undefined {
    return this.#hint;
  }
  get problem(): string | undefined {
    return this.#problem;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  /** It says nothing of any shape. */
  readonly isPlain = $derived.by(() => this.#hint !== undefined && isOfOneColour(this.#hint));

  /** @param hash  of the picture; undefined: there is nothing to see */
  show(hash: string | undefined, wish: FormWish): void {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    if (hash === undefined) {
      [this.#hint, this.#problem, this.#isBusy] = [undefined, undefined, false];
      return;
    }
    this.#isBusy = true;
    this.#timer = setTimeout(() => void this.#make(turn, hash, wish), CALM_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  async #make(turn: number, hash: string, wish: FormWish): Promise<void> {
    let [hint, problem]: [Pixels | undefined, string | undefined] = [undefined, undefined];
    try {
      const pixels = await this.#read(hash);
      hint = pixels && (await this.#maker.make(pixels, wish, hash, () => turn === this.#turn));
    } catch (thrown) {
      problem = toAppError(thrown).message;
    }
    if (turn !== this.#turn) return;
    [this.#hint, this.#problem, this.#isBusy] = [hint, problem, false];
  }
}

function isOfOneColour({ data }: Pixels): boolean {
  for (let i = 4; i < data.length; i++) if (i % 4 !== 3 && data[i] !== data[i % 4]) return false;
  return true;
}
