/** The trained noise schedule against k-diffusion and diffusers, and its config against hostile files. */
import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../errors';
import fixture from './fixtures/sigmas.json';
import { createDiscreteSchedule, readNoiseScheduleConfig, type DiscreteOptions } from './index';
import { SIGMAS } from './formulas';

/** k-diffusion holds timesteps and ln σ in float32. */
const TABLE_REL = 1e-6;
/** float32 timesteps up to 999, where ln σ changes by 0.006 a timestep. */
const TIMESTEP_ABS = 1e-4;
/** diffusers multiplies a thousand alphas in float32, among them 1 − 0.999 at the end of the cosine schedule. */
const DIFFUSERS_REL = 1e-5;

const SD15 = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
const ZERO_SNR = { rescale_betas_zero_snr: true };

function sd15(options: DiscreteOptions = {}) {
  return createDiscreteSchedule(readNoiseScheduleConfig(SD15), options);
}

function expectClose(actual: readonly number[], expected: readonly number[], relative: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i] / value - 1)).toBeLessThanOrEqual(relative));
}

function codeOf(action: () => unknown): [ErrorCode, string] {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.message];
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe.each(fixture.cases)('createDiscreteSchedule on $name', ({ config, table, inverse, diffusers }) => {
  const model = createDiscreteSchedule(readNoiseScheduleConfig(config));

  it('gives the sigma of whole and fractional timesteps as k-diffusion', () => {
    expectClose(table.t.map(model.tToSigma), table.sigma, TABLE_REL);
  });

  it('gives the timestep of a sigma as k-diffusion, clamped outside', () => {
    inverse.sigma.forEach((sigma, i) =>
      expect(Math.abs(model.sigmaToT(sigma) - inverse.t[i])).toBeLessThanOrEqual(TIMESTEP_ABS),
    );
  });

  it('has the sigmas of diffusers, made from the same file', () => {
    expectClose(
      diffusers.index.map((t) => model.sigmas[t]),
      diffusers.sigma,
      DIFFUSERS_REL,
    );
  });

  it('returns from sigma to every timestep it came from', () => {
    const last = model.sigmas.length - 1;
    for (const t of [0, 0.5, 1, 7.25, last / 2, last - 0.125, last])
      expect(model.sigmaToT(model.tToSigma(t))).toBeCloseTo(t, 9);
    expect([model.tToSigma(-1), model.tToSigma(last + 1)]).toEqual([model.sigmaMin, model.sigmaMax]);
  });
});

describe('createDiscreteSchedule', () => {
  it('has the ends that A1111 prints for SD 1.5', () => {
    const { sigmaMin, sigmaMax } = sd15();
    expect([sigmaMin.toFixed(10), sigmaMax.toFixed(7)]).toEqual(['0.0291675329', '14.6146421']);
  });

  it('clamps zero terminal SNR to a sigma of 4096 where the config asks for it, as diffusers', () => {
    const { sigmas, sigmaMax } = createDiscreteSchedule(readNoiseScheduleConfig({ ...SD15, ...ZERO_SNR }));
    expect(sigmaMax).toBeCloseTo(4096, 3);
    expect(sigmas[998]).toBeCloseTo(2254.24, 1);
  });

  it('refuses betas that leave no signal', () => {
    const config = readNoiseScheduleConfig({ beta_start: 0.1, beta_end: 0.999 });
    expect(codeOf(() => createDiscreteSchedule(config))).toEqual([
      'bad-file',
      expect.stringContaining('sigmas must be finite and rise'),
    ]);
  });
});

