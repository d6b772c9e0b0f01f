/** The benchmark as the page knows it: what is to be measured, how far it is, what came of it. */
import type { BenchReport } from '../../../core/bench';
import type { ModelEntry } from '../../../core/catalog';
import { toAppError, type AppError } from '../../../core/errors';
import type { BenchProgress, BigModel } from '../../../engine/bench-api';
import type { ProviderChoice } from '../../../engine/api';
import type { BenchHandle } from '../../../clients/bench-client';
import { BENCH_HASH } from './bench-hash';

/** The choice of a big model with random weights, beside the ids of those in the library. */
export const RANDOM = 'random';
export const NONE = 'none';

export interface BenchOptions {
  handle: BenchHandle;
  baseUrl: string;
  program: string;
  /** The browser, in its own words. */
  userAgent?: string;
  provider(): ProviderChoice;
  /** Models that can paint now, the built-in one first. */
  models(): readonly ModelEntry[];
  /** Frees what the engine holds of the device. */
  release(): void;
  /** Makes the engine ready again. */
  again(): void;
}

export type BenchPhase = 'idle' | 'running' | 'done' | 'cancelled' | 'failed';

export class Bench {
  readonly #o: BenchOptions;

  #phase = $state<BenchPhase>('idle');
  #progress = $state.raw<BenchProgress>();
  #report = $state.raw<BenchReport>();
  #error = $state.raw<AppError>();
  #chosen = $state<string>();

  /** Models of the library that may be the big one. */
  readonly bigModels: readonly ModelEntry[] = $derived.by(() =>
    this.#o.models().filter(({ source }) => source.kind !== 'bundled'),
  );

  constructor(options: BenchOptions) {
    this.#o = options;
  }

  get phase(): BenchPhase {
    return this.#phase;
  }
  get progress(): BenchProgress | undefined {
    return this.#progress;
  }
  /** The report as far as it is known. */
  get report(): BenchReport | undefined {
    return this.#report;
  }
  get error(): AppError | undefined {
    return this.#error;
  }
  /** Id of a model of the library, RANDOM or NONE. */
  get big(): string {
    const first = this.bigModels[0] as ModelEntry | undefined;
    return this.#chosen ?? first?.id ?? RANDOM;
  }
  set big(id: string) {
    this.#chosen = id;
  }

  async start(): Promise<void> {
    if (this.#phase === 'running') return;
    const { handle, baseUrl, program, provider, models, release, again, userAgent = navigator.userAgent } = this.#o;
    this.#phase = 'running';
    this.#progress = this.#report = this.#error = undefined;
    release();
    try {
      const setup = {
        provider: provider(),
        baseUrl,
        starter: $state.snapshot(models()[0]) as ModelEntry,
        big: $state.snapshot(this.#bigModel()) as BigModel,
        program,
        repeat: `open ${baseUrl}${BENCH_HASH} and press Start`,
        host: browserName(userAgent),
      };
      this.#report = await handle.run(setup, (progress) => {
        this.#progress = progress;
        this.#report = progress.report;
      });
      this.#phase = 'done';
    } catch (thrown) {
      const error = toAppError(thrown);
      this.#phase = error.code === 'cancelled' ? 'cancelled' : 'failed';
      if (this.#phase === 'failed') this.#error = error;
    } finally {
      this.#progress = undefined;
      again();
    }
  }

  cancel(): void {
    this.#o.handle.stop();
  }

  #bigModel(): BigModel {
    const entry = this.bigModels.find(({ id }) => id === this.big);
    if (entry) return { kind: 'stored', entry };
    return this.big === RANDOM ? { kind: 'random' } : { kind: 'none' };
  }
}

/** "Chromium 156, Linux x86_64" of a user agent; the whole where it is not known. */
export function browserName(userAgent: string): string {
  const [, system = ''] = /\(([^)]*)\)/.exec(userAgent) ?? [];
  const found = [
    /(Edg|Firefox)\/(\d+)/.exec(userAgent),
    /(?:Headless)?(Chrome)\/(\d+)/.exec(userAgent),
    /Version\/(\d+)[\d.]* .*(Safari)/.exec(userAgent),
  ].find((match) => match !== null);
  if (!found) return userAgent;
  const [, a, b] = found;
  const name = /^\d+$/.test(a) ? `${b} ${a}` : `${a === 'Edg' ? 'Edge' : a} ${b}`;
  return system === '' ? name : `${name}, ${system}`;
}
