/** What the person has been promised: whatever was said to be kept must be there after any kill, once and whole. */

export interface Form {
  prompt: string;
  steps: number;
}

type Values = Record<string, unknown>;

interface Asked {
  /** How safe the line that holds it was said to be: nothing yet, a copy in localStorage, on the disk. */
  kept: 'no' | 'copied' | 'durable';
  /** Cancelled, forgotten, or asked for where no line is kept: once or never. */
  isOptional: boolean;
}

export class Ledger {
  /** Pictures asked for, by their seeds. */
  readonly asked = new Map<number, Asked>();
  /** Seeds of pictures that the store has said to have. */
  readonly made = new Set<number>();
  /** Taken out of the gallery: they may go, or come back. */
  readonly mayBeGone = new Set<number>();
  readonly mustBeGone = new Set<number>();
  /** What was typed, in order; each is another. */
  readonly typed: Form[] = [];
  /** Index in `typed` of the newest form that the disk has said to have; −1: that of the beginning. */
  durableForm = -1;
  copiedForm = -1;
  /** The site's pack was said to be here. */
  hasPack = false;

  ask(seeds: readonly number[]): void {
    for (const seed of seeds) this.asked.set(seed, { kept: 'no', isOptional: false });
  }

  excuse(seeds: readonly number[]): void {
    for (const seed of seeds) {
      const one = this.asked.get(seed);
      if (one) one.isOptional = true;
    }
  }

  type(form: Form): void {
    this.typed.push(form);
  }

  /** The storage has it: under that name. */
  keep(name: string, values: Values, kept: 'copied' | 'durable'): void {
    if (name.startsWith('gesso-queue'))
      for (const seed of seedsOf(values['jobs'])) {
        const one = this.asked.get(seed);
        if (one && one.kept !== 'durable') one.kept = kept;
      }
    if (name !== 'gesso') return;
    const at = this.formOf(values);
    if (kept === 'copied') this.copiedForm = at;
    else this.durableForm = at;
  }

  /** Which of the forms it was; -1: that of the beginning. */
  formOf({ prompt, steps }: Values): number {
    return this.typed.findLastIndex((form) => form.prompt === prompt && form.steps === steps);
  }

  /** localStorage may have gone back: what was only there is no promise any more. */
  forgetCopies(): void {
    for (const one of this.asked.values()) if (one.kept === 'copied') one.kept = 'no';
    this.copiedForm = -1;
  }

  /** @returns what is wrong, a sentence each */
  complain({ made, line }: { made: readonly number[]; line: readonly number[] }): string[] {
    const problems: string[] = [];
    const count = (all: readonly number[], seed: number): number => all.filter((one) => one === seed).length;
    for (const [seed, { kept, isOptional }] of this.asked) {
      const [inStore, inLine] = [count(made, seed), count(line, seed)];
      if (inStore + inLine > 1) problems.push(`picture ${seed}: ${inStore} times kept, ${inLine} times in line`);
      if (this.mustBeGone.has(seed) && inStore > 0) problems.push(`picture ${seed} was deleted and is back`);
      if (this.mayBeGone.has(seed) || this.mustBeGone.has(seed)) continue;
      if (this.made.has(seed) && inStore === 0) problems.push(`picture ${seed} was kept and is lost`);
      if (kept !== 'no' && !isOptional && inStore + inLine === 0)
        problems.push(`picture ${seed} is not in line any more`);
    }
    const known = [...made, ...line].filter((seed) => !this.asked.has(seed));
    if (known.length > 0) problems.push(`nobody has asked for ${known.join()}`);
    return problems;
  }
}

interface StoredLike {
  request: { seed: number | string };
  count: number;
  done: number;
}

/** Seeds of the pictures that are not made yet. */
export function seedsOf(jobs: unknown): number[] {
  return ((jobs ?? []) as StoredLike[]).flatMap(({ request, count, done }) =>
    Array.from({ length: count - done }, (_, i) => Number(request.seed) + done + i),
  );
}
