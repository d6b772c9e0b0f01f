/** Opens a file that lends a part to a model in place of the model's own. */
import { AppError } from '../../core/errors';
import { openNetwork } from '../../core/networks';
import { roleOf, type ComponentId, type Role } from '../../core/networks/components';
import { packProblem, type Pack } from '../../core/packs';
import type { DeviceReport } from '../api';
import type { Ports } from '../ports';
import type { ModelSource } from './model-source';
import { openBank } from './pack-bank';
import { configOf } from './pack-source';
import type { OtherPart, PartUse } from './part-use';

export interface PartPlace {
  model: { name: string };
  source: Pick<ModelSource, 'traits' | 'networks' | 'activations'>;
  device: DeviceReport;
  packs: Ports['packs'];
}

/**
 * @param what  it is called in a sentence: "VAE"
 * @param roles  of its components that are used; others are left where they are
 * @throws AppError 'missing-file', 'bad-file' where it is damaged, 'unsupported-model' for a model of ready-made graphs
 */
export async function openPart(
  use: PartUse,
  { model, source, device, packs }: PartPlace,
  { what, roles }: { what: string; roles: readonly Role[] },
): Promise<{ pack: Pack; part: OtherPart }> {
  if (!source.networks)
    throw new AppError(
      'unsupported-model',
      `${model.name} is of ready-made graphs, which take no other ${what}. Get the model as a checkpoint.`,
    );
  const open = await packs.open(use.id);
  const { pack } = open;
  const problem = packProblem(pack);
  if (problem !== undefined) throw new AppError('bad-file', `The ${what} ${problem}`);
  const parts = (Object.keys(pack.components) as ComponentId[]).filter((id) => roles.includes(roleOf(id)));
  const networks = new Map(parts.map((id) => [id, openNetwork(id, configOf(pack, id))]));
  return { pack, part: { ...use, networks, bank: openBank(open, { activations: source.activations, device }) } };
}
