/** Undo for all that is painted on at once, mask and colours: of each change, what was there before, tile by tile. */
import { cut, put, raster, type Box, type Channels, type Raster } from '../../../core/image/raster';
import { boxAround } from './shapes';

/** What was painted on, and where. */
export type Painted = readonly [layer: Raster, box: Box];

interface Layer {
  /** The layer as it was after the last change. */
  known: Raster;
  /** Is told what was taken back, or done again. */
  onRestore: (box: Box) => void;
}

/** What stands in a tile when a change is taken back, or done again. */
interface Patch {
  layer: Raster;
  box: Box;
  other: Raster;
}

/** What is older than these many bytes cannot be taken back. */
const MOST_BYTES = 64 * 2 ** 20;
/** Pixels a side: of a stroke across, little is kept of what lies beside it. */
const TILE = 64;

export class PaintHistory {
  readonly #layers = new Map<Raster, Layer>();
  readonly #mostBytes: number;
  #past: Patch[][] = [];
  #future: Patch[][] = [];
  #canUndo = $state(false);
  #canRedo = $state(false);

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  get canUndo(): boolean {
    return this.#canUndo;
  }
  get canRedo(): boolean {
    return this.#canRedo;
  }

  /** From now on, changes of the layer can be taken back. */
  watch(layer: Raster, onRestore: (box: Box) => void): void {
    this.#layers.set(layer, { known: raster(layer, layer.channels, layer.data.slice()), onRestore });
  }

  watches(layer: Raster): boolean {
    return this.#layers.has(layer);
  }

  /** The layer as it was after the last change. @throws RangeError for what is not watched */
  known<C extends Channels>(layer: Raster<C>): Raster<C> {
    const found = this.#layers.get(layer);
    if (!found) throw new RangeError('What is not watched has no history.');
    return found.known as Raster<C>;
  }

  /** Layers were changed within boxes since the last time: one step, where anything is different. */
  take(...painted: Painted[]): void {
    const patches = painted.flatMap(([layer, box]) => this.#differing(layer, box));
    if (patches.length === 0) return;
    for (const { layer, box } of patches) put(this.known(layer), cut(layer, box), box.left, box.top);
    this.#past.push(patches);
    this.#future = [];
    this.#forget();
    this.#count();
  }

  /** A change that is not finished is given up. */
  drop(layer: Raster, box: Box): void {
    put(layer, cut(this.known(layer), box), box.left, box.top);
  }

  undo(): void {
    this.#swap(this.#past, this.#future);
  }

  redo(): void {
    this.#swap(this.#future, this.#past);
  }

  #differing(layer: Raster, box: Box): Patch[] {
    const known = this.known(layer);
    return tiles(box)
      .filter((tile) => differs(known, layer, tile))
      .map((tile) => ({ layer, box: tile, other: packed(cut(known, tile)) }));
  }

  #swap(from: Patch[][], to: Patch[][]): void {
    const change = from.pop();
    if (!change) return;
    to.push(change.map(({ layer, box }) => ({ layer, box, other: packed(cut(layer, box)) })));
    for (const { layer, box, other } of change)
      for (const one of [layer, this.known(layer)]) put(one, unpacked(other, box), box.left, box.top);
    this.#count();
    for (const layer of new Set(change.map((patch) => patch.layer))) {
      const boxes = change.flatMap((patch) => (patch.layer === layer ? patch.box : []));
      this.#layers.get(layer)?.onRestore(boxes.reduce(boxAround));
    }
  }

  #forget(): void {
    const sizeOf = (change: readonly Patch[]): number => change.reduce((sum, { other }) => sum + other.data.length, 0);
    let bytes = this.#past.reduce((sum, change) => sum + sizeOf(change), 0);
    while (bytes > this.#mostBytes && this.#past.length > 1) bytes -= sizeOf(this.#past.shift() ?? []);
  }

  #count(): void {
    this.#canUndo = this.#past.length > 0;
    this.#canRedo = this.#future.length > 0;
  }
}

function tiles({ left, top, right, bottom }: Box): Box[] {
  const found: Box[] = [];
  for (let y = top; y < bottom; y += TILE)
    for (let x = left; x < right; x += TILE)
      found.push({ left: x, top: y, right: Math.min(right, x + TILE), bottom: Math.min(bottom, y + TILE) });
  return found;
}

function differs({ data, channels, width }: Raster, other: Raster, { left, top, right, bottom }: Box): boolean {
  for (let row = top; row < bottom; row++)
    for (let at = channels * (row * width + left); at < channels * (row * width + right); at++)
      if (data[at] !== other.data[at]) return true;
  return false;
}

/** A tile of one colour, as most that nothing was painted on are, is kept as one pixel. */
function packed(tile: Raster): Raster {
  const { channels, data } = tile;
  for (let i = channels; i < data.length; i++) if (data[i] !== data[i - channels]) return tile;
  return raster({ width: 1, height: 1 }, channels, data.slice(0, channels));
}

function unpacked(tile: Raster, { left, top, right, bottom }: Box): Raster {
  const size = { width: right - left, height: bottom - top };
  const { channels, data } = tile;
  if (tile.width === size.width && tile.height === size.height) return tile;
  const whole = raster(size, channels);
  for (let c = 0; c < channels; c++) for (let i = c; i < whole.data.length; i += channels) whole.data[i] = data[c];
  return whole;
}
