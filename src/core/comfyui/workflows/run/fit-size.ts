/** The size that a model paints in place of what a graph says, where it stands in for another. */
import type { ModelEntry } from '../../../catalog';

interface Size {
  width: number;
  height: number;
}

/** Sides within what the model paints, in pixels. @param say  told where another size is painted: a sentence */
export function sizeFitter({ name, size }: Pick<ModelEntry, 'name' | 'size'>, say: (line: string) => void) {
  const { min, max, step } = size;
  const fit = (side: number): number => Math.min(max, Math.max(min, side - (side % step)));
  return (said: Size): Size => {
    const { width, height } = { width: fit(said.width), height: fit(said.height) };
    if (width !== said.width || height !== said.height)
      say(`${name} paints ${width} × ${height} in place of ${said.width} × ${said.height}.`);
    return { width, height };
  };
}
