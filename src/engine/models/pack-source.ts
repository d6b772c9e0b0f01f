/** A model out of a pack: its configs, and a bank that gives weights one by one in the form a graph wants. */
import { AppError } from '../../core/errors';
import type { Activations } from '../../core/graph';
import { readLatentRgb } from '../../core/latents';
import type { Family } from '../../core/families';
import { knownFamily } from '../../core/families/what-runs';
import { modelShapes } from '../../core/adapters';
import { openNetwork, type ConfigFile, type OpenNetworks } from '../../core/networks';
import type { ComponentId } from '../../core/networks/components';
import { assertPack, type OpenPack, type Pack } from '../../core/packs';
import { createDiscreteSchedule, readNoiseScheduleConfig } from '../../core/schedules';
import type { Tokenizer } from '../../core/tokenizer';
import { createGraphSource } from './graph-source';
import { graphTraits } from './graph-traits';
import type { ModelSource } from './model-source';
import { openBank } from './pack-bank';
import type { Ports, Runtime } from '../ports';

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
  /** Nor are kernels of convolutions: memory was short even so. */
  packsKernels?: boolean;
  /** Factors of LoRAs are given with each run: see GraphSourceParts. */
  lendsFactors?: boolean;
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
  const { isWidened = false, staysPacked = false, packsKernels = false, lendsFactors } = rest;
  const bank = openBank(open, { activations, device: runtime.device, isWidened, staysPacked, packsKernels });
  const form = { activations, ...(lendsFactors !== undefined && { lendsFactors }) };
  const source = createGraphSource({ networks, texts: family.texts, traits, bank, runtime, ...form });
  const configs = (Object.keys(networks) as ComponentId[]).map((id) => [id, configOf(pack, id)] as const);
  return { ...source, pack: open, shapes: () => modelShapes(configs) };
}

export const configOf = ({ name, components }: Pack, id: ComponentId): ConfigFile => ({
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
