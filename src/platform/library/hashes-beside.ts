/** Hashes of an import, computed beside it: shards by WebCrypto, the file by a worker, piece by piece. */
import { AppError } from '../../core/errors';
import { Sha256, sha256Beside } from '../../core/math/sha256';
import type { HashesBeside } from '../../core/packs';

/** Told to the worker: a piece, or that there are no more. */
export type HashRequest = { piece: Uint8Array<ArrayBuffer> } | { end: true };
/** Told by the worker: the piece is taken in, or the hash. */
export type HashAnswer = { hex?: string };

/** @param spawn  makes the worker of `answerHashes` */
export function createHashesBeside(spawn: () => Worker): HashesBeside {
  return { ofShard: sha256Beside, create: () => new WorkerHash(spawn()) };
}

class WorkerHash {
  readonly #worker: Worker;
  /** Why there are no more answers. */
  #failure: AppError | undefined;
  #onAnswer: (answer: HashAnswer) => void = () => undefined;
  #onFailure: (error: AppError) => void = () => undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<HashAnswer>) => this.#onAnswer(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(`The file's hash could not be computed: ${event.message || 'its worker did not start'}.`);
    };
    worker.onmessageerror = () => this.#fail("The file's hash could not be computed: an answer could not be read.");
  }

  /** The piece goes to the worker: its bytes are not here any more. Resolves when the next may come. */
  async update(piece: Uint8Array<ArrayBuffer>): Promise<void> {
    const isWhole = piece.byteLength === piece.buffer.byteLength;
    const own = isWhole ? piece : piece.slice();
    await this.#ask({ piece: own }, [own.buffer]);
  }

  async hex(): Promise<string> {
    const { hex } = await this.#ask({ end: true });
    return hex ?? Promise.reject(new AppError('internal', 'The worker gave no hash.'));
  }

  dispose(): void {
    this.#worker.terminate();
    this.#fail('The hash is not wanted any more.');
  }

  #ask(request: HashRequest, moved: ArrayBuffer[] = []): Promise<HashAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#onAnswer = resolve;
      this.#onFailure = reject;
      this.#worker.postMessage(request, moved);
    });
  }

  #fail(message: string): void {
    this.#failure ??= new AppError('internal', message);
    this.#onFailure(this.#failure);
  }
}

/** The worker's part. @param answer  tells the other side */
export function answerHashes(answer: (message: HashAnswer) => void): (request: HashRequest) => void {
  const hash = new Sha256();
  return (request) => {
    if ('end' in request) return answer({ hex: hash.hex() });
    hash.update(request.piece);
    answer({});
  };
}
