/** Factors of LoRAs that a session is given with each run: uploaded once, and again when others take their places. */
import { toAppError } from '../../core/errors';
import { elementCount, GraphBuilder, type GraphForm } from '../../core/graph';
import { lazyGraph, type BranchWeights, type LentInput } from '../../core/weights';
import type { KeptTensor, NamedTensor, RawSession, Runtime } from '../ports';

/** The runtime copies what a graph is given before it goes to the GPU: so much at a time. */
const PIECE_BYTES = 32 * 2 ** 20;

interface Piece {
  lent: readonly LentInput[];
  session: RawSession;
}

export class LentFactors {
  readonly #branches: BranchWeights;
  readonly #pieces: readonly Piece[];
  #kept: Record<string, KeptTensor> = {};

  private constructor(branches: BranchWeights, pieces: readonly Piece[]) {
    this.#branches = branches;
    this.#pieces = pieces;
  }

  /** @param form  of the graph that is given them */
  static async create(
    branches: BranchWeights,
    form: Pick<GraphForm, 'target' | 'activations'>,
    runtime: Pick<Runtime, 'createSession'>,
  ): Promise<LentFactors> {
    const pieces: Piece[] = [];
    const factors = new LentFactors(branches, pieces);
    try {
      for (const lent of inPieces(branches.lent))
        pieces.push({ lent, session: await runtime.createSession(uploadGraph(lent, form), { keepsOutputs: true }) });
      await factors.upload();
      return factors;
    } catch (error) {
      await factors.dispose();
      throw error;
    }
  }

  get bytes(): number {
    return this.#branches.lent.reduce((sum, { dims }) => sum + 4 * elementCount(dims), 0);
  }

  /** Factors as a session is given them. */
  get kept(): Readonly<Record<string, KeptTensor>> {
    return this.#kept;
  }

  /** What the branches hold now; what was there before is given back first. */
  async upload(): Promise<void> {
    this.#release();
    for (const { lent, session } of this.#pieces) {
      const values = lent.map(({ name, dims }): [string, NamedTensor] => [
        `${name}_values`,
        { data: this.#branches.lentValues(name), dims },
      ]);
      if (!session.keep) throw new RangeError('a session that was to keep its outputs does not');
      Object.assign(this.#kept, await session.keep(Object.fromEntries(values)));
    }
    this.#branches.forget();
  }

  /** All of it, also where some of it fails. @throws what failed first */
  async dispose(): Promise<void> {
    const tensors = Object.values(this.#kept);
    this.#kept = {};
    const failures: unknown[] = [];
    for (const held of [...tensors, ...this.#pieces.map(({ session }) => session)])
      try {
        await held.dispose();
      } catch (error) {
        failures.push(error);
      }
    if (failures.length > 0) throw toAppError(failures[0]);
  }

  #release(): void {
    for (const tensor of Object.values(this.#kept)) tensor.dispose();
    this.#kept = {};
  }
}

function inPieces(lent: readonly LentInput[]): LentInput[][] {
  const pieces: LentInput[][] = [];
  let bytes = Infinity;
  for (const one of lent) {
    const own = 4 * elementCount(one.dims);
    if (bytes + own > PIECE_BYTES) pieces.push([]);
    bytes = pieces[pieces.length - 1].length === 0 ? own : bytes + own;
    pieces[pieces.length - 1].push(one);
  }
  return pieces;
}

/** Float32 comes in, and stays on the device in the type of the activations. */
function uploadGraph(lent: readonly LentInput[], { target, activations }: Pick<GraphForm, 'target' | 'activations'>) {
  const g = new GraphBuilder('factors', { target, activations });
  for (const { name, dims } of lent) g.nativeOutput(name, g.input(`${name}_values`, 'float32', dims));
  return lazyGraph(g.build(), () => new Uint8Array());
}
