/** What an adapter is laid against: every tensor of a model's text encoders and denoiser, by name, with its shape. */
import { FAMILY_CONFIGS, type FamilyConfigs } from '../families/configs';
import { familyOf, type ModelFamily } from '../families';
import { FILES } from '../families/files';
import { exprTensors } from '../graph';
import { openNetwork, type ComponentId, type ConfigFile } from '../networks';
import { isAdapted } from '../networks/published/layer-names';
import { publishedAs } from '../networks/published';

export type TensorShapes = ReadonlyMap<string, readonly number[]>;

/** Shapes of the components that adapters are for; the first text encoder first. */
export type ModelShapes = ReadonlyMap<ComponentId, TensorShapes>;

/** @throws AppError as `openNetwork` */
export function modelShapes(configs: readonly (readonly [ComponentId, ConfigFile])[]): ModelShapes {
  return new Map(
    configs
      .filter(([component]) => isAdapted(component))
      .map(([component, config]) => {
        const { weights } = openNetwork(component, config).build('portable');
        const tensors = exprTensors(weights.map(({ expr }) => expr));
        return [component, new Map(tensors.map(({ name, shape }) => [name, shape]))];
      }),
  );
}

const known = new Map<ModelFamily, ModelShapes>();

/** Shapes of the family's published model. @throws RangeError for one that has none: its own model says its sizes */
export function familyShapes(family: ModelFamily): ModelShapes {
  const before = known.get(family);
  if (before) return before;
  const { texts, denoiser, builtIn } = familyOf(family);
  if (builtIn !== undefined) throw new RangeError(`${family} has no published model: give the model's own shapes`);
  const configs: FamilyConfigs = FAMILY_CONFIGS[FILES[family].published.base];
  const made = modelShapes(
    [...texts.map(({ component }) => component), denoiser].map((component) => [
      component,
      { file: `${family}'s config.json`, config: configs[publishedAs(component)] },
    ]),
  );
  known.set(family, made);
  return made;
}
