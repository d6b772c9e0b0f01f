/** Which stage a picture is in, and how long each has taken; loading may come in the middle of any. */
import type { EventListener, Stage } from '../api';
import type { Components } from '../models/components';

/** At least this long between two pictures of one that is on its way. */
const SHOWN_MS = 400;

export class StageClock {
  readonly #now: () => number;
  readonly #onEvent: EventListener;
  readonly #seconds = new Map<Stage, number>();
  #shownAt = -Infinity;
  #current: { stage: Stage; since: number } | undefined;

  constructor(now: () => number, onEvent: EventListener) {
    this.#now = now;
    this.#onEvent = onEvent;
  }

  enter(stage: Stage): void {
    this.stop();
    this.#current = { stage, since: this.#now() };
    this.#onEvent({ type: 'stage', stage });
  }

  /** Counts a task as a stage of its own, within whatever stage asked for it. */
  async during<T>(stage: Stage, task: () => Promise<T>): Promise<T> {
    const interrupted = this.#current?.stage;
    this.enter(stage);
    const result = await task();
    if (interrupted && interrupted !== stage) this.enter(interrupted);
    return result;
  }

  stop(): void {
    if (!this.#current) return;
    const { stage, since } = this.#current;
    this.#seconds.set(stage, this.seconds(stage) + (this.#now() - since) / 1000);
    this.#current = undefined;
  }

  /** Whether a picture on its way is to be shown again: what is shown more often is not looked at. */
  shows(): boolean {
    const now = this.#now();
    if (now - this.#shownAt < SHOWN_MS) return false;
    this.#shownAt = now;
    return true;
  }

  seconds(stage: Stage): number {
    return this.#seconds.get(stage) ?? 0;
  }

  /** Counts what `components` load from now on as loading, within whatever stage asked for it. */
  follow(components: Components): void {
    components.listener = {
      beforeLoad: () => {
        const interrupted = this.#current?.stage;
        this.enter('loading');
        return (load) => {
          this.#onEvent({ type: 'loaded', load });
          if (interrupted && interrupted !== 'loading') this.enter(interrupted);
        };
      },
    };
  }
}
