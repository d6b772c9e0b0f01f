/** Opens the models that are mixed into another. */
import { AppError } from '../../core/errors';
import type { OpenNetwork } from '../../core/networks';
import { componentOf, type ComponentId } from '../../core/networks/components';
import { blendKey, type Blend, type OpenBlend, type OpenOther } from './blends';
import { openPart, type PartPlace } from './other-part';
import { isSameUse, type OtherPart, type PartUse } from './part-use';

/** A picture's prompt and its steps may be of two blends, or one of them of none: neither is to be opened again for each picture. */
const KEPT_BLENDS = 2;

/** Models that are mixed into one and the same, opened once while the last blends are made of them. */
export class BlendCache {
  #kept: readonly (readonly OtherPart[])[] = [];

  /** @throws AppError as openPart; 'unsupported-model' where another is not of the same kind */
  async open(blend: Blend, place: PartPlace): Promise<OpenBlend> {
    const known = this.#kept.flat();
    const others: OpenOther[] = [];
    for (const { share, ...use } of blend.others) {
      const part = known.find((one) => isSameUse(one, use)) ?? (await openOther(use, place));
      others.push({ ...part, share });
    }
    this.#kept = [others, ...this.#kept].slice(0, KEPT_BLENDS);
    return { key: blendKey(blend), own: blend.own, others };
  }
}

async function openOther({ id, revision }: PartUse, place: PartPlace): Promise<OtherPart> {
  const { pack, part } = await openPart({ id, revision }, place, { what: 'model', roles: ['text', 'denoiser'] });
  assertAlike(pack.name, part.networks, place);
  return part;
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
