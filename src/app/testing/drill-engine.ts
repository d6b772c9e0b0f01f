/** An engine that paints in turns of the event loop, and fails as engines do: silent, dead, or with an error. */
import type { PageEngine } from '../../clients/engine-client';
import { AppError } from '../../core/errors';
import type { EngineEvent, GeneratedPicture } from '../../engine/api';

export const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const never = (): Promise<never> => new Promise(() => undefined);

export class DrillEngine implements PageEngine {
  #pending = new Set<(reason: unknown) => void>();
  #isMute = false;
  #isCancelled = false;
  /** How each generation ends. */
  failure: AppError | undefined;
  /** Steps made in all. */
  ticks = 0;
  onTick: (ticks: number) => void = () => undefined;

  open = () => this.#run(() => Promise.resolve({ provider: 'wasm', adapter: 'drill' } as const));
  examine = () => this.open();
  load = () => this.#run(() => this.#step());
  countTokens = () => Promise.resolve({ tokens: 0, limit: 75 });
  cancel = () => void (this.#isCancelled = true);

  generate: PageEngine['generate'] = (request, _model, onEvent) =>
    this.#run(async () => {
      this.#isCancelled = false;
      for (let step = 1; step <= request.steps; step += 1) {
        await this.#step();
        if (this.#isCancelled) throw new AppError('cancelled', 'Cancelled.');
        onEvent({ type: 'step', step, steps: request.steps, secondsLeft: 0 } satisfies EngineEvent);
      }
      await this.#step();
      const pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
      const device = { provider: 'wasm', adapter: 'drill' } as const;
      const timings = {
        ...{ loadSeconds: 0, encodeSeconds: 0, denoiseSeconds: 0 },
        decodeSeconds: 0,
        totalSeconds: 0,
        modelCalls: request.steps,
      };
      return { pixels, request, device, timings } satisfies GeneratedPicture;
    });

  restart(): void {
    this.#isMute = false;
    this.#end(new AppError('cancelled', 'The engine was started again.'));
  }

  die(): void {
    this.#end(new AppError('stopped', 'The browser ended it.'));
  }

  fallSilent(): void {
    this.#isMute = true;
  }

  #end(reason: AppError): void {
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const reject of pending) reject(reason);
  }

  async #step(): Promise<void> {
    await tick();
    this.onTick((this.ticks += 1));
    if (this.failure) throw this.failure;
    if (this.#isMute) await never();
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      work()
        .then(resolve, reject)
        .finally(() => this.#pending.delete(reject));
    });
  }
}
