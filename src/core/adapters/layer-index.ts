/** Every name under which a file may speak of a model's layers. Built from the model's side: no name is ever taken apart. */
import type { ComponentId } from '../networks';
import { roleOf } from '../networks';
import { layerPaths, spelled, spellingsOf } from '../networks/published/layer-names';
import type { ModelShapes, TensorShapes } from './model-shapes';

export interface Layer {
  /** "component/path": how callers name it. */
  id: string;
  component: ComponentId;
  /** The tensors' name without ".weight" and ".bias". */
  path: string;
  /** Shape of its weight. */
  shape: readonly number[];
  /** Shape of its bias; absent where it has none. */
  biasShape?: readonly number[];
}

/** Spelled name → layer. */
export type LayerIndex = ReadonlyMap<string, Layer>;

const WEIGHT = /\.weight$/;

/** All layers that have a weight. */
export function layersOf(component: ComponentId, tensors: TensorShapes): Layer[] {
  return [...tensors].flatMap(([name, shape]): Layer[] => {
    if (!WEIGHT.test(name)) return [];
    const path = name.replace(WEIGHT, '');
    const biasShape = tensors.get(`${path}.bias`);
    return [{ id: `${component}/${path}`, component, path, shape, ...(biasShape && { biasShape }) }];
  });
}

const indices = new WeakMap<ModelShapes, LayerIndex>();

/** Where two layers have one name the first keeps it: those of the first text encoder come before the denoiser's. */
export function layerIndex(model: ModelShapes): LayerIndex {
  const before = indices.get(model);
  if (before) return before;
  const isOnlyText = [...model.keys()].filter((component) => roleOf(component) === 'text').length === 1;
  const index = new Map<string, Layer>();
  for (const [component, tensors] of model) {
    const layers = layersOf(component, tensors);
    const paths = layerPaths(
      component,
      layers.map(({ path }) => path),
    );
    for (const spelling of spellingsOf(component, isOnlyText))
      for (const layer of layers)
        for (const path of paths.get(layer.path) ?? []) {
          const name = spelled(spelling, path);
          if (!index.has(name)) index.set(name, layer);
        }
  }
  indices.set(model, index);
  return index;
}
