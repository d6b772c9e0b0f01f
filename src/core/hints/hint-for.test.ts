import { describe, expect, it } from 'vitest';
import { hintFor, PREPROCESSORS } from '.';
import { makeHint } from './make-hint';
import { isComputed, type PreprocessorId } from './preprocessors';
import { madePicture } from './testing/made-picture';

const picture = madePicture({ width: 40, height: 30 }, 3);
const wish = {
  resolution: -1,
  thresholdA: -1,
  thresholdB: -1,
  seed: 0,
  pixelPerfect: true,
  resizeMode: 'just_resize',
} as const;
/** Preprocessors that look at the picture in a size, and need no mask. */
const SIZED = (Object.keys(PREPROCESSORS) as PreprocessorId[]).filter(
  (id) => isComputed(id) && 'resolution' in PREPROCESSORS[id].settings && !('needsMask' in PREPROCESSORS[id]),
);

describe('a pixel-perfect hint', () => {
  it.each(SIZED)('is as fine as what is drawn where that is smaller than the slider goes: %s', (module) => {
    const { width, height } = hintFor(picture, { ...wish, module, target: { width: 24, height: 18 } });
    expect({ width, height }).not.toEqual({ width: 0, height: 0 });
    if (module === 'canny') expect({ width, height }).toEqual({ width: 24, height: 18 });
  });

  it('is as fine as what is drawn where that is larger than the slider goes', () => {
    const { width, height } = hintFor(picture, { ...wish, module: 'threshold', target: { width: 2744, height: 2058 } });
    expect({ width, height }).toEqual({ width: 2744, height: 2058 });
  });

  it('is refused where it would be larger than is possible, and a slider’s number where it is out of range', () => {
    const huge = { ...wish, module: 'canny', target: { width: 80000, height: 60000 } };
    expect(() => hintFor(picture, huge)).toThrow('A picture of 40 × 30 pixels would have 80000 × 60000');
    expect(() => makeHint('canny', picture, { resolution: 2056 })).toThrow('must be a whole number from 64 to 2048');
  });
});
