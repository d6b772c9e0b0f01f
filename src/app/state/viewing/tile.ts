/** Many pictures of one size side by side, as large as their room lets them be. */
import type { Extent } from '../pictures/view';

/** A finger finds it; where smaller would be needed, the room scrolls. */
const SMALLEST_PX = 72;
/** Pictures of few pixels are not blown up further. */
const COMFORTABLE_PX = 640;

export interface Tiles extends Extent {
  columns: number;
}

/** @returns CSS pixels of each */
export function tile(count: number, picture: Extent, room: Extent, gap: number): Tiles {
  let best: Tiles = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const across = (room.width - gap * (columns - 1)) / columns / picture.width;
    const down = (room.height - gap * (rows - 1)) / rows / picture.height;
    const scale = Math.min(across, down, COMFORTABLE_PX / Math.max(picture.width, picture.height));
    const tiles = { columns, ...sized(picture, scale) };
    if (tiles.width > best.width) best = tiles;
  }
  const smallest = SMALLEST_PX / Math.min(picture.width, picture.height);
  if (best.width >= picture.width * smallest) return best;
  const size = sized(picture, smallest);
  return { columns: Math.max(1, Math.floor((room.width + gap) / (size.width + gap))), ...size };
}

function sized({ width, height }: Extent, scale: number): Extent {
  return { width: Math.max(0, Math.floor(width * scale)), height: Math.max(0, Math.floor(height * scale)) };
}
