/** Prompts to come back to: the ones used last, and styles. Kept between visits. */
import { applyStyles, type PromptPair, type Style } from '../../../core/prompt/styles';
import { parseStyles, writeStyles } from '../../../core/prompt/styles-csv';
import type { Store } from '../kept/storage';

const MOST_RECENT = 50;

export class PromptStore {
  readonly #store: Store;
  #recent = $state.raw<readonly PromptPair[]>([]);
  #styles = $state.raw<readonly Style[]>([]);

  constructor(store: Store) {
    this.#store = store;
    const take = ({ recent, styles }: Record<string, unknown>): void => {
      this.#recent = readList(recent, isPromptPair).slice(0, MOST_RECENT);
      this.#styles = readList(styles, isStyle);
    };
    take(store.read());
    store.onLate?.(take);
  }

  /** Recent prompts, the last used first. */
  get recent(): readonly PromptPair[] {
    return this.#recent;
  }
  get styles(): readonly Style[] {
    return this.#styles;
  }

  remember({ prompt, negativePrompt }: PromptPair): void {
    if (prompt.trim() === '') return;
    const others = this.#recent.filter((pair) => pair.prompt !== prompt || pair.negativePrompt !== negativePrompt);
    this.#recent = [{ prompt, negativePrompt }, ...others].slice(0, MOST_RECENT);
    this.#save({ recent: this.#recent });
  }

  forgetRecent(): void {
    this.#recent = [];
    this.#save({ recent: [] });
  }

  apply(prompts: PromptPair, style: Style): PromptPair {
    return applyStyles(prompts, [style]);
  }

  /** One of the same name is replaced. */
  keepStyle(style: Style): void {
    this.#keep([style]);
  }

  removeStyle(name: string): void {
    this.#styles = this.#styles.filter((style) => style.name !== name);
    this.#save({ styles: this.#styles });
  }

  /** @returns how many. @throws AppError 'bad-file' where it is no styles.csv */
  importStyles(csv: string): number {
    const styles = parseStyles(csv);
    this.#keep(styles);
    return styles.length;
  }

  exportStyles(): Blob {
    return new Blob([writeStyles(this.#styles)], { type: 'text/csv' });
  }

  #keep(styles: readonly Style[]): void {
    const all = new Map([...this.#styles, ...styles].map((style) => [style.name, style]));
    this.#styles = [...all.values()].sort((a, b) => a.name.localeCompare(b.name));
    this.#save({ styles: this.#styles });
  }

  /** Keeps only what has changed: another tab may have kept the other meanwhile. */
  #save(changed: { recent: readonly PromptPair[] } | { styles: readonly Style[] }): void {
    this.#store.write({ ...this.#store.read(), ...changed });
  }
}

function readList<T>(value: unknown, isOne: (each: unknown) => each is T): T[] {
  return Array.isArray(value) ? value.filter(isOne) : [];
}

function isPromptPair(value: unknown): value is PromptPair {
  if (typeof value !== 'object' || value === null) return false;
  const { prompt, negativePrompt } = value as Record<string, unknown>;
  return typeof prompt === 'string' && typeof negativePrompt === 'string';
}

function isStyle(value: unknown): value is Style {
  return isPromptPair(value) && typeof (value as unknown as Record<string, unknown>)['name'] === 'string';
}
