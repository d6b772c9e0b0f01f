/** How one model is held here after memory was short for it: what has been given up so far, and what can be given up next. */
import { TileRoom } from './tile-room';

/** Ways to save memory in the order in which they are tried. The first leaves every number of the picture as it was, tiles nearly. */
export type Saving = 'in_turn' | 'tiles' | 'read_in_tiles' | 'packed' | 'kernels';

export class ModelRoom {
  /** Room for developing pictures; `encode` is for reading them. */
  readonly decode = new TileRoom();
  readonly encode = new TileRoom();
  /** Its parts are loaded one after another. */
  isInTurn = false;
  /** Its matrices are not widened, though that would be faster. */
  isPacked = false;
  /** Nor are kernels of its convolutions: the last that is given up. */
  packsKernels = false;
  /** Whether it could stay packed when it was opened last. */
  couldStayPacked = false;
  couldPackKernels = false;
  /** Other models are mixed into its denoiser: that is widened whatever is given up, so that staying packed saves nothing. */
  isBlended = false;

  /** An attempt begins: what was tried is of another. */
  begin(): void {
    this.decode.done();
    this.encode.done();
  }

  /**
   * After an attempt that broke.
   *
   * @param isFull  memory ran out
   * @param isShort  it did, or probably did
   * @returns what the next attempt does without, undefined where nothing is left
   */
  save({ isFull, isShort }: { isFull: boolean; isShort: boolean }): Saving | undefined {
    if (isFull && !this.isInTurn) {
      this.isInTurn = true;
      return 'in_turn';
    }
    if (isShort && this.decode.shrink()) return 'tiles';
    if (isShort && this.encode.shrink()) return 'read_in_tiles';
    if (!isFull || this.isBlended) return undefined;
    if (this.couldStayPacked && !this.isPacked) {
      this.isPacked = true;
      return 'packed';
    }
    if (this.couldPackKernels && !this.packsKernels) {
      this.packsKernels = true;
      return 'kernels';
    }
    return undefined;
  }
}
