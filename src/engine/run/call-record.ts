/**
 * The results of a picture's model calls, so that it goes on from where it broke: the sampler runs again from the start with
 * its noise drawn again, and every call that is known is answered from here. That holds for every sampler, whatever it
 * remembers between its steps, and ends in the bytes of an unbroken run.
 */
import { AppError } from '../../core/errors';
import type { ModelCall } from '../ports';

/** Predictions of x0. `uncond` is that of the negative prompt alone, or of the positive where there is no negative. */
export interface CallResult {
  denoised: Float32Array;
  uncond: Float32Array;
  /** What guidance keeps for the next call. */
  sums?: readonly Float32Array[];
}

/** Bytes for the calls of one picture: 1,000 calls at 512 × 512, 60 at 2048 × 2048. What lies beyond is painted again. */
const MOST_BYTES = 64 * 2 ** 20;

export class CallRecord {
  readonly #calls: ModelCall[] = [];
  #bytes = 0;

  constructor(calls: readonly ModelCall[] = []) {
    for (const call of calls) this.add(call);
  }

  get calls(): readonly ModelCall[] {
    return this.#calls;
  }

  add(call: ModelCall): void {
    const bytes = bytesOf(call);
    if (this.#bytes + bytes > MOST_BYTES) return;
    this.#calls.push(call);
    this.#bytes += bytes;
  }

  /** Forgets call `index` and all after it. */
  cut(index: number): void {
    for (const call of this.#calls.splice(index)) this.#bytes -= bytesOf(call);
  }
}

export interface TwoModels {
  /** What another model answered in this run, which the record does not hold. */
  before?: readonly ModelCall[] | undefined;
  /** Is given all calls as they are answered, those from `before` too. */
  answered?: ModelCall[] | undefined;
}

const bytesOf = ({ denoised, uncond, sums = [] }: ModelCall): number =>
  [denoised, uncond, ...sums].reduce((bytes, one) => bytes + (one?.byteLength ?? 0), 0);

/** One way through a record: answers what is known, takes down what is new. */
export class Replay {
  readonly #record: CallRecord;
  #next = 0;
  #pending: { index: number; call: ModelCall } | undefined;
  #isRecalling = false;

  readonly #isOver: () => boolean;
  readonly #before: readonly ModelCall[];
  readonly #answered: ModelCall[] | undefined;

  /** @param isOver  a device that was lost may answer late: nothing of that is wanted any more */
  constructor(record: CallRecord, isOver: () => boolean, { before = [], answered }: TwoModels = {}) {
    this.#record = record;
    this.#isOver = isOver;
    this.#before = before;
    this.#answered = answered;
  }

  /** The last answer was a known one: the step that it makes has been told already. */
  get isRecalling(): boolean {
    return this.#isRecalling;
  }

  /** The answer to the next call, known or from `ask`, which is told how many calls came before. */
  async call(
    question: { x: Float32Array; sigma: number; wantsUncond: boolean },
    ask: (call: number) => Promise<CallResult>,
  ): Promise<CallResult> {
    if (this.#isOver()) throw new AppError('internal', 'This attempt is over.');
    const { x, sigma, wantsUncond } = question;
    const call = this.#next++;
    const index = call - this.#before.length;
    const inputSum = checksum(x);
    const known = index < 0 ? this.#before[call] : this.#record.calls.at(index);
    const fits = known?.sigma === sigma && known.inputSum === inputSum && (!wantsUncond || known.uncond !== undefined);
    this.#isRecalling = fits;
    if (known && fits) {
      this.#answered?.push(known);
      const { denoised, uncond = denoised, sums } = known;
      return { denoised, uncond, ...(sums && { sums }) };
    }
    if (index < 0) throw new AppError('internal', 'The run is another than the one that it goes on from.');
    this.#record.cut(index);
    const { denoised, uncond, sums } = await ask(call);
    const kept = { ...(wantsUncond && { uncond: uncond.slice() }), ...(sums && { sums }) };
    const made = { sigma, inputSum, denoised: denoised.slice(), ...kept };
    this.#pending = { index, call: made };
    this.#answered?.push(made);
    return { denoised, uncond, ...(sums && { sums }) };
  }

  /** Takes down the last call: to be called once it is known that the device was there when it answered. */
  settle(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending?.index === this.#record.calls.length && !this.#isOver()) this.#record.add(pending.call);
  }
}

/** FNV-1a over the 32-bit words. */
function checksum(values: Float32Array): number {
  let sum = 0x811c9dc5;
  for (const word of new Uint32Array(values.buffer, values.byteOffset, values.length))
    sum = Math.imul(sum ^ word, 0x01000193);
  return sum >>> 0;
}
