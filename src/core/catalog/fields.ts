/** Reads the fields of a JSON object one by one; a wrong one is named with its place ("models[0].size.min"). */
import { AppError } from '../errors';

export class Fields {
  readonly #values: Record<string, unknown>;
  readonly #file: string;
  readonly #where: string;

  /** @throws AppError 'bad-file' where `value` is no object */
  constructor(value: unknown, file: string, where = '') {
    this.#file = file;
    this.#where = where;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.error('', 'must be an object');
    this.#values = value as Record<string, unknown>;
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined;
  }

  raw(key: string): unknown {
    return this.#values[key];
  }

  text(key: string): string {
    const value = this.#values[key];
    return typeof value === 'string' && value !== '' ? value : this.fail(key, 'must be text');
  }

  /** Reads a whole number above 0. */
  count(key: string): number {
    const value = this.#values[key];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
    return this.fail(key, 'must be a whole number above 0');
  }

  flag(key: string): boolean | undefined {
    const value = this.#values[key];
    return value === undefined || typeof value === 'boolean' ? value : this.fail(key, 'must be true or false');
  }

  texts(key: string): string[] {
    const value = this.#values[key];
    if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
    return this.fail(key, 'must be a list of texts');
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T {
    const found = allowed.find((one) => one === this.#values[key]);
    return found ?? this.fail(key, `must be one of ${allowed.map((one) => `"${one}"`).join(', ')}`);
  }

  /** An https address, or plain http on this very computer. */
  url(key: string): string {
    const value = this.text(key);
    const isFine = /^https:\/\/[^/\s]+/.test(value) || /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\//.test(value);
    return isFine ? value : this.fail(key, 'must be an https:// address');
  }

  object(key: string): Fields {
    return new Fields(this.#values[key], this.#file, this.#path(key));
  }

  list(key: string): Fields[] {
    const value = this.#values[key];
    if (!Array.isArray(value)) return this.fail(key, 'must be a list');
    return value.map((item: unknown, i) => new Fields(item, this.#file, `${this.#path(key)}[${i}]`));
  }

  fail(key: string, what: string): never {
    throw this.error(key, what);
  }

  error(key: string, what: string): AppError {
    const place = key === '' ? this.#where || 'the catalogue' : this.#path(key);
    return new AppError('bad-file', `${this.#file}: ${place} ${what}`);
  }

  #path(key: string): string {
    return this.#where === '' ? key : `${this.#where}.${key}`;
  }
}
