/** The model as samplers see it: (x, sigma) → x0, with the input's scaling, the timestep, guidance and prediction inside. */
import { AppError } from '../core/errors';
import type { Denoise } from '../core/samplers';
import type { DiscreteSchedule, NoiseScheduleConfig } from '../core/schedules';
import type { Context } from './encode';
import type { Session } from './ports';

export interface DenoiserOptions {
  unet: Session;
  schedule: DiscreteSchedule;
  /** [1, width]: a timestep as the U-Net takes it. */
  timestepWave(timestep: number): Float32Array;
  prediction: NoiseScheduleConfig['predictionType'];
  /** [channels, height, width] of the latent. */
  latentDims: readonly [number, number, number];
  positive: Context;
  negative: Context;
  /** D = negative + cfgScale · (positive − negative); at 1 the negative is not computed. */
  cfgScale: number;
  /** Called before every model call; may throw 'cancelled'. */
  beforeCall(): Promise<void>;
  /** Called after every model call. */
  afterCall(): void;
}

/** @throws AppError 'not-a-number' at the call whose output holds NaN or infinity */
export function createDenoiser(o: DenoiserOptions): Denoise {
  return async (x, sigma) => {
    const scaled = x.map((value) => value / Math.sqrt(sigma * sigma + 1));
    const wave = o.timestepWave(o.schedule.sigmaToT(sigma));
    const output = await guidedOutput(scaled, wave, o);
    assertFinite(output, sigma);
    return toDenoised(x, output, sigma, o.prediction);
  };
}

/** Guidance is linear, so that it may act on the model's output in place of x0. */
async function guidedOutput(x: Float32Array, wave: Float32Array, o: DenoiserOptions): Promise<Float32Array> {
  const { positive, negative, cfgScale } = o;
  if (cfgScale === 1) return call(x, wave, positive, o);
  if (positive.tokens !== negative.tokens)
    return guide(await call(x, wave, positive, o), await call(x, wave, negative, o), cfgScale);
  const both = await call(joined(x, x), wave, { ...positive, data: joined(positive.data, negative.data) }, o);
  return guide(both.subarray(0, x.length), both.subarray(x.length), cfgScale);
}

function guide(positive: Float32Array, negative: Float32Array, cfgScale: number): Float32Array {
  return positive.map((value, i) => negative[i] + cfgScale * (value - negative[i]));
}

async function call(x: Float32Array, wave: Float32Array, context: Context, o: DenoiserOptions): Promise<Float32Array> {
  const batch = context.data.length / (context.tokens * context.width);
  await o.beforeCall();
  const outputs = await o.unet.run({
    sample: { data: x, dims: [batch, ...o.latentDims] },
    timestep_wave: { data: wave, dims: [1, wave.length] },
    encoder_hidden_states: { data: context.data, dims: [batch, context.tokens, context.width] },
  });
  o.afterCall();
  return outputs['out_sample'];
}

/** x = x0 + σ·noise; v = α·noise − σ_vp·x0 of the variance-preserving form. @see Salimans and Ho 2022, arXiv:2202.00512 */
function toDenoised(
  x: Float32Array,
  output: Float32Array,
  sigma: number,
  prediction: DenoiserOptions['prediction'],
): Float32Array {
  const variance = sigma * sigma + 1;
  switch (prediction) {
    case 'epsilon':
      return x.map((value, i) => value - sigma * output[i]);
    case 'v_prediction':
      return x.map((value, i) => value / variance - (output[i] * sigma) / Math.sqrt(variance));
    case 'sample':
      return output;
  }
}

function assertFinite(output: Float32Array, sigma: number): void {
  const at = output.findIndex((value) => !Number.isFinite(value));
  if (at === -1) return;
  throw new AppError(
    'not-a-number',
    `The U-Net gave ${output[at]} at noise level ${sigma.toPrecision(4)} (element ${at}). Try another sampler or a lower CFG scale; if it stays, the model's file is damaged.`,
  );
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
