/** How GPU and CPU were compared, in words. */
import type { DeviceReport, ProviderTrial } from '../../../engine/api';

/** "CPU: 45 ms a step, GPU: 80 ms: the CPU paints" */
export function trialText({ cpuMs, gpuMs }: ProviderTrial, { provider }: Pick<DeviceReport, 'provider'>): string {
  return `CPU: ${inMs(cpuMs)} a step, GPU: ${inMs(gpuMs)}: the ${provider === 'wasm' ? 'CPU' : 'GPU'} paints`;
}

const inMs = (ms: number): string => `${ms < 9.95 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
