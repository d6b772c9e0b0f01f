/** What was typed after a question, read strictly: known options, each once, with values of their kind. */

/** What a person typed wrong, in one sentence. */
export class UsageError extends Error {}

export interface OptionSpec {
  /** What stands for its value in the help; an option without one is a switch. */
  value?: string;
  help: string;
}

interface NumberLimits {
  min?: number;
  max?: number;
  whole?: boolean;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** What torch.manual_seed takes. */
const [SEED_MIN, SEED_MAX] = [-(2n ** 63n), 2n ** 64n - 1n];

export class Arguments {
  readonly #values = new Map<string, string>();
  readonly #texts: string[] = [];

  /** @throws UsageError for options that `specs` does not have, that come twice or lack a value */
  constructor(args: readonly string[], specs: Readonly<Record<string, OptionSpec>>) {
    const rest = [...args];
    for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
      if (arg === '--') this.#texts.push(...rest.splice(0));
      else if (!arg.startsWith('--')) this.#texts.push(arg);
      else this.#readOption(arg.slice(2), rest, specs);
    }
  }

  #readOption(written: string, rest: string[], specs: Readonly<Record<string, OptionSpec>>): void {
    const [name, ...parts] = written.split('=');
    if (!Object.hasOwn(specs, name)) {
      const known = Object.keys(specs).map((known) => `--${known}`);
      throw new UsageError(`There is no option --${name} here; there are ${known.join(', ')}.`);
    }
    if (this.#values.has(name)) throw new UsageError(`--${name} is given twice.`);
    const isSwitch = specs[name].value === undefined;
    if (isSwitch && parts.length > 0) throw new UsageError(`--${name} takes no value.`);
    const next = parts.length === 0 && !isSwitch && !rest[0]?.startsWith('--') ? rest.shift() : parts.join('=');
    if (!isSwitch && (next === undefined || next === '')) throw new UsageError(`--${name} needs a value.`);
    this.#values.set(name, next ?? '');
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The one text of a question, an empty one included. */
  text(): string {
    if (this.#texts.length === 1) return this.#texts[0];
    throw new UsageError(
      this.#texts.length === 0
        ? 'There is no text; an empty one is "".'
        : 'There is more than one text: put it in quotes.',
    );
  }

  noText(): void {
    if (this.#texts.length > 0) throw new UsageError(`"${this.#texts[0]}" belongs to no option.`);
  }

  word(name: string): string | undefined {
    return this.#values.get(name);
  }

  number(name: string, limits: NumberLimits = {}): number | undefined {
    const written = this.#values.get(name);
    return written === undefined ? undefined : toNumber(name, written, limits);
  }

  /** Numbers with commas between them. */
  numbers(name: string, limits: NumberLimits = {}): number[] | undefined {
    return this.#values
      .get(name)
      ?.split(',')
      .map((part) => toNumber(name, part.trim(), limits));
  }

  /** Exact, however long: −2^63 … 2^64 − 1. */
  seed(name: string): bigint | undefined {
    const written = this.#values.get(name);
    if (written === undefined) return undefined;
    const seed = /^[+-]?\d{1,20}$/.test(written) ? BigInt(written.replace('+', '')) : undefined;
    if (seed !== undefined && seed >= SEED_MIN && seed <= SEED_MAX) return seed;
    throw new UsageError(`--${name} must be a whole number from ${SEED_MIN} to ${SEED_MAX}, not "${written}".`);
  }
}

/** @throws UsageError where the option is absent */
export function needed<Value>(name: string, value: Value | undefined): Value {
  if (value === undefined) throw new UsageError(`--${name} is missing.`);
  return value;
}

function toNumber(name: string, written: string, { min = -Infinity, max = Infinity, whole = false }: NumberLimits) {
  const value = NUMBER.test(written) ? Number(written) : NaN;
  if (Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  const range = max < Infinity ? ` from ${min} to ${max}` : min > -Infinity ? ` of at least ${min}` : '';
  throw new UsageError(`--${name} must be ${kind}${range}, not "${written}".`);
}
