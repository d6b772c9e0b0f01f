/**
 * Canny's edges as OpenCV finds them, to the pixel: white lines on black.
 *
 * @see J. Canny 1986; OpenCV 5.0, canny.cpp (aperture 3, L2gradient false): in a picture of colours each pixel goes by its
 * channel of most slope, not by its grey
 */
import { raster, type Raster } from '../image/raster';

/** Levels of |dx| + |dy|; fractions are cut off, the smaller of the two is the low one. */
export interface CannyThresholds {
  low: number;
  high: number;
}

/** tan 22.5° in 2⁻¹⁵: below it a slope is across, above its complement it is down. */
const TAN_22 = 13573;

/** Slopes of every pixel; `steepness` has a frame of zeros one pixel wide, so that nothing asks whether it is outside. */
interface Slopes {
  across: Int16Array;
  down: Int16Array;
  /** How steep the picture is, [height + 2, width + 2]. */
  steepness: Int32Array;
}

/** What is known of a pixel while edges are gathered: a weak one becomes an edge where a strong one leads to it. */
const [WEAK, EDGE] = [1, 255];

/** Edges, white on black. */
export function findEdges(picture: Raster<1 | 3>, { low, high }: CannyThresholds): Raster<1> {
  const slopes = slopesOf(picture);
  const [least, strong] = [Math.floor(Math.min(low, high)), Math.floor(Math.max(low, high))];
  const { marks, edges } = markRidges(slopes, picture, least, strong);
  follow(marks, edges, picture.width + 2);
  const { width, height } = picture;
  const to = raster({ width, height }, 1);
  for (let y = 0; y < height; y++)
    for (let x = 0, at = (y + 1) * (width + 2) + 1; x < width; x++, at++)
      if (marks[at] === EDGE) to.data[y * width + x] = EDGE;
  return to;
}

/** Sobel 3 × 3, the border repeated: first what is down a column of three, then across it. */
function slopesOf({ width, height, channels, data }: Raster<1 | 3>): Slopes {
  const length = width * channels;
  const slopes = {
    across: new Int16Array(width * height),
    down: new Int16Array(width * height),
    steepness: new Int32Array((width + 2) * (height + 2)),
  };
  const sums = new Int16Array(length + 2 * channels);
  const differences = new Int16Array(length + 2 * channels);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * length;
    const [here, below] = [y * length, Math.min(height - 1, y + 1) * length];
    for (let i = 0; i < length; i++) {
      sums[i + channels] = data[above + i] + 2 * data[here + i] + data[below + i];
      differences[i + channels] = data[below + i] - data[above + i];
    }
    repeatEnds(sums, channels);
    repeatEnds(differences, channels);
    steepestOfRow(slopes, { sums, differences, channels, width, y });
  }
  return slopes;
}

function repeatEnds(line: Int16Array, channels: number): void {
  const last = line.length - channels;
  for (let c = 0; c < channels; c++) {
    line[c] = line[channels + c];
    line[last + c] = line[last - channels + c];
  }
}

/** Slope of the steepest channel at each pixel of a row; the first of equally steep ones. */
function steepestOfRow(
  { across, down, steepness }: Slopes,
  row: { sums: Int16Array; differences: Int16Array; channels: number; width: number; y: number },
): void {
  const { sums, differences, channels, width, y } = row;
  for (let x = 0, i = 0; x < width; x++) {
    let most = -1;
    let dx = 0;
    let dy = 0;
    for (let c = 0; c < channels; c++, i++) {
      const toRight = sums[i + 2 * channels] - sums[i];
      const toBottom = differences[i] + 2 * differences[i + channels] + differences[i + 2 * channels];
      const steep = Math.abs(toRight) + Math.abs(toBottom);
      if (steep <= most) continue;
      most = steep;
      dx = toRight;
      dy = toBottom;
    }
    across[y * width + x] = dx;
    down[y * width + x] = dy;
    steepness[(y + 1) * (width + 2) + x + 1] = most;
  }
}

/** Keeps what is steeper than both neighbours along its slope. @returns marks, framed, and the places of strong ones */
function markRidges({ across, down, steepness }: Slopes, { width, height }: Raster, least: number, strong: number) {
  const stride = width + 2;
  const marks = new Uint8Array(steepness.length);
  const edges: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0, at = (y + 1) * stride + 1, i = y * width; x < width; x++, at++, i++) {
      const steep = steepness[at];
      if (steep <= least || !isRidge(steepness, at, stride, across[i], down[i])) continue;
      marks[at] = WEAK;
      if (steep > strong) {
        marks[at] = EDGE;
        edges.push(at);
      }
    }
  return { marks, edges };
}

function isRidge(steepness: Int32Array, at: number, stride: number, dx: number, dy: number): boolean {
  const steep = steepness[at];
  const x = Math.abs(dx);
  const y = Math.abs(dy) * 2 ** 15;
  const flat = x * TAN_22;
  if (y < flat) return steep > steepness[at - 1] && steep >= steepness[at + 1];
  if (y > flat + x * 2 ** 16) return steep > steepness[at - stride] && steep >= steepness[at + stride];
  const side = (dx ^ dy) < 0 ? -1 : 1;
  return steep > steepness[at - stride - side] && steep > steepness[at + stride + side];
}

/** Weak ones beside an edge become edges, and those beside them. @param edges  used up */
function follow(marks: Uint8Array, edges: number[], stride: number): void {
  const around = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1];
  for (let at = edges.pop(); at !== undefined; at = edges.pop())
    for (const step of around)
      if (marks[at + step] === WEAK) {
        marks[at + step] = EDGE;
        edges.push(at + step);
      }
}
