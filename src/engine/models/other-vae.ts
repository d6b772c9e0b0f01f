/** An autoencoder of another file, which takes the place of a model's own. */
import { AppError } from '../../core/errors';
import { openNetwork } from '../../core/networks';
import { roleOf, type ComponentId } from '../../core/networks/components';
import { packProblem } from '../../core/packs';
import type { DeviceReport } from '../api';
import type { Ports } from '../ports';
import type { ModelSource } from './model-source';
import { openBank } from './pack-bank';
import { configOf } from './pack-source';
import type { OtherVae, VaeUse } from './vae-use';

interface Place {
  model: { name: string };
  source: Pick<ModelSource, 'traits' | 'networks' | 'activations'>;
  device: DeviceReport;
  packs: Ports['packs'];
}

/**
 * Latents are scaled as the model says, not as the autoencoder's file does: so do A1111 and ComfyUI.
 * @throws AppError 'missing-file', 'bad-file' where it is damaged, 'unsupported-model' where its latents are of another kind
 */
export async function openOtherVae(use: VaeUse, { model, source, device, packs }: Place): Promise<OtherVae> {
  const { traits, activations } = source;
  if (!source.networks)
    throw new AppError(
      'unsupported-model',
      `${model.name} is of ready-made graphs, which take no other VAE. Get the model as a checkpoint.`,
    );
  const open = await packs.open(use.id);
  const { pack } = open;
  const problem = packProblem(pack);
  if (problem !== undefined) throw new AppError('bad-file', `The VAE ${problem}`);
  const parts = (Object.keys(pack.components) as ComponentId[]).filter((id) =>
    ['decoder', 'encoder'].includes(roleOf(id)),
  );
  const networks = new Map(parts.map((id) => [id, openNetwork(id, configOf(pack, id))]));
  const own = networks.get(traits.parts.decoder);
  if (!own) throw new AppError('unsupported-model', `${pack.name} has no decoder: it is no VAE for ${model.name}.`);
  const { latentChannels = 0, latentFactor = 0 } = own.sizes.autoencoder ?? {};
  if (latentChannels !== traits.latentChannels || latentFactor !== traits.latentFactor)
    throw new AppError(
      'unsupported-model',
      `The VAE ${pack.name} reads latents of ${latentChannels} channels in cells of ${latentFactor} pixels; those of ${model.name} have ${traits.latentChannels} and ${traits.latentFactor}. Choose the model's own VAE.`,
    );
  return { ...use, networks, bank: openBank(open, { activations, device }) };
}
