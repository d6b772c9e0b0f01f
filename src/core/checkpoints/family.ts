/** Which family a checkpoint is of: what its tensors tell, put to the families. */
import { AppError } from '../errors';
import { familyOf, publishedFamilies } from '../families';
import { whatRuns } from '../families/what-runs';
import { familyOfParts, recogniseDenoiser, type Recognised } from '../families/recognise';
import { partsOf, publishedAs, publishedOf, publishedRole, type PublishedId } from '../networks/published';
import type { Collected, Tensors } from './collect';

/**
 * @param hint file names and what the files say of themselves: decides only where tensors cannot
 * @throws AppError 'unsupported-model' naming what it is
 */
export function recogniseFamily({ components }: Collected, { file, hint }: { file: string; hint: string }): Recognised {
  const denoiser = ofRole(components, 'denoiser')[0];
  if (denoiser) {
    const { parts, signs } = publishedOf(denoiser.id);
    const found = recogniseDenoiser(parts[0].component, signs?.(denoiser.tensors) ?? {});
    if ('refused' in found) throw new AppError('unsupported-model', `${file}: this is ${found.refused}`);
    return found;
  }
  refuseOtherLatents(components, file);
  const all = [...components].flatMap(([id, tensors]) => partsOf(id, tensors));
  const textWidth = ofRole(components, 'text')[0]?.tensors.get('text_model.final_layer_norm.weight')?.shape[0];
  return {
    family: familyOfParts({ components: all, names: hint, ...(textWidth !== undefined && { textWidth }) }),
    variant: 'base',
  };
}

const ofRole = (components: Collected['components'], role: string): { id: PublishedId; tensors: Tensors }[] =>
  [...components].map(([id, tensors]) => ({ id, tensors })).filter(({ id }) => publishedRole(id) === role);

/**
 * Where a single file has a text encoder says which it is in models with two. A family of one that is not the first finds its own
 * in the first's place: the SDXL refiner.
 */
export function withOwnTexts(components: Collected['components'], { family }: Recognised): Collected['components'] {
  const own = familyOf(family).texts.map(({ component }) => publishedAs(component));
  const found = ofRole(components, 'text');
  if (own.length !== 1 || found.length !== 1 || found[0].id === own[0]) return components;
  if (ofRole(components, 'denoiser').length === 0) return components;
  const [{ id, tensors }] = found;
  return new Map([...[...components].filter(([other]) => other !== id), [own[0], tensors]]);
}

/** An autoencoder alone is of use to a denoiser with as many channels. */
function refuseOtherLatents(components: Collected['components'], file: string): void {
  const known = publishedFamilies().map((id) => familyOf(id).latentChannels);
  for (const [id, tensors] of components) {
    const channels = publishedOf(id).latentChannels?.(tensors);
    if (channels !== undefined && !known.includes(channels))
      throw new AppError(
        'unsupported-model',
        `${file}: this is an autoencoder with ${channels} latent channels (Stable Diffusion 3, Flux); those of ${whatRuns()} have ${[...new Set(known)].join(' or ')}`,
      );
  }
}
