/** A model out of a pack: its configs, and a bank that gives weights one by one in the form a graph wants. */
import { AppError } from '../../core/errors';
import { elementCount, type Activations, type Weight } from '../../core/graph';
import { readLatentRgb } from '../../core/latents';
import type { Family } from '../../core/families';
import { knownFamily } from '../../core/families/what-runs';
import { modelShapes } from '../../core/adapters';
import { openNetwork, type ConfigFile, type OpenNetworks } from '../../core/networks';
import type { ComponentId } from '../../core/networks/components';
import { assertPack, openWeights, type OpenPack, type Pack, type PackComponent } from '../../core/packs';
import { createDiscreteSchedule, readNoiseScheduleConfig } from '../../core/schedules';
import type { Tokenizer } from '../../core/tokenizer';
import { lazyGraph } from '../../core/weights';
import type { DeviceReport } from '../api';
import { createGraphSource, type WeightBank } from './graph-source';
import { graphTraits } from './graph-traits';
import type { ModelSource } from './model-source';
import type { Ports, Runtime } from '../ports';
import { hasRoomToWiden, painters } from './residency';

export interface PackSourceParts {
  open: OpenPack;
  runtime: Runtime;
  ports: Pick<Ports, 'createTokenizer' | 'createClipTokenizer'>;
  /** Absolute URL of the folder the app is served from. */
  baseUrl: string;
  /** What a bundled model adds: see BUNDLED_PATHS. */
  extras?: unknown;
  /** All is widened and computed in float32, whatever the device has: for models so small that nothing else would pay. */
  isWidened?: boolean;
  /** Matrices are not widened for speed: memory was short before. */
  staysPacked?: boolean;
}

/** @throws AppError 'bad-file' or 'unsupported-model' naming the component and field */
export async function openPackSource({
  open,
  runtime,
  ports,
  baseUrl,
  ...rest
}: PackSourceParts): Promise<ModelSource> {
  const { pack } = open;
  const family = knownFamily(pack.family, pack.name);
  const networks = packNetworks(pack, family);
  assertPack(pack); // better now than when its decoder is loaded, after all steps
  const where = `${pack.name}: scheduler_config.json`;
  const noise = readNoiseScheduleConfig(pack.scheduler, where);
  createDiscreteSchedule(noise); // for its checks: better now than when a picture is asked for
  const tokenizers: Tokenizer[] = [];
  for (const { padding } of family.texts)
    tokenizers.push(
      pack.tokenizer === 'clip'
        ? await ports.createClipTokenizer(padding, baseUrl)
        : await ports.createTokenizer(pack.tokenizer.json, pack.tokenizer.config),
    );
  const latentChannels = networks[family.decoder]?.sizes.autoencoder?.latentChannels ?? 0;
  const ownRgb = readLatentRgb(rest.extras, latentChannels);
  const traits = graphTraits({ family, networks, noise, tokenizers, ...(ownRgb && { ownRgb }) });
  const activations = rest.isWidened ? 'float32' : packActivations(pack, runtime);
  const bank = createPackBank(open, {
    activations,
    ...widening(pack, { ...rest, activations, device: runtime.device }),
  });
  const source = createGraphSource({ networks, texts: family.texts, traits, bank, runtime, activations });
  const configs = (Object.keys(networks) as ComponentId[]).map((id) => [id, configOf(pack, id)] as const);
  return { ...source, shapes: () => modelShapes(configs) };
}

type Widening = Pick<WeightBank, 'isWidened' | 'couldStayPacked'>;

/** What becomes of matrices that are stored packed: widened where they must be, or where there is room for it. */
function widening(
  { components }: Pack,
  { activations, device, ...rest }: { activations: Activations; device: DeviceReport } & Partial<PackSourceParts>,
): Widening {
  const used = painters().flatMap((id) => components[id] ?? []);
  if (!used.some(({ weights }) => Object.values(weights).some(isPacked))) return {};
  if (rest.isWidened || device.packedMatrices === false) return { isWidened: true };
  const wideBytes = used.reduce((all, one) => all + loadedBytes(one, { activations, isWidened: true }), 0);
  if (rest.staysPacked || !hasRoomToWiden(wideBytes, device)) return {};
  return { isWidened: true, couldStayPacked: true };
}

const configOf = ({ name, components }: Pack, id: ComponentId): ConfigFile => ({
  file: `${name}: ${id}/config.json`,
  config: components[id]?.config,
});

/** Half precision where the GPU has it, save for a pack that was made for full precision. */
function packActivations({ plan }: Pack, { device }: Runtime): Activations {
  return device.halfPrecision && plan !== 'float32' ? 'float16' : 'float32';
}

function packNetworks(
  pack: Pack,
  { texts, denoiser, decoder, encoder, preview, previewEncoder }: Family,
): OpenNetworks {
  const networks: OpenNetworks = {};
  const needed = [denoiser, ...texts.map(({ component }) => component), decoder];
  for (const id of [...needed, encoder, preview, previewEncoder]) {
    const component = pack.components[id];
    if (component)
      networks[id] = openNetwork(id, { file: `${pack.name}: ${id}/config.json`, config: component.config });
    else if (needed.includes(id))
      throw new AppError('bad-file', `${pack.name}: this model has no ${id}; get it again.`);
  }
  return networks;
}

interface Loading extends Widening {
  activations: Activations;
}

function createPackBank(open: OpenPack, loading: Loading): WeightBank {
  const { pack } = open;
  const { isWidened, couldStayPacked } = loading;
  return {
    plan: pack.plan,
    ...(isWidened && { isWidened }),
    ...(couldStayPacked && { couldStayPacked }),
    has: (id) => pack.components[id] !== undefined,
    loadedBytes: (id) => loadedBytes(pack.components[id], loading),
    widenedBytes: (id, tensor) => widenedBytes(pack.components[id], tensor, loading),
    async open(id) {
      const weights = await openWeights(open, id);
      const bytes = storedBytes(pack.components[id]);
      return {
        storedForm: isWidened ? undefined : weights.storedForm,
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

const isPacked = ({ form }: Pick<PackComponent['weights'][string], 'form'>): boolean =>
  form === 'nbits8' || form === 'nbits4';

/** Packed matrices are loaded as they are unless all is widened; all else is widened to the activations' type. */
function loadedBytes(component: PackComponent | undefined, { activations, isWidened }: Loading): number {
  const width = activations === 'float16' ? 2 : 4;
  return sum(component, ({ form, shape, data, scales }) =>
    !isWidened && isPacked({ form }) ? data.byteLength + (scales?.byteLength ?? 0) : width * elementCount(shape),
  );
}

/** Of the matrix that holds this tensor, be it joined with others there, where it is loaded packed. */
function widenedBytes(
  component: PackComponent | undefined,
  tensor: string,
  { activations, isWidened }: Loading,
): number {
  if (isWidened) return 0;
  const holds = (key: string): boolean => key.split(/[^\w.-]+/).includes(tensor);
  const width = activations === 'float16' ? 2 : 4;
  return Object.entries(component?.weights ?? {}).reduce(
    (sum, [key, { form, shape, data, scales }]) =>
      isPacked({ form }) && holds(key)
        ? sum + width * elementCount(shape) - data.byteLength - (scales?.byteLength ?? 0)
        : sum,
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
