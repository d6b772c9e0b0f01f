/** A model of random weights behind the face of one of the library: full-size networks without a download. */
import { createRandomWeights, type BenchConfigs } from '../../core/bench';
import type { Activations, BuiltGraph, GraphForm } from '../../core/graph';
import { FAMILY_CONFIGS } from '../../core/families/configs';
import { DTYPE_PLANS, planRule, type DtypePlanId } from '../../core/packs';
import type { ComponentId } from '../../core/networks/component';
import { readNoiseScheduleConfig } from '../../core/schedules';
import type { Tokenizer } from '../../core/tokenizer';
import { lazyGraph } from '../../core/weights';
import { createGraphSource, type WeightBank } from '../graph-source';
import { graphTraits } from '../graph-traits';
import type { ModelSource } from '../model-source';
import type { Runtime } from '../ports';

export interface RandomSourceParts {
  configs: BenchConfigs;
  /** How matrices lie on the device; with `float16` all are widened to the activations. */
  plan: DtypePlanId;
  activations: Activations;
  runtime: Pick<Runtime, 'target' | 'createSession'>;
}

const COMPONENTS: readonly ComponentId[] = ['text_encoder', 'text_encoder_2', 'unet', 'vae_decoder'];

export function createRandomSource({ configs, plan, activations, runtime }: RandomSourceParts): ModelSource {
  const { text2 } = configs;
  const full = { ...configs, text2 };
  const tokenizers = [configs.text, ...(text2 ? [text2] : [])].map(({ contextLength }) => withoutWords(contextLength));
  const noise = readNoiseScheduleConfig(FAMILY_CONFIGS.sd15.scheduler);
  const traits = graphTraits({ configs: full, noise, tokenizers });
  const bank: WeightBank = {
    plan,
    has: (component) => COMPONENTS.includes(component) && (component !== 'text_encoder_2' || text2 !== undefined),
    loadedBytes: () => 0,
    open: (component) => {
      const storedForm = matricesOf(component, plan);
      const fill = (graph: BuiltGraph) => {
        const lazy = lazyGraph(graph, createRandomWeights());
        return Promise.resolve({ graph: lazy, bytes: lazy.weightBytes });
      };
      return Promise.resolve({ ...(storedForm && { storedForm }), fill });
    },
  };
  return createGraphSource({ configs: full, traits, bank, runtime, activations });
}

/** Asked of matrices alone: as a pack of this plan stores them. */
function matricesOf(component: ComponentId, plan: DtypePlanId): GraphForm['storedForm'] {
  return (key, shape) => planRule(DTYPE_PLANS[plan], { component, key, shape, isMatrix: true }).form;
}

/** Texts are given as ids here. */
const withoutWords = (contextLength: number): Tokenizer => ({
  encode: () => [],
  startId: 49406,
  endId: 49407,
  padId: 49407,
  commaId: undefined,
  contextLength,
});
