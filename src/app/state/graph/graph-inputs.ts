/** What a workflow names and does not hold, as it is here when its turn comes: models, adapters, networks, pictures. */
import type { ControlEntry, ModelEntry, UpscalerEntry } from '../../../core/catalog';
import { BUILT_IN_CONTROL } from '../../../core/catalog/built-in-control';
import { BUILT_IN_UPSCALER } from '../../../core/catalog/built-in-upscaler';
import { AppError } from '../../../core/errors';
import { namesOfFile } from '../../../core/recipe/own-vae';
import type { OperationId, Workflow } from '../../../core/workflow';
import type { Pixels, WorkflowInputs } from '../../../engine/api';
import type { StoredModel } from '../../../engine/library-api';
import { isBuiltInControl } from '../control/built-in-control';
import { entryOf } from '../control/control-inputs';
import { misfitText } from '../control/control-text';
import { entriesOf, namesOf, readableEmbeddings, type PictureFiles } from '../line/picture-inputs';
import type { GraphWork } from './graph-work';

interface Pictures {
  /** Pixels of a picture by its hash, to the byte; undefined where it is not here. */
  pixels(hash: string): Promise<Pixels | undefined>;
}

export type GraphFiles = PictureFiles & { usable: readonly ModelEntry[] };

/** @throws AppError 'missing-file', 'missing-picture', 'bad-request' for a network of another family */
export async function graphInputs(
  { workflow, images }: Pick<GraphWork, 'workflow' | 'images'>,
  pictures: Pictures,
  shelf: GraphFiles,
): Promise<WorkflowInputs> {
  const named = (operation: OperationId, setting: string): string[] => namedIn(workflow, operation, setting);
  const models = named('load_model', 'model').map((id) => here(shelf.usable, id, 'The model'));
  const loras = named('add_adapter', 'adapter').map((id) => {
    here(shelf.adapters, id, 'The LoRA');
    return namesOf('lora', shelf.adapters).filter(({ adapter }) => adapter.id === id);
  });
  const prompt = named('encode_text', 'text').join('\n');
  const embeddings = readableEmbeddings({ prompt, negativePrompt: '', dialect: 'comfyui' }, shelf.adapters);
  return {
    ...{ models, keepsLatents: true },
    images: await imagesOf(images, pictures),
    adapters: await entriesOf(loras.flat(), shelf),
    embeddings: await entriesOf(embeddings, shelf),
    vaes: shelf.vaes.map((file) => ({ id: file.id, names: namesOfFile(file) })),
    upscalers: named('upscale_image', 'upscaler').map((id) => upscaler(id, shelf)),
    controls: controlsOf(named('apply_control', 'control'), models, shelf),
  };
}

/** What a setting of such operations names, each once. */
function namedIn({ nodes }: Workflow, operation: OperationId, setting: string): string[] {
  const said = nodes.filter((node) => node.operation === operation).map(({ settings }) => settings[setting]);
  return [...new Set(said)].filter((value) => typeof value === 'string');
}

function here<One extends { id: string }>(shelf: readonly One[], id: string, what: string): One {
  const found = shelf.find((one) => one.id === id);
  if (found) return found;
  throw new AppError('missing-file', `${what} "${id}" that the workflow runs with is no longer on this computer.`);
}

async function imagesOf(hashes: readonly string[], pictures: Pictures): Promise<Record<string, Pixels>> {
  const found: Record<string, Pixels> = {};
  for (const hash of hashes) {
    const pixels = await pictures.pixels(hash);
    if (!pixels)
      throw new AppError('missing-picture', 'A picture that the workflow loads is not here any more: choose it again.');
    found[hash] = pixels;
  }
  return found;
}

function upscaler(id: string, { upscalers }: GraphFiles): UpscalerEntry {
  if (id === BUILT_IN_UPSCALER.id) return BUILT_IN_UPSCALER;
  const { name, bytes } = here(upscalers, id, 'The upscaler');
  const unknown = { description: '', licence: { name: 'its own', url: '' }, downloadBytes: bytes };
  return { ...unknown, id, name, role: 'upscaler', source: { kind: 'imported' } };
}

/** With what looks at pictures, where one of them reads some. */
function controlsOf(ids: readonly string[], models: readonly ModelEntry[], shelf: GraphFiles): ControlEntry[] {
  const reads = shelf.controls.some((one) => one.control === 'picture' && ids.includes(one.id));
  const towers = reads ? shelf.controls.filter((one) => one.control === 'tower') : [];
  return [
    ...ids.map((id) => control(id, models, shelf)),
    ...towers.map((one): ControlEntry => ({ ...entryOf(one, one.name), isTower: true })),
  ];
}

function control(id: string, models: readonly ModelEntry[], { controls }: GraphFiles): ControlEntry {
  const found: StoredModel = here(controls, id, 'The ControlNet');
  const misfits = models.flatMap((model) => misfitText(found, model) ?? []);
  // One of several models it may be for.
  if (misfits[0] !== undefined && misfits.length === models.length) throw new AppError('bad-request', misfits[0]);
  return isBuiltInControl(found) ? BUILT_IN_CONTROL : entryOf(found, found.name);
}
