/** What operations gave, for the next workflow that asks the same: the same prompt again encodes nothing. */
import type { OperationId } from '../../core/workflow';
import type { Outcome } from '../operations/implementation';

type AnyOutcome = Outcome<OperationId>;

export class KeptOutcomes {
  readonly #known = new Map<string, AnyOutcome>();

  get(key: string): AnyOutcome | undefined {
    return this.#known.get(key);
  }

  set(key: string, outcome: AnyOutcome): void {
    this.#known.set(key, outcome);
  }

  /** Forgets all others: what the last workflow did not need. */
  retain(keys: ReadonlySet<string>): void {
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
  }

  /** For when the same question would be computed with other numbers. */
  clear(): void {
    this.#known.clear();
  }
}
