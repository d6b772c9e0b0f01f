/** The networks whose kernels are counted, in the published layout and narrower: how many there are does not depend on widths. */
import {
  ELEMENT_BYTES,
  elementCount,
  evaluateDim,
  type Activations,
  type BuiltGraph,
  type Dim,
} from '../../src/core/graph';
import { buildUnet, readUnetConfig } from '../../src/core/networks';
import { FAMILY_CONFIGS } from '../../src/core/families/configs';
import { lazyGraph } from '../../src/core/weights';
import type { RawSession, RawTensor } from '../../src/engine/ports';
import type { DispatchCounter, Dispatches } from './count-dispatches';

export type KernelFamily = 'sd15' | 'sdxl';

export interface KernelQuestion {
  family: KernelFamily;
  activations: Activations;
  /** Channels of the first level, of 320; heads are as many as published, or two where that is too narrow. */
  channels: number;
  /** Side of the latent in cells. */
  side: number;
}

export function kernelGraph({ family, activations, channels }: KernelQuestion): BuiltGraph {
  const json = FAMILY_CONFIGS[family].unet;
  const narrow = {
    ...json,
    block_out_channels: json.block_out_channels.map((n) => (n / 320) * channels),
    attention_head_dim: 2,
  };
  const config = readUnetConfig('config.json', channels === 320 ? json : narrow);
  return buildUnet(config, { target: 'webgpu', activations });
}

export interface KernelHost {
  counter: DispatchCounter;
  createSession(graph: ReturnType<typeof lazyGraph>): Promise<Pick<RawSession, 'run' | 'dispose'>>;
}

export const countCall = (question: KernelQuestion, host: KernelHost): Promise<Dispatches> =>
  countGraph(kernelGraph(question), question.side, host);

/** The second call of a session, batch 2: in the first one the runtime may still lay things out. */
export async function countGraph(
  graph: BuiltGraph,
  side: number,
  { counter, createSession }: KernelHost,
): Promise<Dispatches> {
  const session = await createSession(lazyGraph(graph, zeros));
  const inputs = inputsOf(graph, side);
  await session.run(inputs);
  counter.take();
  await session.run(inputs);
  const counts = counter.take();
  await session.dispose();
  return counts;
}

export const zeros = ({ value }: BuiltGraph['weights'][number]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]));

/** Sizes that a graph does not tell are 1: what is added to maps is then one zero. */
export function inputsOf(graph: BuiltGraph, side: number): Record<string, RawTensor> {
  const bindings = { batch: 2, tokens: 77, image_tokens_0: 16, height: side, width: side };
  const sizeOf = (dim: Dim): number =>
    typeof dim === 'string' && /^\w+_[abcd]$/.test(dim) ? 1 : evaluateDim(dim, bindings);
  return Object.fromEntries(
    graph.inputs.map(({ name, type, dims: symbolic }) => {
      const dims = symbolic.map(sizeOf);
      const count = elementCount(dims);
      return [name, { data: type === 'float16' ? new Uint16Array(count) : new Float32Array(count), dims }];
    }),
  );
}
