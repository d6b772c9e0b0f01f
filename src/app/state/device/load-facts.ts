/** How a model was loaded and is held, in words: what the details of a picture show below its times. */
import { labelOf } from '../../../core/networks/components';
import type { DeviceReport, Timings } from '../../../engine/api';
import { trialText } from './trial-text';
import { formatBytes, formatSeconds } from '../page/format';

const PLAN_NAMES: Record<string, string> = { float32: '32-bit', float16: '16-bit', q8: '8-bit', q4: '4-bit' };

export type Fact = readonly [name: string, text: string];

/** "U-Net": "1.7 GB in 3.2 s, 540 MB/s". */
export function loadFacts({ loads = [] }: Pick<Timings, 'loads'>): Fact[] {
  return loads.map(({ component, bytes, seconds }) => {
    const rate = seconds > 0 ? `, ${formatBytes(bytes / seconds)}/s` : '';
    return [labelOf(component), `${formatBytes(bytes)} in ${formatSeconds(seconds)}${rate}`];
  });
}

export function modelFacts(
  { model, peakGpuBytes, tiles }: Pick<Timings, 'model' | 'peakGpuBytes' | 'tiles'>,
  device: DeviceReport,
): Fact[] {
  const { maxBufferBytes, trial } = device;
  const limit: Fact[] = [
    ...(trial === undefined ? [] : [['Computed with', trialText(trial, device)] as const]),
    ...(tiles === undefined ? [] : [['Developed in', `${tiles} tiles, as the whole did not fit`] as const]),
    ...(peakGpuBytes === undefined ? [] : [['Peak GPU memory', formatBytes(peakGpuBytes)] as const]),
    ...(maxBufferBytes === undefined ? [] : [['Largest buffer of the GPU', formatBytes(maxBufferBytes)] as const]),
  ];
  if (!model) return limit;
  const { plan, activations, isWidened, packsKernels, residency, bytes } = model;
  const name = PLAN_NAMES[plan] ?? plan;
  const form = packsKernels ? `${name}, all in 8 bits or fewer` : isWidened ? `${name}, widened` : name;
  return [
    ['Weights', `${form}, ${formatBytes(bytes)} when loaded`],
    ['Computes in', activations === 'float16' ? 'half precision' : 'full precision'],
    ['Parts', residency === 'resident' ? 'all stay loaded' : 'loaded one after another'],
    ...limit,
  ];
}
