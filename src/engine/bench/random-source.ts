/** A model of random weights behind the face of one of the library: full-size networks without a download. */
import { createRandomWeights, type BenchConfigs } from '../../core/bench';
import type { Activations, BuiltGraph, GraphForm } from '../../core/graph';
import { familyOf, publishedFamilies, USUAL_FAMILY, type Family } from '../../core/families';
import { FAMILY_CONFIGS } from '../../core/families/configs';
import { USUAL_MEASURED } from '../../core/families/configs/measured';
import { DTYPE_PLANS, planRule, type DtypePlanId } from '../../core/packs';
import { componentIds, roleOf, type ComponentId } from '../../core/networks/components';
import { readNoiseScheduleConfig } from '../../core/schedules';
import type { Tokenizer } from '../../core/tokenizer';
import { lazyGraph, type WeightChanges } from '../../core/weights';
import { createGraphSource } from '../models/graph-source';
import type { WeightBank } from '../models/weight-bank';
import { graphTraits } from '../models/graph-traits';
import type { ModelSource } from '../models/model-source';
import type { Runtime } from '../ports';

export interface RandomSourceParts {
  configs: BenchConfigs;
  /** How matrices lie on the device; with `float16` all are widened to the activations. */
  plan: DtypePlanId;
  activations: Activations;
  runtime: Pick<Runtime, 'target' | 'createSession'>;
  /** Factors of LoRAs are given with each run: see GraphSourceParts. */
  lendsFactors?: boolean;
}

export function createRandomSource({
  configs: networks,
  plan,
  activations,
  runtime,
  ...rest
}: RandomSourceParts): ModelSource {
  const family = familyWith(networks);
  const tokenizers = family.texts.map(({ component }) => withoutWords(networks[component]?.sizes.text?.contextLength));
  const noise = readNoiseScheduleConfig(FAMILY_CONFIGS[USUAL_MEASURED].scheduler);
  const traits = graphTraits({ family, networks, noise, tokenizers });
  const bank: WeightBank = {
    plan,
    has: (component) => networks[component] !== undefined,
    loadedBytes: () => 0,
    open: (component) => {
      const storedForm = matricesOf(component, plan);
      const random = createRandomWeights();
      const fill = (graph: BuiltGraph, { branches, merged }: WeightChanges) => {
        const lazy = lazyGraph(
          graph,
          (weight) => branches.read(weight) ?? merged.read(weight, random) ?? random(weight),
        );
        return Promise.resolve({ graph: lazy, bytes: lazy.weightBytes });
      };
      return Promise.resolve({ ...(storedForm && { storedForm }), fill });
    },
  };
  return createGraphSource({ networks, texts: family.texts, traits, bank, runtime, activations, ...rest });
}

/** Whose text encoders they are. */
function familyWith(networks: BenchConfigs): Family {
  const texts = componentIds()
    .filter((id) => roleOf(id) === 'text' && networks[id])
    .join();
  const all = publishedFamilies().map(familyOf);
  return all.find((one) => one.texts.map(({ component }) => component).join() === texts) ?? familyOf(USUAL_FAMILY);
}

/** Asked of matrices alone: as a pack of this plan stores them. */
function matricesOf(component: ComponentId, plan: DtypePlanId): GraphForm['storedForm'] {
  return (key, shape) => planRule(DTYPE_PLANS[plan], { component, key, shape, isMatrix: true }).form;
}

/** Texts are given as ids here. */
const withoutWords = (contextLength = 0): Tokenizer => ({
  encode: () => [],
  startId: 49406,
  endId: 49407,
  padId: 49407,
  commaId: undefined,
  contextLength,
});
