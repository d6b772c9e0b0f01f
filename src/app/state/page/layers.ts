/** Back closes what lies on top of the page: each sheet, the gallery and the large picture is an entry of the history. */

/** What is used of `window` and its history. */
export interface HistoryHost {
  history: Pick<History, 'state' | 'pushState' | 'go'>;
  addEventListener(type: 'popstate', listener: () => void): void;
}

interface Layer {
  close: () => void;
  isEntered: boolean;
}

export class Layers {
  readonly #host: HistoryHost;
  /** Open ones, the lowest first: how each is closed, and whether the history knows of it. */
  #open: Layer[] = [];
  #isPlanned = false;
  /** True between our own going back and the browser's word that it has. */
  #isReturning = false;

  constructor(host: HistoryHost) {
    this.#host = host;
    host.addEventListener('popstate', () => this.#follow());
    this.#plan(); // entries of layers that a reload has closed
  }

  /**
   * One more on top.
   * @param close is called when the person goes back
   * @returns to be called once it is closed, however that came about
   */
  add(close: () => void): () => void {
    const layer: Layer = { close, isEntered: false };
    this.#open.push(layer);
    this.#plan();
    return () => {
      this.#open = this.#open.filter((other) => other !== layer);
      this.#plan();
    };
  }

  /** Layers that the present entry of the history stands for. */
  get #depth(): number {
    const state = this.#host.history.state as { layers?: unknown } | null;
    return typeof state?.layers === 'number' ? state.layers : 0;
  }

  /** The person went back: what is too many is closed, the topmost first. */
  #follow(): void {
    if (this.#isReturning) {
      this.#isReturning = false;
      this.#plan();
      return;
    }
    const gone = this.#open.filter(({ isEntered }) => isEntered).slice(this.#depth);
    this.#open = this.#open.filter((layer) => !gone.includes(layer));
    for (const { close } of gone.toReversed()) close();
    // What was opened while the browser was still going back is not what the person went back from.
    if (this.#open.length > this.#depth) this.#plan();
  }

  /** Settles the history at the end of the turn: where one sheet gives way to another, it stays as it is. */
  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setTimeout(() => {
      this.#isPlanned = false;
      if (this.#isReturning) return;
      const missing = this.#open.length - this.#depth;
      for (let depth = this.#depth + 1; depth <= this.#open.length; depth++)
        this.#host.history.pushState({ layers: depth }, '');
      for (const layer of this.#open) layer.isEntered = true;
      if (missing >= 0) return;
      this.#isReturning = true;
      this.#host.history.go(missing);
    });
  }
}

let shared: Layers | undefined;

/** Opens a layer of the page that Back closes. For an effect: `$effect(() => (open ? openLayer(close) : undefined))`. */
export function openLayer(close: () => void): () => void {
  shared ??= new Layers(window);
  return shared.add(close);
}
