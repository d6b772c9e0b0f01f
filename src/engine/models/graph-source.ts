/** A model whose graphs are built here, over the weights of a bank: a pack's. */
import type { TextEncoderUse } from '../../core/families';
import type { Activations, BuiltGraph, GraphForm } from '../../core/graph';
import type { OpenNetwork, OpenNetworks } from '../../core/networks';
import type { ComponentId } from '../../core/networks/components';
import type { FilledGraph, LazyGraph } from '../../core/weights';
import type { ComponentShape, ModelSource, OpenedComponent } from './model-source';
import type { Runtime, Session } from '../ports';
import type { ModelTraits } from './traits';

/** The weights of one component. */
export interface OpenedWeights {
  /** How a matrix is stored: see GraphForm. */
  storedForm?: GraphForm['storedForm'];
  /** @throws AppError 'bad-file' naming file and tensor */
  fill(graph: BuiltGraph): Promise<{ graph: FilledGraph | LazyGraph; bytes: number }>;
}

/** Where the weights of graphs come from. */
export interface WeightBank {
  readonly plan: string;
  readonly isWidened?: boolean;
  readonly couldStayPacked?: boolean;
  has(component: ComponentId): boolean;
  loadedBytes(component: ComponentId): number;
  open(component: ComponentId): Promise<OpenedWeights>;
}

export interface GraphSourceParts {
  networks: OpenNetworks;
  /** How the family reads its text encoders. */
  texts: readonly TextEncoderUse[];
  traits: ModelTraits;
  bank: WeightBank;
  runtime: Pick<Runtime, 'target' | 'createSession'>;
  /** Float32 where nothing is said. */
  activations?: Activations;
}

export function createGraphSource(parts: GraphSourceParts): ModelSource {
  const { networks, texts, traits, bank, runtime, activations: usual = 'float32' } = parts;
  return {
    traits,
    networks,
    plan: bank.plan,
    isWidened: bank.isWidened ?? false,
    couldStayPacked: bank.couldStayPacked ?? false,
    activations: usual,
    canWiden: true,
    has: (component) => bank.has(component),
    loadedBytes: (component) => (bank.has(component) ? bank.loadedBytes(component) : 0),
    async open(component, { clipSkip, activations: wide }: ComponentShape): Promise<OpenedComponent> {
      const { storedForm, fill } = await bank.open(component);
      const network = networks[component];
      if (!network) throw new RangeError(`${component}: asked for without its config`);
      const finalNorm = texts.find((text) => text.component === component)?.finalNorm;
      const form: GraphForm = { target: runtime.target, activations: wide ?? usual, storedForm };
      const built = network.build(form, {
        ...(clipSkip !== undefined && { clipSkip }),
        ...(finalNorm !== undefined && { finalNorm }),
      });
      const { graph, bytes } = await fill(built);
      return { session: inDiffusersWords(await runtime.createSession(graph), network), bytes };
    },
  };
}

function inDiffusersWords(session: Session, { toGraph, fromGraph }: OpenNetwork): Session {
  return {
    run: async (inputs) => fromGraph(await session.run(toGraph(inputs))),
    dispose: () => session.dispose(),
  };
}
