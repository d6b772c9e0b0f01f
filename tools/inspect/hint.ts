/** `hint`: what a preprocessor makes of a picture for a ControlNet. */
import { createHash } from 'node:crypto';
import { drawHint, findPreprocessor, preprocessor, PREPROCESSOR_IDS, type PreprocessorId } from '../../src/core/hints';
import { nearestTo } from '../../src/core/hints/not-here';
import { raster, type Mask, type Raster } from '../../src/core/image/raster';
import { UsageError, needed, type Arguments } from './arguments';
import { asUsage } from './open-path';
import { readPicture, writePicture } from './picture-file';
import type { Question } from './question';
import { networkRunner } from './run-annotator';

export const HINT: Question = {
  summary: 'the hint of a picture: {"preprocessor":...,"width":...,"height":...,"sha256":...} of its bytes',
  examples: ['hint public/icons/icon-192.png --preprocessor canny --threshold-a 100 --threshold-b 200'],
  options: {
    preprocessor: { value: 'name', help: PREPROCESSOR_IDS.join(', ') },
    resolution: { value: 'px', help: 'the shorter side at which the picture is looked at' },
    'threshold-a': { value: 'number', help: 'the first setting, whatever it is: sigma, rate, gamma ...' },
    'threshold-b': { value: 'number', help: 'the second' },
    seed: { value: 'number', help: 'of shuffle; default 0' },
    mask: { value: 'file', help: 'white where to repaint, of inpaint_...' },
    weights: { value: 'file', help: 'of the network, where the preprocessor has one' },
    out: { value: 'file', help: 'writes the hint as a PNG' },
  },
  async ask(args) {
    const id = readName(args);
    const picture = await readPicture(args.text());
    const mask = args.word('mask');
    const options = {
      resolution: args.number('resolution'),
      thresholdA: args.number('threshold-a'),
      thresholdB: args.number('threshold-b'),
      seed: args.number('seed'),
      ...(mask !== undefined && { mask: toMask(await readPicture(mask)) }),
    };
    const hint = await drawHint(id, picture, options, networkRunner(args.word('weights'))).catch(asUsage);
    const out = args.word('out');
    if (out !== undefined) await writePicture(out, hint);
    const { label } = preprocessor(id);
    const { width, height, channels, data } = hint;
    const sha256 = createHash('sha256').update(data).digest('hex');
    return { preprocessor: label, width, height, channels, sha256 };
  },
};

function readName(args: Arguments): PreprocessorId {
  const name = needed('preprocessor', args.word('preprocessor'));
  const id = findPreprocessor(name);
  if (id === undefined)
    throw new UsageError(
      `There is no preprocessor "${name}"; there are ${PREPROCESSOR_IDS.join(', ')}.${nearest(name)}`,
    );
  return id;
}

function nearest(name: string): string {
  const id = nearestTo(name);
  return id === undefined ? '' : ` Nearest is ${id}.`;
}

/** Its red, which is its grey. */
function toMask(picture: Raster<4>): Mask {
  const mask = raster(picture, 1);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = picture.data[4 * i];
  return mask;
}
