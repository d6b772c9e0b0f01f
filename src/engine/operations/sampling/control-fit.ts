/** Whether a ControlNet or an adapter is for the model at hand, and which kind of hint a Union is given. */
import { kindOfModule, UNION_KINDS, unionKinds, type UnionKind } from '../../../core/control/union-kinds';
import { AppError } from '../../../core/errors';
import { nameOfWidth, shortNameOf } from '../../../core/families/recognise';
import { readsPicture } from '../../../core/hints/preprocessors';
import { takesFeatures } from '../../../core/networks';
import type { EncoderSizes, FeatureSizes } from '../../../core/networks/network';
import type { Control } from '../../models/control';
import type { Model } from '../../models/model';
import type { ControlUse } from '../implementation';

/** @throws AppError 'bad-request' naming both, 'unsupported-model' for models of ready-made graphs */
export function assertFits(
  { entry: { name: unit }, control, features, imagePrompt, family }: Control,
  model: Model,
): void {
  const { encoderSizes: encoder, entry } = model;
  const { latentFactor } = model.traits;
  const { name } = entry;
  if (!encoder)
    throw new AppError(
      'unsupported-model',
      `${name} is of ready-made graphs, which take no ControlNet. Get the model as a checkpoint.`,
    );
  const isFit = control
    ? isAlike(control, encoder) && control.hintFactor === latentFactor
    : imagePrompt
      ? imagePrompt.contextWidth === encoder.contextWidth && imagePrompt.layers.join() === encoder.crossLayers.join()
      : features !== undefined && fitsLevels(features, encoder, latentFactor);
  if (isFit) return;
  const context = (control ?? imagePrompt)?.contextWidth;
  const its = (context === undefined ? undefined : nameOfWidth(context)) ?? shortNameOf(family);
  const own = nameOfWidth(encoder.contextWidth);
  const what = control ? 'ControlNet' : imagePrompt ? 'IP-Adapter' : 'T2I-Adapter';
  const wanted = own === undefined || its === own ? `one that was made for ${name}` : `a ${what} for ${own}`;
  throw new AppError(
    'bad-request',
    `${unit} is a ${what} for ${its}; ${name} is ${own === undefined || its === own ? 'of another shape' : own}. Choose ${wanted}.`,
  );
}

/** @throws AppError 'bad-request' where what made its hint is for units of another kind */
export function assertModule({ module }: Pick<ControlUse, 'module'>, { entry: { name }, imagePrompt }: Control): void {
  if (imagePrompt && !readsPicture(module))
    throw new AppError(
      'bad-request',
      `${name} is an IP-Adapter, which looks at the picture itself: choose "ip-adapter-auto" as its preprocessor, not "${module}".`,
    );
  if (!imagePrompt && readsPicture(module))
    throw new AppError(
      'bad-request',
      `${name} is no IP-Adapter, which the preprocessor "${module}" is for: choose another preprocessor, or an IP-Adapter.`,
    );
}

const isAlike = (a: EncoderSizes, b: EncoderSizes): boolean =>
  a.contextWidth === b.contextWidth &&
  a.addedWidth === b.addedWidth &&
  a.residuals === b.residuals &&
  a.levels.join() === b.levels.join();

/** A feature a level, and at most one more for the middle, each as large as the map that it joins. */
function fitsLevels({ channels, factors }: FeatureSizes, { levels }: EncoderSizes, latentFactor: number): boolean {
  if (channels.length < levels.length || channels.length > levels.length + 1) return false;
  const isAsWide = channels.every((count, i) => count === levels[Math.min(i, levels.length - 1)]);
  const divisors = factors.map((factor) => factor / latentFactor);
  return isAsWide && takesFeatures({ levels }, divisors);
}

/**
 * Which of a Union's kinds a hint is: what is said, else what its preprocessor makes.
 * @returns −1 where nothing is known, undefined of what is no Union
 * @throws AppError 'bad-request' where it does not know the kind
 */
export function kindIndex({ kind, module }: ControlUse, { entry, control }: Control): number | undefined {
  const known = control?.kinds ?? 0;
  if (known === 0) return undefined;
  const wanted = kind === 'auto' ? kindOfModule(module) : (kind as UnionKind);
  if (wanted === undefined) return -1;
  const index = unionKinds().indexOf(wanted);
  if (index >= 0 && index < known) return index;
  const labels = unionKinds()
    .slice(0, known)
    .map((id) => UNION_KINDS[id].label);
  throw new AppError(
    'bad-request',
    `${entry.name} knows no hints of the kind ${index < 0 ? `"${kind}"` : UNION_KINDS[wanted].label}; it knows ${labels.join(', ')}.`,
  );
}
