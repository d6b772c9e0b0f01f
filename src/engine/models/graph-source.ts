/** A model whose graphs are built here, over the weights of a bank: a pack's. */
import type { TextEncoderUse } from '../../core/families';
import type { Activations, GraphForm } from '../../core/graph';
import type { OpenNetwork, OpenNetworks } from '../../core/networks';
import { BranchWeights, MergedWeights, type BranchSource, type WeightChanges } from '../../core/weights';
import { branchSource, isFactorName, isPlain, tensorChanges, type PlacedAdapter } from './adapters';
import { tensorBlend } from './blends';
import { LentFactors } from './lent-factors';
import type { ComponentShape, ModelSource, OpenedComponent } from './model-source';
import type { Runtime, Session } from '../ports';
import type { ModelTraits } from './traits';
import type { WeightBank } from './weight-bank';

export interface GraphSourceParts {
  networks: OpenNetworks;
  /** How the family reads its text encoders. */
  texts: readonly TextEncoderUse[];
  traits: ModelTraits;
  bank: WeightBank;
  runtime: Pick<Runtime, 'target' | 'createSession'>;
  /** Float32 where nothing is said. */
  activations?: Activations;
  /**
   * Factors of LoRAs are given with each run, so that one can take another's place without a load. Where nothing is said, on GPUs: there
   * they are uploaded once, and the CPU's runtime would copy them for each run.
   */
  lendsFactors?: boolean;
}

export function createGraphSource(parts: GraphSourceParts): ModelSource {
  const { networks, texts, traits, bank, runtime, activations: usual = 'float32' } = parts;
  const { lendsFactors = runtime.target === 'webgpu' } = parts;
  return {
    traits,
    networks,
    plan: bank.plan,
    isWidened: bank.isWidened ?? false,
    couldStayPacked: bank.couldStayPacked ?? false,
    packsKernels: bank.packsKernels ?? false,
    couldPackKernels: bank.couldPackKernels ?? false,
    lendsFactors,
    activations: usual,
    canWiden: true,
    has: (component) => bank.has(component),
    loadedBytes: (component) => (bank.has(component) ? bank.loadedBytes(component) : 0),
    widenedBytes: (component, tensor) => bank.widenedBytes?.(component, tensor) ?? 0,
    async open(
      component,
      {
        clipSkip,
        activations: wide,
        adapters = [],
        takesVectors = false,
        control,
        other,
        blend,
        tiling,
      }: ComponentShape,
      check?: () => void,
    ): Promise<OpenedComponent> {
      const { storedForm, fill } = await (other?.bank ?? bank).open(component);
      const network = other ? other.networks.get(component) : networks[component];
      if (!network) throw new RangeError(`${component}: asked for without its config`);
      const finalNorm = texts.find((text) => text.component === component)?.finalNorm;
      const sourcesOf = async (placed: readonly PlacedAdapter[], asked = check): Promise<BranchSource[]> => {
        const sources: BranchSource[] = [];
        for (const { place, use } of placed) sources.push(await branchSource(use, { component, place, check: asked }));
        return sources;
      };
      const branches = new BranchWeights(await sourcesOf(adapters), lendsFactors && isPlain(adapters));
      const mixed = blend && (await tensorBlend(blend, component));
      const merged = new MergedWeights(await tensorChanges(adapters, component, check), mixed);
      const activations = wide ?? usual;
      const form: GraphForm = {
        target: runtime.target,
        activations,
        storedForm: storedForm && unlessChanged(storedForm, { branches, merged }),
        packsKernels: (other?.bank ?? bank).packsKernels ?? false,
        branches: branches.branches,
        lentAs: branches.lentAs,
        tiling,
      };
      const built = network.build(form, {
        ...(clipSkip !== undefined && { clipSkip }),
        ...(finalNorm !== undefined && { finalNorm }),
        takesVectors,
        ...(control && { control }),
      });
      const { graph, bytes } = await fill(built, { branches, merged });
      const factors = built.inputs.map(({ name }) => name).filter(isFactorName);
      const session = inDiffusersWords(await runtime.createSession(graph), network, factors);
      if (branches.lent.length === 0) return { session, bytes };
      const lent = await LentFactors.create(branches, form, runtime).catch(async (error: unknown) => {
        await session.dispose();
        throw error;
      });
      return {
        session: givenFactors(session, lent),
        bytes: bytes + lent.bytes,
        async swap(placed, wanted = () => undefined) {
          if (!isPlain(placed) || !branches.replace(await sourcesOf(placed, wanted))) return undefined;
          await lent.upload();
          return { bytes: lent.bytes };
        },
      };
    },
  };
}

/** @returns the session, given with each run what is lent; both end together, whatever becomes of the other */
export function givenFactors(session: Session, lent: Pick<LentFactors, 'kept' | 'dispose'>): Session {
  return {
    run: (inputs, beside) => session.run(inputs, { ...beside, ...lent.kept }),
    dispose: async () => {
      try {
        await lent.dispose();
      } finally {
        await session.dispose();
      }
    },
  };
}

type StoredFormOf = NonNullable<GraphForm['storedForm']>;

/** What is changed, and what changes it, are plain values. */
const unlessChanged =
  (storedForm: StoredFormOf, { branches, merged }: WeightChanges): StoredFormOf =>
  (key, shape, matrix) =>
    merged.touches(matrix) || branches.has(matrix) ? undefined : storedForm(key, shape, matrix);

/** @param factors  inputs of the graph that pass as they are */
function inDiffusersWords(session: Session, { toGraph, fromGraph }: OpenNetwork, factors: readonly string[]): Session {
  return {
    run: async (inputs, beside) => {
      const own = Object.entries(inputs).filter(([name]) => !isFactorName(name));
      const given = Object.fromEntries(factors.map((name) => [name, inputs[name]]));
      return fromGraph(await session.run({ ...toGraph(Object.fromEntries(own)), ...given }, beside));
    },
    dispose: () => session.dispose(),
  };
}
