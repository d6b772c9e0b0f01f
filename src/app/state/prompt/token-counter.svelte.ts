/** How long the prompt is in the model's own tokens: counted a moment after the last key, one count at a time. */
import type { ModelEntry } from '../../../core/catalog';
import type { CountReading } from '../../../engine/api';
import type { TokenCount } from '../../../core/tokenizer';
import type { EngineSession } from '../device/engine-session.svelte';

const PAUSE_MS = 250;
/** An engine that paints on the CPU answers between two steps; until then no number is better than an old one. */
const PATIENCE_MS = 1000;

interface Question {
  text: string;
  model: ModelEntry;
  reading: CountReading;
}

export class TokenCounter {
  readonly #engine: Pick<EngineSession, 'phase' | 'countTokens'>;
  #count = $state.raw<TokenCount>();
  #isLate = $state(false);
  /** The newest that has not been asked: those between are never asked. */
  #next: Question | undefined;
  #isAsking = false;

  constructor(engine: Pick<EngineSession, 'phase' | 'countTokens'>) {
    this.#engine = engine;
  }

  /** The last answer; undefined while there is none. */
  get count(): TokenCount | undefined {
    return this.#count;
  }

  /** The count is of an older text, and has been for a while. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** Counts `text` after a pause, for an effect; returns what calls it off. */
  watch(text: string, model: ModelEntry, reading: CountReading): () => void {
    const isReady = this.#engine.phase === 'ready';
    const timer = setTimeout(() => {
      if (isReady) this.#ask({ text, model, reading });
    }, PAUSE_MS);
    return () => {
      this.#next = undefined;
      clearTimeout(timer);
    };
  }

  #ask(question: Question): void {
    this.#next = question;
    if (!this.#isAsking) void this.#askAll();
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    for (let asked = this.#take(); asked; asked = this.#take()) this.#count = await this.#answer(asked);
    this.#isAsking = false;
  }

  #take(): Question | undefined {
    const question = this.#next;
    this.#next = undefined;
    return question;
  }

  async #answer({ text, model, reading }: Question): Promise<TokenCount | undefined> {
    const timer = setTimeout(() => (this.#isLate = true), PATIENCE_MS);
    try {
      return await this.#engine.countTokens(text, model, reading);
    } catch (error) {
      // A help, not a need: what ails the engine shows elsewhere.
      console.info('The tokens could not be counted.', error);
      return undefined;
    } finally {
      clearTimeout(timer);
      this.#isLate = false;
    }
  }
}
