/** Text encoders of another file, which take the place of a model's own: as Forge's modules and ComfyUI's CLIP loaders. */
import { AppError } from '../../core/errors';
import { componentOf, type ComponentId } from '../../core/networks/components';
import type { OpenNetwork } from '../../core/networks';
import { openPart, type PartPlace } from './other-part';
import type { OtherPart, PartUse } from './part-use';

/**
 * Those of the file that the model has, too; the others stay the model's own. Layers, padding and the vocabulary are the model's.
 * @throws AppError as openPart; 'unsupported-model' where none of it is one of the model's, or is of another size
 */
export async function openOtherText(use: PartUse, place: PartPlace): Promise<OtherPart> {
  const { model, source } = place;
  const { pack, part } = await openPart(use, place, { what: 'text encoder', roles: ['text'] });
  const networks = new Map<ComponentId, OpenNetwork>();
  for (const { component } of source.traits.texts) {
    const other = part.networks.get(component);
    const own = source.networks?.[component];
    if (!other || !own) continue;
    const difference = differenceOf(other, own);
    if (difference !== undefined)
      throw new AppError(
        'unsupported-model',
        `The text encoder ${pack.name} has ${difference[0]}; the ${componentOf(component).name} of ${model.name} has ${difference[1]}. Choose the model’s own, or a file made for such models.`,
      );
    networks.set(component, other);
  }
  if (networks.size > 0) return { ...part, networks };
  const held = [...part.networks.keys()].map((id) => `a ${componentOf(id).name}`).join(' and ') || 'none';
  throw new AppError(
    'unsupported-model',
    `${model.name} reads no prompt by ${pack.name}: the file holds ${held}, which the model does not have. Choose the model’s own.`,
  );
}

/** What of it the denoiser, LoRAs and the tokenizer would not fit: the file's, and the model's. */
function differenceOf(other: OpenNetwork, own: OpenNetwork): [string, string] | undefined {
  const facts = ({ sizes: { text }, layers }: OpenNetwork): string[] => [
    `vectors of ${text?.width ?? 0} numbers`,
    `${text?.vocabulary ?? 0} words`,
    `${text?.contextLength ?? 0} places`,
    `${layers} layers`,
  ];
  const [theirs, ours] = [facts(other), facts(own)];
  const at = theirs.findIndex((fact, i) => fact !== ours[i]);
  return at < 0 ? undefined : [theirs[at], ours[at]];
}
