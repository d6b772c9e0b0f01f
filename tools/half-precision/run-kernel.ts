/** A case of one kernel on a device, against the same in float32 on the CPU. */
import { GraphBuilder, type Activations, type BuiltGraph, type GraphForm, type Target } from '../../src/core/graph';
import { gaussian, relativeError } from '../../src/core/weights/testing/numbers';
import type { NamedTensor, Runtime } from '../../src/engine/ports';
import { KERNEL_CASES, type KernelCase } from './kernel-cases';
import { asHalf, MadeWeights, runGraph } from './run-graph';

/** What a LoRA's product is multiplied by. */
const STRENGTH = 0.75;

/** @param isPlain  nothing is packed: the same numbers, for the device that the other is held against */
export function buildKernel(
  { inputs, dims, form, build }: KernelCase,
  { isPlain = false, ...own }: KernelForm,
): BuiltGraph {
  const g = new GraphBuilder('kernel', { ...form, ...own, ...(isPlain && { storedForm: () => undefined }) });
  g.output('out', build(g, ...inputs.map((given, i) => g.input(`in_${i}`, 'float32', dims?.[i] ?? given))));
  return g.build();
}

interface KernelForm extends Pick<GraphForm, 'activations'> {
  target: Target;
  isPlain?: boolean;
}

type Devices = Record<'subject' | 'reference', Pick<Runtime, 'createSession' | 'target'>>;

/** @returns relative L2 error. @throws what the device throws */
export async function kernelError(name: string, activations: Activations, devices: Devices): Promise<number> {
  const kernel = KERNEL_CASES[name];
  const matrices = kernel.form?.storedForm?.('', [32, 32], { op: 'tensor', name: '', shape: [32, 32] });
  const weights = new MadeWeights(
    matrices === 'nbits8' || matrices === 'nbits4' ? matrices : undefined,
    kernel.form?.packsKernels,
  );
  const subject = buildKernel(kernel, { target: devices.subject.target, activations });
  const plain = buildKernel(kernel, { target: devices.reference.target, activations: 'float32', isPlain: true });
  const feeds: Record<string, NamedTensor> = {};
  for (const { name: input, dims } of subject.inputs.filter((one) => !one.name.startsWith('in_')))
    feeds[input] = { data: Float32Array.of(STRENGTH), dims: dims as number[] };
  kernel.inputs.forEach((dims, i) => {
    const count = dims.reduce((product, n) => product * n, 1);
    feeds[`in_${i}`] = { dims, data: asHalf(gaussian(count, i + 1)) };
  });
  const expected = await runGraph(devices.reference, plain, weights, feeds);
  const actual = await runGraph(devices.subject, subject, weights, feeds);
  return relativeError(actual['out'], expected['out']);
}
