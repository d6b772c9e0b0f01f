/** The same on ONNX Runtime's wasm provider in Node. */
import * as ort from 'onnxruntime-web';
import { createNodeRuntime } from '../../workers/testing/node-ports';
import { measureUpscalers, type UpscalerQuestion } from './measure';

/** CPU time of this process, all its threads: other work on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @returns lines of a table */
export function measureInNode(question: UpscalerQuestion, threads: number): AsyncGenerator<string> {
  ort.env.wasm.numThreads = threads;
  return measureUpscalers(question, { runtime: createNodeRuntime(), cpuMs });
}