describe('createDiscreteSchedule with options', () => {
  it("has ComfyUI's ends under its conventions", () => {
    const { sigmaMin, sigmaMax } = sd15({ conventions: 'comfyui' });
    // 0.0291671582 before the table is rounded to float32.
    expect([sigmaMin.toFixed(9), sigmaMax.toFixed(7)]).toEqual(['0.029167159', '14.6146412']);
  });

  it.each(['a1111', 'comfyui'] as const)('forces zero terminal SNR as %s does', (conventions) => {
    const { sigmas, sigmaMin, sigmaMax } = sd15({ conventions, zeroTerminalSnr: true });
    expect([sigmaMax.toFixed(2), sigmas[998].toFixed(1), sigmaMin.toFixed(5)]).toEqual([
      '4518.76',
      '2254.2',
      '0.02917',
    ]);
  });

  it('leaves a model alone that has zero terminal SNR of its own', () => {
    const config = readNoiseScheduleConfig({ ...SD15, ...ZERO_SNR });
    const forced = createDiscreteSchedule(config, { zeroTerminalSnr: true });
    expect(forced.sigmas).toEqual(createDiscreteSchedule(config).sigmas);
  });

  it('computes in halves where alphas are downcast, as k-diffusion on a half tensor', () => {
    const { sigmaMin, sigmaMax } = sd15({ downcastAlphas: true });
    expect([sigmaMin, sigmaMax]).toEqual([0.03125, 14.609375]);
  });

  it('refuses to downcast a model whose first alphas are 1 in halves', () => {
    const config = readNoiseScheduleConfig({ beta_start: 0.0001, beta_end: 0.02 });
    expect(codeOf(() => createDiscreteSchedule(config, { downcastAlphas: true }))[0]).toBe('bad-request');
  });

  it('gives the timesteps that A1111 and ComfyUI give to the steps of Karras', () => {
    const [webui, comfy] = [sd15(), sd15({ conventions: 'comfyui' })];
    const karras = SIGMAS.karras(10, webui).subarray(0, 10);
    const printed = Array.from(karras, (sigma) => webui.sigmaToT(sigma).toFixed(3)).join(' ');
    expect(printed).toBe('999.000 916.284 815.045 687.153 523.199 327.147 145.939 40.857 6.732 0.000');
    const whole = [999, 916, 815, 687, 523, 327, 146, 41, 7, 0];
    expect(Array.from(karras, comfy.sigmaToT)).toEqual(whole);
    expect(Array.from(karras, sd15({ timesteps: 'nearest' }).sigmaToT)).toEqual(whole);
    expect(comfy.sigmaToT(100)).toBe(999);
    expect(comfy.sigmaToT(0.001)).toBe(0);
  });

  it('takes fractional timesteps under any conventions where asked', () => {
    expect(sd15({ conventions: 'comfyui', timesteps: 'fractional' }).sigmaToT(1)).toBeCloseTo(sd15().sigmaToT(1), 4);
  });
});

describe('readNoiseScheduleConfig', () => {
  it('fills in what diffusers fills in', () => {
    expect(readNoiseScheduleConfig({ trained_betas: null, _class_name: 'DDIMScheduler' })).toEqual({
      numTrainTimesteps: 1000,
      betaSchedule: 'linear',
      betaStart: 0.0001,
      betaEnd: 0.02,
      trainedBetas: undefined,
      rescaleBetasZeroSnr: false,
      predictionType: 'epsilon',
      timestepSpacing: 'leading',
    });
  });

  it.each([
    [null, 'must hold one JSON object'],
    [[], 'must hold one JSON object'],
    ['{}', 'must hold one JSON object'],
    [{ beta_start: '0.1' }, 'beta_start'],
    [{ beta_start: 0 }, 'beta_start'],
    [{ beta_end: 1 }, 'beta_end'],
    [{ beta_end: NaN }, 'beta_end'],
    [{ num_train_timesteps: 1 }, 'num_train_timesteps'],
    [{ num_train_timesteps: 1e9 }, 'num_train_timesteps'],
    [{ num_train_timesteps: 12.5 }, 'num_train_timesteps'],
    [{ rescale_betas_zero_snr: 'yes' }, 'rescale_betas_zero_snr'],
    [{ prediction_type: 7 }, 'prediction_type'],
    [{ trained_betas: [] }, 'trained_betas'],
    [{ trained_betas: [0.1, '0.2'] }, 'trained_betas'],
    [{ trained_betas: { length: 3 } }, 'trained_betas'],
  ])('calls %j a bad file and names what is wrong', (json, named) => {
    expect(codeOf(() => readNoiseScheduleConfig(json, 'x/scheduler_config.json'))).toEqual([
      'bad-file',
      expect.stringMatching(new RegExp(`^x/scheduler_config.json.*${named}`)),
    ]);
  });

  it.each([{ prediction_type: 'flow_prediction' }, { beta_schedule: 'sigmoid' }, { timestep_spacing: 'karras' }])(
    'calls %j a model that Gesso does not run',
    (json) => expect(codeOf(() => readNoiseScheduleConfig(json))[0]).toBe('unsupported-model'),
  );
});
