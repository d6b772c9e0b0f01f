/** Hints to be looked at, made by a worker that starts with the first of them. */
import { AppError } from '../../../core/errors';
import type { HintWish } from '../../../core/hints/hint-for';
import type { Pixels } from '../../../engine/api';

interface Answer {
  turn: number;
  hint?: Pixels;
  problem?: string;
}

const spawn = (): Worker =>
  new Worker(new URL('../../../../workers/hint.worker.ts', import.meta.url), { type: 'module', name: 'hint' });

const STOPPED = 'The hint could not be made: its worker stopped.';

export class HintMaker {
  readonly #spawn: () => Worker;
  #worker: Worker | undefined;
  #turn = 0;
  readonly #waiting = new Map<number, { resolve: (hint: Pixels) => void; reject: (error: AppError) => void }>();

  constructor(start: () => Worker = spawn) {
    this.#spawn = start;
  }

  /** @throws AppError 'bad-request' with why there is none */
  make(pixels: Pixels, wish: HintWish): Promise<Pixels> {
    const turn = ++this.#turn;
    const answer = new Promise<Pixels>((resolve, reject) => this.#waiting.set(turn, { resolve, reject }));
    this.#worker ??= this.#start();
    this.#worker.postMessage({ turn, pixels, wish });
    return answer;
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(new AppError('cancelled', STOPPED));
    this.#waiting.clear();
  }

  #start(): Worker {
    const worker = this.#spawn();
    worker.onmessage = ({ data: { turn, hint, problem } }: MessageEvent<Answer>) => {
      const one = this.#waiting.get(turn);
      this.#waiting.delete(turn);
      if (hint) one?.resolve(hint);
      else one?.reject(new AppError('bad-request', problem ?? STOPPED));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.close();
    };
    return worker;
  }
}
