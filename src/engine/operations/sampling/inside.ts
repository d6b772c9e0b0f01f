/** What settings change inside of the denoiser: it is loaded so that it can be told, and told in each call how much. */
import { AppError } from '../../../core/errors';
import { acts } from '../../../core/control/active-steps';
import {
  FREEU_SCALES,
  PERTURBED,
  SHRINK,
  SHRINK_MODES,
  type ControlForm,
  type ShrinkForm,
} from '../../../core/networks';
import { shrinkProblem } from '../../../core/recipe/problems';
import type { SettingsOf } from '../../../core/workflow';
import type { Model } from '../../models/model';
import type { NamedTensor } from '../../ports';

type Settings = Pick<
  SettingsOf<'sample'>,
  | ('freeu' | 'freeuB1' | 'freeuB2' | 'freeuS1' | 'freeuS2' | 'pagScale' | 'sagScale')
  | ('shrinkBlock' | 'shrinkFactor' | 'shrinkStart' | 'shrinkEnd' | 'shrinkKeepsSmall' | 'shrinkDown' | 'shrinkUp')
>;

/** The inputs that every call of a picture needs beside the usual ones; undefined where the denoiser is as it was made. */
export type Inside = (rows: readonly { isPerturbed?: boolean }[], call: InsideCall) => Record<string, NamedTensor>;

interface InsideCall {
  sigma: number;
  sigmaOf(timestep: number): number;
}

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
    shrinks: shrinkOf(settings, model),
  };
  const isChanged = tellsAttention || wanted.freeu || wanted.perturbs || wanted.shrinks;
  if (isChanged && !model.encoderSizes)
    throw new AppError(
      'bad-request',
      `${model.entry.name} is of ready-made graphs, inside of which nothing can be changed: it paints without FreeU, PAG, SAG and Deep Shrink.`,
    );
  const form = model.changes.useControl(wanted);
  if (!form.freeu && !form.perturbs && !form.shrinks) return undefined;
  const scales = scalesOf(settings);
  return (rows, call) => ({
    ...(form.shrinks && { [SHRINK]: shrinkAt(settings, call) }),
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

/**
 * Undefined where it does nothing: also of a block that the denoiser does not have.
 * @throws AppError 'bad-request' where what it is together with needs maps of their own size
 */
export function shrinkOf(
  { shrinkBlock: block, ...settings }: Settings,
  { encoderSizes }: Model,
): ShrinkForm | undefined {
  const blocks = (encoderSizes?.residuals ?? Infinity) - 1;
  if (block === 0 || block >= blocks || settings.shrinkFactor === 1) return undefined;
  const problem = shrinkProblem({ shrinkBlock: block, ...settings });
  if (problem !== undefined) throw new AppError('bad-request', problem);
  return { block, afterSkip: !settings.shrinkKeepsSmall };
}

/** What a call is told: see shrinkInputs. */
function shrinkAt(settings: Settings, { sigma, sigmaOf }: InsideCall): NamedTensor {
  const range = { start: settings.shrinkStart, end: settings.shrinkEnd };
  const isOn = acts('comfyui', range, { sigma, reported: 0, steps: 1 }, sigmaOf);
  const [down, up] = [settings.shrinkDown, settings.shrinkUp].map((mode) => SHRINK_MODES.indexOf(mode));
  const after = settings.shrinkKeepsSmall ? 0 : 1;
  const told = [isOn ? settings.shrinkFactor : 1, down, up, settings.shrinkBlock, after];
  return { data: Float32Array.from(told), dims: [told.length] };
}
