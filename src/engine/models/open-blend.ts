/** Opens the models that are mixed into another. */
import { AppError } from '../../core/errors';
import type { OpenNetwork } from '../../core/networks';
import { componentOf, type ComponentId } from '../../core/networks/components';
import type { Blend, OpenBlend, OpenOther } from './blends';
import { openPart, type PartPlace } from './other-part';

/** @throws AppError as openPart; 'unsupported-model' where another is not of the same kind */
export async function openBlend({ own, others }: Blend, place: PartPlace): Promise<OpenBlend> {
  const opened: OpenOther[] = [];
  for (const { id, revision, share } of others) {
    const { pack, part } = await openPart({ id, revision }, place, { what: 'model', roles: ['text', 'denoiser'] });
    assertAlike(pack.name, part.networks, place);
    opened.push({ ...part, share });
  }
  const key = JSON.stringify([own, others]);
  return { key, own, others: opened };
}

function assertAlike(
  name: string,
  networks: ReadonlyMap<ComponentId, OpenNetwork>,
  { model, source }: PartPlace,
): void {
  const { denoiser } = source.traits.parts;
  const sizesOf = (network: OpenNetwork | undefined): string => JSON.stringify(network?.sizes.denoiser?.encoder);
  if (sizesOf(networks.get(denoiser)) === sizesOf(source.networks?.[denoiser])) return;
  throw new AppError(
    'unsupported-model',
    `${name} and ${model.name} cannot be merged: their ${componentOf(denoiser).name}s are of different sizes. Choose two models of one family.`,
  );
}
