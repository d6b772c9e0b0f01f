/** Whether the models that a workflow names are on this computer. */
import { bareName, type ModelFolder, type WantedModel } from '../../../core/comfyui/workflows';
import type { ModelLibrary } from '../library.svelte';

export interface FoundModel extends WantedModel {
  /** The library's own name for it. */
  here?: string;
}

type Named = { names: readonly (string | undefined)[] };
type Shelf = Pick<ModelLibrary, 'items' | 'adapters' | 'controls' | 'vaes' | 'upscalers' | 'texts'>;

/** Names of files in the library, by ComfyUI's folder, each as a workflow would have it. */
export function libraryNames(library: Shelf, folder: ModelFolder | undefined): string[] {
  return shelf(library, folder).flatMap(({ names: [first] }) => (first === undefined ? [] : [first]));
}

/** By the name of the file alone, whatever its folder and ending, capitals and strokes. */
export function findModels(wanted: readonly WantedModel[], library: Shelf): FoundModel[] {
  return wanted.map((model) => {
    const name = bareName(model.name);
    const found = shelf(library, model.folder).find(({ names }) =>
      names.some((one) => one !== undefined && bareName(one) === name),
    );
    const here = found?.names[0];
    return { ...model, ...(here !== undefined && { here }) };
  });
}

function shelf({ items, adapters, controls, upscalers, texts, vaes }: Shelf, folder: ModelFolder | undefined): Named[] {
  const models = items
    .filter(({ isUsable }) => isUsable)
    .map(({ entry, stored }) => ({ names: [entry.name, stored?.name, entry.id] }));
  const ofKind = (wanted: string): Named[] =>
    adapters
      .filter(({ kind }) => kind === wanted)
      .map(({ fileName, name, aliases }) => ({ names: [fileName, name, ...aliases] }));
  const others = (list: readonly { name: string }[]): Named[] => list.map(({ name }) => ({ names: [name] }));
  switch (folder) {
    case 'loras':
      return ofKind('lora');
    case 'embeddings':
      return ofKind('embedding');
    case 'controlnet':
      return others(controls);
    case 'upscale_models':
      return others(upscalers);
    case 'text_encoders':
      return others(texts);
    case 'checkpoints':
    case 'diffusion_models':
      return models;
    case undefined:
      return [...models, ...ofKind('lora')];
    case 'vae':
      return others(vaes);
    default:
      return [];
  }
}
