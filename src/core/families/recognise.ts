/** Which family a model is of, by widths that no two share, and by structure where it is of another size. */
import type { ComponentId } from '../networks/components';
import type { DenoiserSigns } from '../networks/unet-signs';
import type { Family } from './family';
import { FILES, type FamilySigns, type Variant } from './files';
import { RELATIVES } from './relatives';
import { familyIds, familyOf, USUAL_FAMILY, type ModelFamily } from './table';

export interface Recognised {
  family: ModelFamily;
  variant: Variant;
}

/** Channels into the denoiser: latents; latents and a picture's; latents, mask and masked picture's. */
const VARIANTS: Readonly<Record<number, Variant>> = { 4: 'base', 8: 'instruct', 9: 'inpaint' };

/** @returns what it is instead, following "this is ", where Gesso does not run it */
export function recogniseDenoiser(component: ComponentId, signs: DenoiserSigns): Recognised | { refused: string } {
  const families = familyIds().filter((id) => familyOf(id).denoiser === component);
  const { inChannels } = signs;
  const own = tell(families, ({ inChannels: only }) => only !== undefined && only === inChannels);
  if (own) return { family: own, variant: 'base' };
  const relative = RELATIVES.find(({ denoiser, is }) => denoiser === component && is(signs));
  if (relative) return { refused: relative.what(signs) };
  const variant = inChannels === undefined ? 'base' : VARIANTS[inChannels];
  if (variant === undefined)
    return { refused: `a U-Net with ${inChannels} channels in; Gesso knows 4, 8 (InstructPix2Pix) and 9 (inpainting)` };
  return { family: byWidth(families, signs) ?? byStructure(families, signs) ?? families[0] ?? USUAL_FAMILY, variant };
}

const tell = (families: readonly ModelFamily[], fits: (signs: FamilySigns) => boolean): ModelFamily | undefined =>
  families.find((id) => fits(FILES[id].signs));

const byWidth = (
  families: readonly ModelFamily[],
  { contextWidth }: Pick<DenoiserSigns, 'contextWidth'>,
): ModelFamily | undefined =>
  tell(families, (signs) => signs.contextWidth !== undefined && signs.contextWidth === contextWidth);

function byStructure(
  families: readonly ModelFamily[],
  { addedWidth, hasLinearProjection: isLinear, endsInAttention: ends }: DenoiserSigns,
): ModelFamily | undefined {
  const hasAdded = addedWidth !== undefined;
  return tell(
    families,
    ({ structure }) =>
      structure?.hasAdded === hasAdded &&
      (structure.hasLinearProjection ?? isLinear) === isLinear &&
      (structure.endsInAttention ?? ends) === ends,
  );
}

export interface PartSigns {
  components: readonly ComponentId[];
  /** Width of the first text encoder. */
  textWidth?: number;
  /** Names of the files, in one text. */
  names: string;
}

const withTexts = (fits: (family: Family) => boolean): ModelFamily | undefined =>
  familyIds().find((id) => fits(familyOf(id)));

/** A text encoder has the width of its family; an autoencoder alone may be of any. */
export function familyOfParts({ components, textWidth, names }: PartSigns): ModelFamily {
  return (
    withTexts(({ texts }) => texts.slice(1).some(({ component }) => components.includes(component))) ??
    tell(familyIds(), (signs) => signs.textWidth !== undefined && signs.textWidth === textWidth) ??
    tell(familyIds(), (signs) => signs.name?.test(names) === true) ??
    USUAL_FAMILY
  );
}

/** Name as people say it of what changes a model: a LoRA, an embedding. @param width  of the text vectors it is for */
export function nameOfWidth(width: number): string | undefined {
  const id = byWidth(familyIds(), { contextWidth: width });
  return id && FILES[id].shortName;
}

/** Label of the family with two text encoders. */
export function nameOfTwoTexts(): string | undefined {
  const id = withTexts(({ texts }) => texts.length === 2);
  return id && FILES[id].shortName;
}

/** @param base  Civitai's word for what a model was tuned from */
export const familyOfBase = (base: string): ModelFamily | undefined =>
  tell(familyIds(), (signs) => signs.base?.test(base) === true);

/** @param base  a trainer's word for what a LoRA was trained on: "sd_v1" */
export const familyOfTraining = (base: string): ModelFamily | undefined =>
  tell(familyIds(), (signs) => signs.training?.test(base) === true);

/** @param width  of the text vectors that the denoiser reads */
export const familyOfWidth = (width: number): ModelFamily | undefined => byWidth(familyIds(), { contextWidth: width });

/** @param channels  of the latents, where no other family has as many */
export const familyOfChannels = (channels: number): ModelFamily | undefined =>
  tell(familyIds(), ({ inChannels }) => inChannels === channels);

/** Name of a family in a word, as people say it of LoRAs. */
export const shortNameOf = (family: ModelFamily): string => FILES[family].shortName;
