/** What a U-Net predicts, and whether its schedule ends in pure noise: what files say of it, else what weights betray. */
import { standardDeviation } from '../math';
import type { TensorFile } from '../formats';
import type { ModelFamily } from '../families/family';
import type { TensorReader } from './opened';

export interface Prediction {
  prediction: 'epsilon' | 'v_prediction';
  zeroTerminalSnr: boolean;
}

/** The layer by which ComfyUI tells SD 2's models apart, and the spread above which it predicts v. */
const TELLTALE = 'up_blocks.3.attentions.2.transformer_blocks.0.norm1.bias';
const V_SPREAD = 0.09;

/**
 * @param notes  what lies beside the checkpoint: A1111's .yaml
 * @see ComfyUI comfy/supported_models.py SD20.model_type, SDXL.model_type; kohya library/sai_model_spec.py
 */
export async function readPrediction(
  files: readonly TensorFile[],
  { family, unet, notes }: { family: ModelFamily; unet: TensorReader | undefined; notes: string },
): Promise<Prediction> {
  const hasKey = (key: string): boolean => files.some(({ tensors }) => tensors.has(key));
  const says = (key: string): string | undefined =>
    files.map(({ metadata }) => metadata[key]).find((v) => v !== undefined);
  const zeroTerminalSnr = hasKey('ztsnr') || /^true$/i.test(says('ss_zero_terminal_snr') ?? '');
  const isV =
    hasKey('v_pred') ||
    isVWord(says('modelspec.prediction_type')) ||
    /^true$/i.test(says('ss_v_parameterization') ?? '') ||
    /parameterization:\s*["']?v\b/.test(notes) ||
    (family === 'sd21' && says('modelspec.prediction_type') === undefined && (await spreads(unet)));
  return { prediction: isV ? 'v_prediction' : 'epsilon', zeroTerminalSnr };
}

const isVWord = (word: string | undefined): boolean => word !== undefined && /^v(_prediction)?$/i.test(word.trim());

async function spreads(unet: TensorReader | undefined): Promise<boolean> {
  if (!unet?.has(TELLTALE) || unet.shape('conv_in.weight')[1] !== 4) return false;
  const values = await unet.read(TELLTALE);
  // ComfyUI divides by the count, not by one less
  return standardDeviation(values) * Math.sqrt((values.length - 1) / values.length) > V_SPREAD;
}
