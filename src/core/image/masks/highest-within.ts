/** The highest of so many pixels to each side, along one way: what masks grow by. */
import { raster, type Mask } from '../raster';

/** Line by line, with a queue of those that can still be it. @param reach  whole pixels */
export function highestWithin(mask: Mask, reach: number, way: 'across' | 'down' = 'across'): Mask {
  const { width, height, data } = mask;
  const [lines, length, between, step] = way === 'across' ? [height, width, width, 1] : [width, height, 1, width];
  const highest = raster(mask, 1);
  const queue = new Int32Array(length);
  for (let line = 0; line < lines; line++) {
    const first = line * between;
    const levelAt = (place: number): number => data[first + place * step];
    let [head, tail] = [0, 0];
    for (let place = 0; place < length + reach; place++) {
      if (place < length) {
        while (tail > head && levelAt(queue[tail - 1]) <= levelAt(place)) tail--;
        queue[tail++] = place;
      }
      const at = place - reach;
      if (at < 0) continue;
      while (queue[head] < at - reach) head++;
      highest.data[first + at * step] = levelAt(queue[head]);
    }
  }
  return highest;
}
