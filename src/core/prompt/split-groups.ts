/** How ComfyUI fills chunks: short groups of tokens stay whole. @see ComfyUI comfy/sd1_clip.py tokenize_with_weights */

/** A group of fewer tokens goes to the next chunk rather than being parted. ComfyUI's max_word_length. */
const LARGE_GROUP = 8;

/** Splits into at least one chunk, of at most `capacity` items. */
export function splitGroups<T>(groups: Iterable<readonly T[]>, capacity: number): T[][] {
  let chunk: T[] = [];
  const chunks = [chunk];
  for (const group of groups) {
    const isParted = group.length >= LARGE_GROUP || group.length > capacity;
    let done = 0;
    while (done < group.length) {
      const room = capacity - chunk.length;
      if (isParted || group.length <= room) {
        chunk.push(...group.slice(done, done + room));
        done = Math.min(group.length, done + room);
      }
      if (done < group.length) chunks.push((chunk = []));
    }
  }
  return chunks;
}
