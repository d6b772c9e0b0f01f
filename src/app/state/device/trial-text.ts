/** How GPU and CPU were compared, in words. */
import type { DeviceReport, ProviderTrial } from '../../../engine/api';

/** "CPU: 45 ms a step, GPU: 80 ms: the CPU paints"; with what enlarging takes, where that counts */
export function trialText(
  { cpuMs, gpuMs, enlarging: more }: ProviderTrial,
  { provider }: Pick<DeviceReport, 'provider'>,
): string {
  const [cpu, gpu] = more ? [` and ${inMs(more.cpuMs)} to enlarge`, ` and ${inMs(more.gpuMs)}`] : ['', ''];
  return `CPU: ${inMs(cpuMs)} a step${cpu}, GPU: ${inMs(gpuMs)}${gpu}: the ${provider === 'wasm' ? 'CPU' : 'GPU'} paints`;
}

const inMs = (ms: number): string => `${ms < 9.95 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
