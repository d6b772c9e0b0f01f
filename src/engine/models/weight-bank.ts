/** Where the weights of graphs come from. */
import type { BuiltGraph, GraphForm, WeightExpr } from '../../core/graph';
import type { ComponentId } from '../../core/networks/components';
import type { FilledGraph, LazyGraph, ReadWeight, WeightChanges } from '../../core/weights';

/** The weights of one component. */
export interface OpenedWeights {
  /** One of them, and whether there is such a one: for another model that these are mixed into. */
  tensors?: { read: ReadWeight; holds(expr: WeightExpr): boolean };
  /** How a matrix is stored: see GraphForm. */
  storedForm?: GraphForm['storedForm'];
  /**
   * @param changes  that the graph was built with
   * @throws AppError 'bad-file' naming file and tensor
   */
  fill(graph: BuiltGraph, changes: WeightChanges): Promise<{ graph: FilledGraph | LazyGraph; bytes: number }>;
}

export interface WeightBank {
  readonly plan: string;
  readonly isWidened?: boolean;
  readonly couldStayPacked?: boolean;
  /** Kernels of convolutions stay in 8 bits: see GraphForm. */
  readonly packsKernels?: boolean;
  /** They could. */
  readonly couldPackKernels?: boolean;
  has(component: ComponentId): boolean;
  loadedBytes(component: ComponentId): number;
  /** Bytes that widening adds: see ModelSource. */
  widenedBytes?(component: ComponentId, tensor: string): number;
  open(component: ComponentId): Promise<OpenedWeights>;
}
