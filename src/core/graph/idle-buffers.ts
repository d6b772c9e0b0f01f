/**
 * Which buffer that is free again serves the next value: the rule of the GPU's pool (platform/gpu/pool-buffers.ts), and of what is
 * computed of it beforehand (memory.ts).
 *
 * Commands run in the order in which they are written, so that a buffer may be written again as soon as the last kernel that reads it
 * is encoded. Only to give it back one must wait until that kernel is sent.
 */

/** Twice would leave fewer bytes unused and reuse less: counted on U-Nets and decoders, four times holds the least in all. */
const LARGEST_FOR = 4;

/** Bytes of a new buffer from which old ones are given back for it: with smaller ones, a U-Net would make half of its buffers anew in each step. */
const LARGE_BYTES = 64 * 2 ** 20;

interface Idle<B> {
  buffer: B;
  /** How often had commands been sent when it was put here. */
  since: number;
}

export class IdleBuffers<B extends { readonly size: number }> {
  readonly #bindable: number;
  #idle: Idle<B>[] = [];
  #sent = 0;

  /** @param bindable  bytes of the largest binding: a buffer is bound as a whole where the value in it needs one binding */
  constructor(bindable = Infinity) {
    this.#bindable = bindable;
  }

  /** The smallest that holds `bytes` and is not much too large; the one that was used last where several are. */
  take(bytes: number): B | undefined {
    const most = bytes <= this.#bindable ? Math.min(LARGEST_FOR * bytes, this.#bindable) : LARGEST_FOR * bytes;
    let best = -1;
    this.#idle.forEach(({ buffer: { size } }, i) => {
      if (size >= bytes && size <= most && (best < 0 || size <= this.#idle[best].buffer.size)) best = i;
    });
    return best < 0 ? undefined : this.#idle.splice(best, 1)[0].buffer;
  }

  put(buffer: B): void {
    this.#idle.push({ buffer, since: this.#sent });
  }

  /** All commands so far were sent. */
  sent(): void {
    this.#sent += 1;
  }

  /** What goes before a new buffer is made: as many bytes as that takes, the longest unused first, none that a command waits for. */
  evict(bytes: number): B[] {
    const gone: B[] = [];
    if (bytes < LARGE_BYTES) return gone;
    let missing = bytes;
    this.#idle = this.#idle.filter(({ buffer, since }) => {
      if (missing <= 0 || since === this.#sent) return true;
      missing -= buffer.size;
      gone.push(buffer);
      return false;
    });
    return gone;
  }

  clear(): B[] {
    const all = this.#idle.map(({ buffer }) => buffer);
    this.#idle = [];
    return all;
  }
}
