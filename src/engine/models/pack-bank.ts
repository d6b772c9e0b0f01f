/** The weights of a pack, one by one in the form that a graph wants. */
import {
  elementCount,
  isPalette,
  nbitsFormOf,
  packedShapes,
  staysInt8,
  type Activations,
  type GraphForm,
  type Weight,
} from '../../core/graph';
import { openWeights, type OpenPack, type Pack, type PackComponent } from '../../core/packs';
import { lacksRoomForKernels } from '../../core/networks';
import { lazyGraph } from '../../core/weights';
import type { DeviceReport } from '../api';
import { hasRoomToWiden, painters } from './residency';
import type { WeightBank } from './weight-bank';

export interface BankOptions {
  activations: Activations;
  device: DeviceReport;
  /** All is widened to the activations' type, whatever the device has. */
  isWidened?: boolean;
  /** Matrices are not widened for speed: memory was short before. */
  staysPacked?: boolean;
  /** Nor are kernels of convolutions: memory was short even so. */
  packsKernels?: boolean;
}

export function openBank(open: OpenPack, options: BankOptions): WeightBank {
  return createPackBank(open, { activations: options.activations, ...widening(open.pack, options) });
}

type Widening = Pick<WeightBank, 'isWidened' | 'couldStayPacked' | 'packsKernels' | 'couldPackKernels'>;

/** What becomes of what is stored packed: widened where it must be, or where there is room for it. */
function widening(pack: Pack, options: BankOptions): Widening {
  const matrices = wideningOfMatrices(pack, options);
  return { ...matrices, ...packingOfKernels(pack, options, matrices) };
}

function packingOfKernels(
  { components }: Pack,
  { activations, device, ...rest }: BankOptions,
  { isWidened }: Widening,
): Widening {
  const used = painters().flatMap((id) => components[id] ?? []);
  const couldPack = used.some(({ weights }) =>
    Object.values(weights).some(({ form, shape }) => staysInt8(form, shape)),
  );
  if (!couldPack || rest.isWidened || device.provider !== 'webgpu') return {};
  const largest = Math.max(...used.map((one) => loadedBytes(one, { activations, isWidened })));
  if (rest.packsKernels || lacksRoomForKernels(largest, device)) return { packsKernels: true };
  return { couldPackKernels: true };
}

/** How the packed matrices are widened for what computes with them. */
function wideningOfMatrices({ components }: Pack, { activations, device, ...rest }: BankOptions): Widening {
  const used = painters().flatMap((id) => components[id] ?? []);
  if (!used.some(({ weights }) => Object.values(weights).some(isPacked))) return {};
  if (rest.isWidened || device.packedMatrices === false) return { isWidened: true };
  const wideBytes = used.reduce((all, one) => all + loadedBytes(one, { activations, isWidened: true }), 0);
  if (rest.staysPacked || rest.packsKernels || !hasRoomToWiden(wideBytes, device)) return {};
  return { isWidened: true, couldStayPacked: true };
}

interface Loading extends Widening {
  activations: Activations;
}

function createPackBank(open: OpenPack, loading: Loading): WeightBank {
  const { pack } = open;
  const { isWidened, couldStayPacked, packsKernels, couldPackKernels } = loading;
  return {
    plan: pack.plan,
    ...(isWidened && { isWidened }),
    ...(couldStayPacked && { couldStayPacked }),
    ...(packsKernels && { packsKernels }),
    ...(couldPackKernels && { couldPackKernels }),
    has: (id) => pack.components[id] !== undefined,
    loadedBytes: (id) => loadedBytes(pack.components[id], loading),
    widenedBytes: (id, tensor) => widenedBytes(pack.components[id], tensor, loading),
    async open(id) {
      const weights = await openWeights(open, id);
      const bytes = storedBytes(pack.components[id]);
      return {
        tensors: { read: weights.read, holds: (expr) => weights.holds(expr) },
        storedForm: isWidened && !packsKernels ? undefined : storedForm(weights.storedForm, loading),
        fill: async (graph, { branches, merged }) => {
          weights.assertHolds({ weights: graph.weights.filter(({ expr }) => !branches.has(expr)) });
          const read = (weight: Weight): Uint8Array<ArrayBuffer> =>
            branches.read(weight) ?? merged.read(weight, weights.read) ?? weights.read(weight);
          return { graph: lazyGraph(graph, read), bytes };
        },
      };
    },
  };
}

/** Where matrices are widened and kernels are not, only these are said to be packed. */
const storedForm =
  (of: NonNullable<GraphForm['storedForm']>, { isWidened }: Loading): GraphForm['storedForm'] =>
  (key, shape, matrix) =>
    isWidened && shape.length === 2 ? undefined : of(key, shape, matrix);

type Stored = PackComponent['weights'][string];

/** Matrices of 4 to 6 bits are packed too: they are loaded in 8. Token tables among them are widened, which leaves these figures some per cent too low. */
const isPacked = ({ form, shape }: Stored): boolean => nbitsFormOf(form, shape) !== undefined;

function packedBytes({ form, shape, data, scales }: Stored): number {
  if (!isPalette(form)) return data.byteLength + (scales?.byteLength ?? 0);
  const { quants, scales: halves } = packedShapes(shape, 'nbits8');
  return elementCount(quants) + 2 * elementCount(halves);
}

/** Packed matrices are loaded as they are unless all is widened, kernels where they are to be; all else is widened to the activations' type. */
export function loadedBytes(
  component: PackComponent | undefined,
  { activations, isWidened, packsKernels }: Loading,
): number {
  const width = activations === 'float16' ? 2 : 4;
  return sum(component, (stored) => {
    const { form, shape } = stored;
    if (packsKernels && staysInt8(form, shape)) return elementCount(shape) + width * shape[0];
    return !isWidened && isPacked(stored) ? packedBytes(stored) : width * elementCount(shape);
  });
}

/** Bytes that widening adds to the matrix that holds this tensor, be it joined with others there, where it is loaded packed. */
function widenedBytes(
  component: PackComponent | undefined,
  tensor: string,
  { activations, isWidened }: Loading,
): number {
  if (isWidened) return 0;
  const holds = (key: string): boolean => key.split(/[^\w.-]+/).includes(tensor);
  const width = activations === 'float16' ? 2 : 4;
  return Object.entries(component?.weights ?? {}).reduce(
    (sum, [key, stored]) =>
      isPacked(stored) && holds(key) ? sum + width * elementCount(stored.shape) - packedBytes(stored) : sum,
    0,
  );
}

const storedBytes = (component: PackComponent | undefined): number =>
  sum(component, ({ data, scales }) => data.byteLength + (scales?.byteLength ?? 0));

function sum(
  component: PackComponent | undefined,
  bytesOf: (weight: PackComponent['weights'][string]) => number,
): number {
  return Object.values(component?.weights ?? {}).reduce((total, weight) => total + bytesOf(weight), 0);
}
