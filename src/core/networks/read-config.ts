/** Typed access to a model's config.json: every number a graph needs, or a sentence that names file, field and value. */
import { AppError } from '../errors';

export class ConfigReader {
  readonly #fields: Record<string, unknown>;

  /** @param file as errors call it, "unet/config.json" @throws AppError 'bad-file' when `json` is not an object */
  constructor(
    readonly file: string,
    json: unknown,
  ) {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new AppError('bad-file', `${file}: must be a JSON object`);
    this.#fields = json as Record<string, unknown>;
  }

  /** Reads a positive whole number. */
  size(field: string, otherwise?: number): number {
    return this.#sizeOf(field, this.#get(field, otherwise));
  }

  /** A list of positive whole numbers, or one number for all `length` levels. */
  sizes(field: string, length: number, otherwise?: number | number[]): number[] {
    const value = this.#get(field, otherwise);
    const list = Array.isArray(value) ? (value as unknown[]) : Array.from({ length }, () => value);
    if (list.length !== length) return this.fail(field, value, `must have ${length} entries`);
    return list.map((entry) => this.#sizeOf(field, entry));
  }

  /** A list of whole numbers from 0 on, or one number for all. */
  counts(field: string, length: number, otherwise: number): number[] {
    const value = this.#get(field, otherwise);
    const list = Array.isArray(value) ? (value as unknown[]) : Array.from({ length }, () => value);
    if (list.length !== length) return this.fail(field, value, `must have ${length} entries`);
    return list.map((entry) => (entry === 0 ? 0 : this.#sizeOf(field, entry)));
  }

  sizeList(field: string): number[] {
    const value = this.#get(field, undefined);
    if (!Array.isArray(value) || value.length === 0) return this.fail(field, value, 'must be a list of whole numbers');
    return this.sizes(field, value.length);
  }

  number(field: string, otherwise?: number): number {
    const value = this.#get(field, otherwise);
    return typeof value === 'number' && Number.isFinite(value) ? value : this.fail(field, value, 'must be a number');
  }

  flag(field: string, otherwise: boolean): boolean {
    const value = this.#get(field, otherwise);
    return typeof value === 'boolean' ? value : this.fail(field, value, 'must be true or false');
  }

  texts(field: string): string[] {
    const value = this.#get(field, undefined);
    return Array.isArray(value) && value.every((v): v is string => typeof v === 'string')
      ? value
      : this.fail(field, value, 'must be a list of texts');
  }

  /** One of `allowed`; anything else is a kind of model that is not supported. */
  choice<T extends string>(field: string, allowed: readonly T[], otherwise: T): T {
    const value = this.#get(field, otherwise);
    const found = allowed.find((a) => a === value);
    return found ?? this.unsupported(field, value, `supported: ${allowed.join(', ')}`);
  }

  /** Refuses a feature that is switched on: the field must be absent or one of `allowed`. */
  refuse(field: string, ...allowed: unknown[]): void {
    const value = this.#fields[field] ?? null;
    if (value !== null && !allowed.includes(value)) this.unsupported(field, value, 'Gesso has no code for it');
  }

  fail(field: string, value: unknown, rule: string): never {
    throw new AppError('bad-file', `${this.file}: "${field}" is ${show(value)}; it ${rule}`);
  }

  unsupported(field: string, value: unknown, why: string): never {
    throw new AppError('unsupported-model', `${this.file}: "${field}" is ${show(value)} (${why})`);
  }

  #get(field: string, otherwise: unknown): unknown {
    return this.#fields[field] ?? otherwise;
  }

  #sizeOf(field: string, value: unknown): number {
    return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 2 ** 20
      ? value
      : this.fail(field, value, 'must be a whole number above 0');
  }
}

const show = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value));
