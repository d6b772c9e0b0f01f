/** What settings change inside of the denoiser: it is loaded so that it can be told, and told in each call how much. */
import { AppError } from '../../../core/errors';
import { FREEU_SCALES, PERTURBED, type ControlForm } from '../../../core/networks';
import type { SettingsOf } from '../../../core/workflow';
import type { Model } from '../../models/model';
import type { NamedTensor } from '../../ports';

type Settings = Pick<
  SettingsOf<'sample'>,
  'freeu' | 'freeuB1' | 'freeuB2' | 'freeuS1' | 'freeuS2' | 'pagScale' | 'sagScale'
>;

/** The inputs that every call of a picture needs beside the usual ones; undefined where the denoiser is as it was made. */
export type Inside = (rows: readonly { isPerturbed?: boolean }[]) => Record<string, NamedTensor>;

/**
 * The model's denoiser is to be loaded after this.
 *
 * @throws AppError 'bad-request' where its graphs are ready-made
 */
export function insideOf(settings: Settings, model: Model): Inside | undefined {
  const tellsAttention = settings.sagScale !== 0;
  const wanted: ControlForm = {
    ...(settings.freeu !== 'none' && { freeu: true }),
    ...(settings.pagScale !== 0 && { perturbs: true }),
    tellsAttention,
  };
  if ((tellsAttention || Object.keys(wanted).length > 1) && !model.encoderSizes)
    throw new AppError(
      'bad-request',
      `${model.entry.name} is of ready-made graphs, inside of which nothing can be changed: it paints without FreeU, PAG and SAG.`,
    );
  const form = model.changes.useControl(wanted);
  if (!form.freeu && !form.perturbs) return undefined;
  const scales = scalesOf(settings);
  return (rows) => ({
    ...(form.freeu && { [FREEU_SCALES]: { data: scales, dims: [scales.length] } }),
    ...(form.perturbs && {
      [PERTURBED]: {
        data: Float32Array.from(rows, ({ isPerturbed }) => (isPerturbed ? 1 : 0)),
        dims: [rows.length, 1, 1],
      },
    }),
  });
}

/** In the order of freeuInputs; of ones where it is off. */
function scalesOf({ freeu, freeuB1, freeuS1, freeuB2, freeuS2 }: Settings): Float32Array {
  if (freeu === 'none') return Float32Array.of(1, 1, 1, 1, 0);
  return Float32Array.of(freeuB1, freeuS1, freeuB2, freeuS2, freeu === 'v2' ? 1 : 0);
}
