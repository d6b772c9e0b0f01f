/** The library's files as a workflow would name them. */
import type { ModelFolder } from '../../../core/comfyui/workflows';
import type { ModelLibrary } from '../library/library.svelte';

type Named = { names: readonly (string | undefined)[] };
type PictureFiles = Pick<ModelLibrary, 'items' | 'adapters' | 'controls' | 'vaes' | 'upscalers' | 'texts'>;

/** Names of files in the library, by ComfyUI's folder, each as a workflow would have it. */
export function libraryNames(library: PictureFiles, folder: ModelFolder | undefined): string[] {
  return shelf(library, folder).flatMap(({ names: [first] }) => (first === undefined ? [] : [first]));
}

function shelf(
  { items, adapters, controls, upscalers, texts, vaes }: PictureFiles,
  folder: ModelFolder | undefined,
): Named[] {
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
      return others(controls.filter(({ control }) => control === 'network' || control === 'adapter'));
    case 'ipadapter':
      return others(controls.filter(({ control }) => control === 'picture'));
    case 'clip_vision':
      return others(controls.filter(({ control }) => control === 'tower'));
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
