/** What a U-Net predicts, and whether its schedule ends in pure noise: what files say of it, else what weights betray. */
import type { FamilyFiles } from '../families/files';
import type { TensorFile } from '../formats';
import { standardDeviation } from '../math';
import type { OpenedCheckpoint, TensorReader } from './opened';

export type ToldPrediction = Pick<OpenedCheckpoint, 'prediction' | 'zeroTerminalSnr'>;

/**
 * @param notes  what lies beside the checkpoint: A1111's .yaml
 * @see ComfyUI comfy/supported_models.py SD20.model_type, SDXL.model_type; kohya library/sai_model_spec.py
 */
export async function readPrediction(
  files: readonly TensorFile[],
  { family, denoiser, notes }: { family: FamilyFiles; denoiser: TensorReader | undefined; notes: string },
): Promise<ToldPrediction> {
  const hasKey = (key: string): boolean => files.some(({ tensors }) => tensors.has(key));
  const says = (key: string): string | undefined =>
    files.map(({ metadata }) => metadata[key]).find((v) => v !== undefined);
  const zeroTerminalSnr = hasKey('ztsnr') || /^true$/i.test(says('ss_zero_terminal_snr') ?? '');
  const isV =
    hasKey('v_pred') ||
    isVWord(says('modelspec.prediction_type')) ||
    /^true$/i.test(says('ss_v_parameterization') ?? '') ||
    /parameterization:\s*["']?v\b/.test(notes) ||
    (says('modelspec.prediction_type') === undefined && (await betraysV(family, denoiser)));
  return { prediction: isV ? 'v_prediction' : 'epsilon', zeroTerminalSnr };
}

const isVWord = (word: string | undefined): boolean => word !== undefined && /^v(_prediction)?$/i.test(word.trim());

/** Tells v-prediction by the spread of a tensor of models that were made from nothing but latents. */
async function betraysV({ predictsV }: FamilyFiles, denoiser: TensorReader | undefined): Promise<boolean> {
  if (!predictsV || !denoiser?.has(predictsV.telltale)) return false;
  if (denoiser.shape('conv_in.weight')[1] !== predictsV.inChannels) return false;
  const values = await denoiser.read(predictsV.telltale);
  // ComfyUI divides by the count, not by one less
  return standardDeviation(values) * Math.sqrt((values.length - 1) / values.length) > predictsV.spread;
}
