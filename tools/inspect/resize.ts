/** `resize`: a picture of another size, to the byte of Pillow. */
import { createHash } from 'node:crypto';
import { RESIZE_MODES, resizeToFit } from '../../src/core/image/geometry';
import { FILTER_IDS } from '../../src/core/image/resample';
import { UsageError, needed, type Arguments } from './arguments';
import { readPicture, writePicture } from './picture-file';
import type { Question } from './question';

/** A side of this many pixels is more than any model makes. */
const MOST_PIXELS = 8192;

export const RESIZE: Question = {
  summary: 'a picture of another size: {"width":...,"height":...,"sha256":...} of its RGBA bytes',
  examples: ['resize public/icons/icon-192.png --width 100 --height 64 --filter lanczos --mode resize_and_fill'],
  options: {
    width: { value: 'px', help: 'of the new picture' },
    height: { value: 'px', help: 'of the new picture' },
    filter: { value: 'name', help: `${FILTER_IDS.join(', ')}; default lanczos` },
    mode: { value: 'name', help: `${RESIZE_MODES.join(', ')}; default just_resize` },
    out: { value: 'file', help: 'writes the picture as a PNG' },
  },
  async ask(args) {
    const size = { width: readSide(args, 'width'), height: readSide(args, 'height') };
    const filter = oneOf(args, 'filter', FILTER_IDS) ?? 'lanczos';
    const mode = oneOf(args, 'mode', RESIZE_MODES) ?? 'just_resize';
    const resized = resizeToFit(await readPicture(args.text()), size, { mode, filter });
    const out = args.word('out');
    if (out !== undefined) await writePicture(out, resized);
    return { ...size, sha256: createHash('sha256').update(resized.data).digest('hex') };
  },
};

function readSide(args: Arguments, name: string): number {
  return needed(name, args.number(name, { min: 1, max: MOST_PIXELS, whole: true }));
}

function oneOf<Id extends string>(args: Arguments, name: string, ids: readonly Id[]): Id | undefined {
  const written = args.word(name);
  const id = ids.find((one) => one === written?.toLowerCase());
  if (written !== undefined && id === undefined)
    throw new UsageError(`--${name} must be one of ${ids.join(', ')}, not "${written}".`);
  return id;
}
