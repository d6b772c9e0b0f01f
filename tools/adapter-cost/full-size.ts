/** What LoRAs cost a U-Net as it is published, of random weights, on the CPU: with and without in one run. */
import { createNodeRuntime } from '../../workers/testing/node-ports';
import { measureSettings, type FullSize } from './settings';

/** CPU time of this process, which has one thread for it: other work on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @returns lines of a table */
export const measureFullSize = (what: FullSize): AsyncGenerator<string> =>
  measureSettings(what, { runtime: createNodeRuntime(), cpuMs });
