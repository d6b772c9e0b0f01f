/** What was just done and can be taken back: one thing at a time, in passing. */

/** Words in passing, with what takes back what they tell. */
export interface Offer {
  words: string;
  undo: () => void;
  /** It can no longer be taken back. */
  onGone?: () => void;
}

export class Offers {
  #current = $state.raw<Offer>();

  get current(): Offer | undefined {
    return this.#current;
  }

  /** Takes the place of the last one. */
  make(offer: Offer): void {
    this.end();
    this.#current = offer;
  }

  takeBack(): void {
    const offer = this.#current;
    this.#current = undefined;
    offer?.undo();
  }

  /** Ends the offer for good. */
  end(): void {
    const offer = this.#current;
    this.#current = undefined;
    offer?.onGone?.();
  }
}
