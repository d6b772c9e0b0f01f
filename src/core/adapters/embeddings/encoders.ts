/** Which text encoders read vectors of which width, in each family. */
import { FAMILY_CONFIGS, type FamilyConfigs } from '../../families/configs';
import { familyOf, publishedFamilies, type ModelFamily } from '../../families';
import { FILES } from '../../families/files';
import { shortNameOf } from '../../families/recognise';
import { openNetwork, type ComponentId } from '../../networks';
import type { ModelShapes } from '../model-shapes';
import { publishedAs } from '../../networks/published';

export interface TextEncoderWidth {
  component: ComponentId;
  width: number;
}

export interface FamilyEncoders {
  /** Undefined for a model's own. */
  family: ModelFamily | undefined;
  encoders: readonly TextEncoderWidth[];
}

type Published = FamilyEncoders & { family: ModelFamily };

let known: readonly Published[] | undefined;

function allEncoders(): readonly Published[] {
  known ??= publishedFamilies().map((family) => {
    const configs: FamilyConfigs = FAMILY_CONFIGS[FILES[family].published.base];
    const encoders = familyOf(family).texts.map(({ component }) => {
      const config = { file: `${family}'s config.json`, config: configs[publishedAs(component)] };
      return { component, width: openNetwork(component, config).sizes.text?.width ?? 0 };
    });
    return { family, encoders };
  });
  return known;
}

/**
 * The family that has just these encoders, else one that has these among others.
 * @param own  of the model at hand: of no published size where none of them is found
 */
export function familyOfWidths(
  widths: ReadonlySet<number>,
  own: readonly TextEncoderWidth[] = [],
): FamilyEncoders | undefined {
  const having = [...allEncoders(), { family: undefined, encoders: own }].filter(({ encoders }) =>
    [...widths].every((width) => encoders.some((encoder) => encoder.width === width)),
  );
  return having.find(({ encoders }) => encoders.length === widths.size) ?? having[0];
}

/** The text encoders among a model's shapes: those with a table of tokens, [tokens, width]. */
export function encodersOf(model: ModelShapes): TextEncoderWidth[] {
  return [...model].flatMap(([component, tensors]) => {
    const table = [...tensors].find(([name]) => name.endsWith('token_embedding.weight'));
    return table ? [{ component, width: table[1][1] }] : [];
  });
}

/** "768 (SD 1.5), 1024 (SD 2), 768 and 1280 (SDXL)". */
export const widthsInWords = (): string =>
  allEncoders()
    .map(({ family, encoders }) => `${encoders.map(({ width }) => width).join(' and ')} (${shortNameOf(family)})`)
    .join(', ');

export const isEncoderWidth = (width: number, own: readonly TextEncoderWidth[] = []): boolean =>
  [...allEncoders(), { encoders: own }].some(({ encoders }) => encoders.some((encoder) => encoder.width === width));
