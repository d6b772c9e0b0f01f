/** While pictures are made the screen stays awake; what was finished unseen stands in the tab's title and on its and the app's icon. */

/** What is used of the browser; Safari and Firefox lack parts of it. */
export interface AttentionHost {
  document: Pick<Document, 'hidden' | 'addEventListener'>;
  navigator: {
    wakeLock?: { request(type: 'screen'): Promise<{ release(): Promise<void> }> };
    setAppBadge?: (count: number) => Promise<void>;
    clearAppBadge?: () => Promise<void>;
  };
}

export class Attention {
  readonly #host: AttentionHost;
  readonly #mark: (isMarked: boolean) => void;
  /** A sound is wanted when all is done. */
  isAudible = $state(false);
  #unseen = $state(0);
  #isWorking = false;
  #lock: { release(): Promise<void> } | undefined;

  /** @param mark  puts the mark on the tab's icon, or takes it away */
  constructor(host: AttentionHost, mark = markLate) {
    this.#host = host;
    this.#mark = mark;
    host.document.addEventListener('visibilitychange', () => this.#look());
  }

  /** Pictures that were finished while nobody looked. */
  get unseen(): number {
    return this.#unseen;
  }

  /** Pictures are made from now on, or no more. */
  work(isWorking: boolean): void {
    this.#isWorking = isWorking;
    void this.#keepAwake();
  }

  /** So many pictures are finished. */
  finish(count: number): void {
    if (this.isAudible) import('./done-sound').then(({ playDone }) => playDone()).catch(quietly);
    if (!this.#host.document.hidden) return;
    this.#unseen += count;
    this.#mark(true);
    void this.#host.navigator.setAppBadge?.(this.#unseen).catch(quietly);
  }

  #look(): void {
    if (this.#host.document.hidden) return;
    if (this.#unseen > 0) this.#mark(false);
    this.#unseen = 0;
    void this.#host.navigator.clearAppBadge?.().catch(quietly);
    void this.#keepAwake(); // browsers take the lock away from what is not seen
  }

  async #keepAwake(): Promise<void> {
    const old = this.#lock;
    this.#lock = undefined;
    await old?.release().catch(quietly);
    if (!this.#isWorking || this.#host.document.hidden) return;
    const lock = await this.#host.navigator.wakeLock?.request('screen').catch(quietly);
    if (!lock) return;
    if (this.#isWorking && !this.#lock) this.#lock = lock;
    else await lock.release().catch(quietly);
  }
}

function markLate(isMarked: boolean): void {
  import('./mark-icon').then(({ markIcon }) => markIcon(isMarked)).catch(quietly);
}

/** Comforts, not promises: a battery that is low refuses the lock. */
function quietly(error: unknown): undefined {
  console.info('Left out by the browser.', error);
  return undefined;
}
