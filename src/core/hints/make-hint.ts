/** The hint of a picture: its settings checked and filled in, its transparency laid on white, and the preprocessor run. */
import { AppError } from '../errors';
import { assertSameSize, toRgb, type Mask, type Raster } from '../image/raster';
import { onWhite } from './annotator-size';
import { HINT_SETTING_IDS, type HintSettingId, type HintValues } from './preprocessor';
import { preprocessor, type PreprocessorId } from './preprocessors';

/** What is not given is as the preprocessor has it; −1 of a setting means that, too, as in sd-webui-controlnet. */
export interface HintOptions extends Partial<HintValues> {
  mask?: Mask;
  /** Taken in place of the resolution, and of any size: what "pixel perfect" works out is no slider's. */
  pixelPerfect?: number;
}

/**
 * @returns RGB, or RGBA whose alpha is the mask; not always of the picture's size
 * @throws AppError 'bad-request' for a setting out of its range, a missing mask, one of another size
 */
export function makeHint(id: PreprocessorId, picture: Raster, { mask, ...given }: HintOptions = {}): Raster<3 | 4> {
  const { needsMask, label, ...one } = preprocessor(id);
  if (!('make' in one)) throw new AppError('bad-request', `"${label}" needs a network, ${one.file}`);
  const { make } = one;
  if (needsMask && !mask) throw new AppError('bad-request', `"${label}" needs a mask that says where to repaint`);
  if (mask) assertFits(picture, mask);
  const hint = make({ picture: onWhite(picture), ...(mask && { mask }) }, hintValues(id, given));
  return hint.channels === 4 ? (hint as Raster<4>) : toRgb(hint);
}

/** Every setting; of what the preprocessor does not have 0. @throws AppError 'bad-request' */
export function hintValues(id: PreprocessorId, given: HintOptions): HintValues {
  const { seed = 0, pixelPerfect } = given;
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new AppError(
      'bad-request',
      `The seed of a hint must be a whole number from 0 to ${2 ** 32 - 1}, not ${seed}`,
    );
  const values = { resolution: 0, thresholdA: 0, thresholdB: 0, seed };
  for (const name of HINT_SETTING_IDS) values[name] = settingOf(id, name, given[name]);
  if (pixelPerfect !== undefined && preprocessor(id).settings.resolution) values.resolution = pixelPerfect;
  return values;
}

function settingOf(id: PreprocessorId, name: HintSettingId, given: number | undefined): number {
  const { settings, label } = preprocessor(id);
  const setting = settings[name];
  if (!setting) return 0;
  if (given === undefined || given === -1) return setting.value;
  if (given >= setting.min && given <= setting.max && (name !== 'resolution' || Number.isInteger(given))) return given;
  const kind = name === 'resolution' ? 'a whole number' : 'a number';
  throw new AppError(
    'bad-request',
    `"${setting.label}" of "${label}" must be ${kind} from ${setting.min} to ${setting.max}, not ${given}`,
  );
}

function assertFits(picture: Raster, mask: Mask): void {
  try {
    assertSameSize(picture, mask);
  } catch (cause) {
    throw new AppError(
      'bad-request',
      `The mask has ${mask.width} × ${mask.height} pixels and the picture ${picture.width} × ${picture.height}`,
      { cause },
    );
  }
}
