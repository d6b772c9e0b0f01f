/** How long the prompt is in the model's own tokens, counted a moment after the last key. */
import type { ModelEntry } from '../../core/catalog';
import type { EngineSession, TokenCount } from './engine-session.svelte';

const PAUSE_MS = 250;

export class TokenCounter {
  readonly #engine: Pick<EngineSession, 'phase' | 'countTokens'>;
  #count = $state.raw<TokenCount>();

  constructor(engine: Pick<EngineSession, 'phase' | 'countTokens'>) {
    this.#engine = engine;
  }

  /** Undefined while it is not known. */
  get count(): TokenCount | undefined {
    return this.#count;
  }

  /** For an effect: counts `text` after a pause; returns what calls it off. */
  watch(text: string, model: ModelEntry): () => void {
    let isCalledOff = false;
    const isReady = this.#engine.phase === 'ready';
    const timer = setTimeout(() => {
      if (isReady) void this.#countNow(text, model, () => isCalledOff);
    }, PAUSE_MS);
    return () => {
      isCalledOff = true;
      clearTimeout(timer);
    };
  }

  async #countNow(text: string, model: ModelEntry, isCalledOff: () => boolean): Promise<void> {
    try {
      const count = await this.#engine.countTokens(text, model);
      if (!isCalledOff()) this.#count = count;
    } catch (error) {
      // A help, not a need: what ails the engine shows elsewhere.
      console.info('The tokens could not be counted.', error);
      this.#count = undefined;
    }
  }
}
