/** What a person has chosen of the library: where it downloads from, how models are kept, which licences they agreed to. */
import { HUB } from '../../../core/catalog/hub-files';
import { isStoredAs } from '../../../core/catalog/stored-as';
import type { ModelEntry } from '../../../core/catalog/catalog';
import type { StoredAs } from '../../../core/families';

interface Parts {
  /** Called with every change. */
  keep: () => void;
  /** Called with another address to download from. */
  onHub: (hub: string) => void;
}

export class LibraryPreferences {
  readonly #parts: Parts;
  #hub = $state(HUB);
  #hubProblem = $state<string>();
  #storedAs = $state<StoredAs>('q8');
  #accepted = $state.raw<readonly string[]>([]);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get hub(): string {
    return this.#hub;
  }
  /** Why what was typed is no mirror. */
  get hubProblem(): string | undefined {
    return this.#hubProblem;
  }
  /** How models that come from now on are kept. */
  get storedAs(): StoredAs {
    return this.#storedAs;
  }

  /** What is no address is kept as the problem. */
  useHub(address: string): void {
    const hub = address.trim().replace(/\/+$/, '') || HUB;
    this.#hubProblem = isAddress(hub) ? undefined : `“${hub}” is no https:// address of a mirror.`;
    if (this.#hubProblem !== undefined) return;
    this.#hub = hub;
    this.#parts.onHub(hub);
    this.#parts.keep();
  }

  storeAs(plan: StoredAs): void {
    this.#storedAs = plan;
    this.#parts.keep();
  }

  mustAccept({ id, licence }: ModelEntry): boolean {
    return licence.mustAccept === true && !this.#accepted.includes(id);
  }

  accept({ id }: ModelEntry): void {
    this.#accepted = [...this.#accepted, id];
    this.#parts.keep();
  }

  /** Takes what was kept, as far as it is of use. */
  take({ hub, accepted, storedAs: plan }: Record<string, unknown>): void {
    if (isStoredAs(plan)) this.#storedAs = plan;
    if (typeof hub === 'string' && isAddress(hub)) this.#hub = hub;
    this.#accepted = texts(accepted);
  }

  toStored(): Record<'hub' | 'accepted' | 'storedAs', unknown> {
    return { hub: this.#hub, accepted: this.#accepted, storedAs: this.#storedAs };
  }
}

/** The texts of a kept list; none where it is no list. */
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];

function isAddress(text: string): boolean {
  return /^https:\/\/[^/\s]+(\/\S*)?$/.test(text) || /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(text);
}
