/** What half precision does to each operator and to whole networks on this browser's GPU; `tools/half-precision.mjs` asks. */
import { Checkpoint } from '../../src/core/checkpoints';
import { bytesSource } from '../../src/core/formats';
import { GraphBuilder, type BuiltGraph, type GraphForm, type NbitsForm } from '../../src/core/graph';
import {
  buildAutoencoderDecoder,
  buildAutoencoderEncoder,
  latentFactor,
  readAutoencoderConfig,
} from '../../src/core/networks';
import { PARITY_CASES } from '../../src/core/networks/testing/cases';
import { parityError } from '../../src/core/networks/testing/parity';
import { fillGraph } from '../../src/core/weights/testing/fill-graph';
import { gaussian, relativeError } from '../../src/core/weights/testing/numbers';
import type { NamedTensor, Runtime } from '../../src/engine/ports';
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { OPERATOR_CASES, type OperatorCase } from './operator-cases';
import { asHalf, MadeWeights, runGraph } from './run-graph';

export interface OperatorResult {
  name: string;
  /** Relative L2 error against float32 on the CPU, or what the runtime said. */
  error: number | string;
}

declare global {
  interface Window {
    operatorNames: readonly string[];
    /** Runs on the GPU in float16 or float32, with plain or with packed matrices. */
    runOperator(name: string, activations: 'float16' | 'float32', packed?: NbitsForm): Promise<OperatorResult>;
    networkNames: readonly string[];
    /** @returns relative L2 error of a parity case against diffusers */
    runNetwork(name: string, activations: 'float16' | 'float32'): Promise<number>;
    /** A picture through the starter's autoencoder. @returns PSNR in dB of the GPU's decoder against the CPU's in float32 */
    decodePicture(address: string): Promise<Record<'float32' | 'float16', number>>;
  }
}

const runtimes = new Map<'webgpu' | 'wasm', Promise<Runtime>>();

function runtimeOf(provider: 'webgpu' | 'wasm'): Promise<Runtime> {
  const known = runtimes.get(provider) ?? createRuntime(provider);
  runtimes.set(provider, known);
  return known;
}

function buildCase({ inputs, build }: OperatorCase, form: GraphForm): BuiltGraph {
  const g = new GraphBuilder('operator', form);
  g.output('out', build(g, ...inputs.map((dims, i) => g.input(`in_${i}`, 'float32', dims))));
  return g.build();
}

window.operatorNames = Object.keys(OPERATOR_CASES);

window.runOperator = async (name, activations, packed) => {
  const operator = OPERATOR_CASES[name];
  const { spread = 1, mean = 0 } = operator;
  const feeds: Record<string, NamedTensor> = {};
  operator.inputs.forEach((dims, i) => {
    const count = dims.reduce((product, n) => product * n, 1);
    feeds[`in_${i}`] = { dims, data: asHalf(gaussian(count, i + 1).map((value) => mean + spread * value)) };
  });
  const weights = new MadeWeights(packed);
  const reference = buildCase(operator, { target: 'portable', activations: 'float32' });
  const expected = await runGraph(await runtimeOf('wasm'), reference, weights, feeds);
  const storedForm = packed && weights.storedForm;
  const subject = buildCase(operator, { target: 'webgpu', activations, ...(storedForm ? { storedForm } : {}) });
  try {
    const actual = await runGraph(await runtimeOf('webgpu'), subject, weights, feeds);
    return { name, error: relativeError(actual['out'], expected['out']) };
  } catch (error) {
    return { name, error: error instanceof Error ? error.message.slice(0, 300) : String(error) };
  }
};

const read =
  (folder: string) =>
  async (path: string): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch(new URL(path, new URL(folder, location.href)))).arrayBuffer());

window.networkNames = Object.keys(PARITY_CASES);

window.runNetwork = async (name, activations) => {
  const runtime = await runtimeOf('webgpu');
  return parityError(name, {
    form: { target: runtime.target, activations },
    read: read('/src/core/networks/fixtures/'),
    createSession: (graph) => runtime.createSession(graph),
  });
};

window.decodePicture = async (address) => {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas?.drawImage(bitmap, 0, 0);
  const rgba = canvas?.getImageData(0, 0, width, height).data ?? [];
  const planes = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const plane = Math.floor(i / (width * height));
    return rgba[4 * (i % (width * height)) + plane] / 127.5 - 1;
  });
  const bytes = read('/tools/starter/model/vae/');
  const config = readAutoencoderConfig('config.json', JSON.parse(new TextDecoder().decode(await bytes('config.json'))));
  const file = 'diffusion_pytorch_model.safetensors';
  const checkpoint = await Checkpoint.open([bytesSource(file, await bytes(file))]);
  const run = async (provider: 'webgpu' | 'wasm', graph: BuiltGraph, feeds: Record<string, NamedTensor>) => {
    const session = await (await runtimeOf(provider)).createSession(await fillGraph(graph, checkpoint));
    const outputs = await session.run(feeds);
    await session.dispose();
    return Object.values(outputs)[0];
  };
  const factor = latentFactor(config);
  const size = { height: height / factor, width: width / factor };
  const image = { data: planes, dims: [1, 3, height, width] };
  const moments = await run('wasm', buildAutoencoderEncoder(config, 'portable'), { image });
  const latent = {
    data: moments.slice(0, moments.length / 2),
    dims: [1, config.latentChannels, size.height, size.width],
  };
  const decoder = (form: GraphForm): BuiltGraph => buildAutoencoderDecoder(config, form);
  const expected = await run('wasm', decoder({ target: 'portable', activations: 'float32' }), { latent });
  const psnrs = { float32: 0, float16: 0 };
  for (const activations of ['float32', 'float16'] as const) {
    const actual = await run('webgpu', decoder({ target: 'webgpu', activations }), { latent });
    const difference = actual.map(
      (value, i) => Math.max(-1, Math.min(1, value)) - Math.max(-1, Math.min(1, expected[i])),
    );
    const square = difference.reduce((sum, value) => sum + value ** 2, 0) / difference.length;
    psnrs[activations] = 10 * Math.log10(4 / square);
  }
  return psnrs;
};
