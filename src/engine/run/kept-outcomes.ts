/** What operations gave, for the next workflow that asks the same: the same prompt again encodes nothing. */
import type { OperationId } from '../../core/workflow';
import type { Outcome } from '../operations/implementation';

type AnyOutcome = Outcome<OperationId>;

export class KeptOutcomes {
  readonly #known = new Map<string, AnyOutcome>();
  /** What workflows that paint nothing have made since the last picture. */
  #besides: ReadonlySet<string> = new Set();

  get(key: string): AnyOutcome | undefined {
    return this.#known.get(key);
  }

  set(key: string, outcome: AnyOutcome): void {
    this.#known.set(key, outcome);
  }

  /** Forgets all others: what the last workflow that painted did not need. */
  retain(keys: ReadonlySet<string>): void {
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
    this.#besides = new Set();
  }

  /** Keeps a picture's outcomes after a workflow that paints nothing; what it `made` goes with the next of its kind. */
  retainBesides(keys: ReadonlySet<string>, made: ReadonlySet<string>): void {
    for (const key of this.#besides) if (!keys.has(key)) this.#known.delete(key);
    this.#besides = new Set([...made, ...[...this.#besides].filter((key) => keys.has(key))]);
  }

  /** Forgets all outcomes, for when the same question would be computed with other numbers. */
  clear(): void {
    this.#known.clear();
  }
}
