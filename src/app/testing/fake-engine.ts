/** A scripted engine for tests and for work on the page: paints coloured shapes, slowly; fails on demand. */
import { AppError, type ErrorCode, isErrorCode } from '../../core/errors';
import type { DeviceExamination, DeviceReport, EventListener, GeneratedPicture, Pixels } from '../../engine/api';
import type { GenerationRequest } from '../../core/recipe/request';
import type { EngineHandle } from '../../clients/engine-client';

export interface FakeEngine extends EngineHandle {
  /** Names of the calls so far, in order. */
  readonly calls: string[];
  /** What the next load or generate throws. */
  failNext(call: 'open' | 'examine' | 'load' | 'generate', code: ErrorCode): void;
}

const GPU: DeviceReport = { provider: 'webgpu', adapter: 'NVIDIA GeForce RTX 4090' };
/** What would be found of a GPU of Chromium's Vulkan without the mended shaders. */
const EXAMINATION: DeviceExamination = {
  abilities: {
    fullPrecision: { isUsed: true, found: 'right' },
    halfPrecision: { isUsed: true, found: 'right' },
    fastAttention: { isUsed: false, found: 'wrong', error: 0.037, operator: 'attention in a text' },
    packedMatrices: { isUsed: true, found: 'right' },
  },
  seconds: 1.4,
  at: 0,
};
const CPU: DeviceReport = { provider: 'wasm', adapter: 'CPU, 8 threads' };
const FALLBACK = 'WebGPU is not available in this browser.';

/**
 * @param script words separated by commas: `cpu` has no WebGPU, a number is the milliseconds of one step (0: none),
 *   `load:<code>` and `generate:<code>` fail once with that code. A `<tag:x>` of a prompt gives a notice.
 */
export function createFakeEngine(script = ''): FakeEngine {
  const words = script.split(',');
  const stepMs = Number(words.find((word) => /^\d+$/.test(word)) ?? 350);
  const failures = new Map<string, ErrorCode>();
  for (const [call, code] of words.map((word) => word.split(':')))
    if (call && code && isErrorCode(code)) failures.set(call, code);
  const calls: string[] = [];
  let device = GPU;
  let isCancelled = false;

  const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const enter = (call: string): void => {
    calls.push(call);
    isCancelled = false;
    const code = failures.get(call);
    failures.delete(call);
    if (code)
      throw new AppError(
        code,
        'unet/diffusion_pytorch_model.safetensors: tensor "conv_in.weight" ends at byte 4211200 but the file has 4096: the download is incomplete.',
      );
  };

  return {
    calls,
    failNext: (call, code) => void failures.set(call, code),
    restart: () => void calls.push('restart'),
    cancel: () => {
      calls.push('cancel');
      isCancelled = true;
    },
    countTokens: (text) => Promise.resolve({ tokens: (text.match(/\S+/g) ?? []).length, limit: 75 }),
    async open({ provider }) {
      enter('open');
      await rest(stepMs / 4);
      const wantsCpu = provider === 'wasm' || words.includes('cpu');
      device = wantsCpu ? { ...CPU, ...(provider !== 'wasm' && { fallbackReason: FALLBACK }) } : GPU;
      return device;
    },
    async examine() {
      enter('examine');
      await rest(stepMs);
      device = { ...device, examination: { ...EXAMINATION, at: Date.now() } };
      return device;
    },
    async load(_model, onEvent) {
      enter('load');
      for (let part = 0; part <= 10; part += 1) {
        onEvent({
          type: 'loading',
          file: 'unet/diffusion_pytorch_model.safetensors',
          loadedBytes: part * 2.45e6,
          totalBytes: 24.5e6,
        });
        await rest(stepMs / 3);
      }
    },
    async generate(request, _model, onEvent) {
      enter('generate');
      onEvent({ type: 'device', device });
      onEvent({ type: 'stage', stage: 'encoding' });
      await rest(stepMs / 2);
      for (const [tag] of request.prompt.matchAll(/<\w+:[^>]+>/g))
        onEvent({ type: 'notice', message: `${tag} was left out.` });
      await denoise(request, onEvent);
      onEvent({ type: 'stage', stage: 'decoding' });
      await rest(stepMs / 2);
      return picture(request);
    },
    run: () => Promise.reject(new AppError('internal', 'The fake paints recipes alone.')),
  };

  async function denoise(request: GenerationRequest, onEvent: EventListener): Promise<void> {
    const { steps, width, height } = request;
    onEvent({ type: 'stage', stage: 'denoising' });
    for (let step = 1; step <= steps; step += 1) {
      await rest(stepMs);
      if (isCancelled) throw new AppError('cancelled', 'Cancelled.');
      const preview = disc(width / 8, height / 8, Number(request.seed), step / steps);
      onEvent({ type: 'step', step, steps, secondsLeft: ((steps - step) * stepMs) / 1000, preview });
    }
  }

  function picture(request: GenerationRequest): GeneratedPicture {
    const seconds = (request.steps * stepMs) / 1000;
    return {
      pixels: disc(request.width, request.height, Number(request.seed), 1),
      request,
      device,
      timings: {
        loadSeconds: 0,
        encodeSeconds: 0.04,
        denoiseSeconds: seconds,
        decodeSeconds: 0.2,
        totalSeconds: seconds + 0.24,
        modelCalls: request.steps,
      },
    };
  }
}

/** A disc of a colour that the seed decides, on white, behind noise that goes away as `done` nears 1. */
function disc(width: number, height: number, seed: number, done: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const isInside = Math.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.55) < 0.36;
      for (let c = 0; c < 3; c += 1) {
        const ink = isInside ? 60 + (((seed + 1) * (c * 71 + 37)) % 190) : 250;
        const noise = ((x * 73 + y * 151 + c * 53 + x * y * 31) % 256) - 128;
        data[(y * width + x) * 4 + c] = ink + noise * (1 - done);
      }
    }
  return { width, height, data };
}
