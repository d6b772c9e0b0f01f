/** The models that a workflow asks for, by the names of their files. */
import type { ApiPrompt } from '../convert';
import { asApiLink } from '../convert';
import { asBag, asList, asText, type ComfyDocument, type Json } from '../document';
import { isWidget, nodeSpec, type ModelFolder } from '../nodes';

export interface WantedModel {
  /** ComfyUI's folder; undefined where only the ending says that this is a model. */
  folder: ModelFolder | undefined;
  /** Name as it is written, with folders. */
  name: string;
  /** Places where it is asked for. */
  places: { node: string; input: string }[];
  /** Where the workflow says to get it. */
  url?: string;
  hash?: string;
}

const NAMES: readonly (readonly [pattern: RegExp, folder: ModelFolder])[] = [
  [/ckpt_name|^ckpt$|checkpoint/, 'checkpoints'],
  [/lora_name|^lora(_\d+)?$/, 'loras'],
  [/vae_name/, 'vae'],
  [/control_?net_name|^control_?net(_\d+)?$/, 'controlnet'],
  [/unet_name/, 'diffusion_models'],
  [/clip_vision/, 'clip_vision'],
  [/ip_?adapter/, 'ipadapter'],
  [/clip_name/, 'text_encoders'],
  [/upscale_model|^model_name$/, 'upscale_models'],
  [/embedding/, 'embeddings'],
];

const WEIGHTS = /\.(safetensors|sft|ckpt|pth?|bin|gguf|onnx)$/i;
/** What stands in lists of models and is none. */
const NO_FILE = /^(none|baked vae|undefined|)$/i;
/** Ends at what cannot be in a name that is written into a text. */
const EMBEDDING = /embedding:([^\s,:()[\]{}|]+)/g;

/** Each file once, in the order of the nodes. */
export function wantedModels(prompt: ApiPrompt, document?: ComfyDocument): WantedModel[] {
  const found = new Map<string, WantedModel>();
  const add = (folder: ModelFolder | undefined, name: string, place: WantedModel['places'][number]) => {
    const key = `${folder ?? ''} ${name}`;
    const model = found.get(key) ?? { folder, name, places: [] };
    model.places.push(place);
    found.set(key, model);
  };
  for (const [node, { class_type, inputs }] of Object.entries(prompt))
    for (const [input, value] of Object.entries(inputs)) {
      if (asApiLink(value)) continue;
      for (const { folder, name } of namesIn(class_type, input, value)) add(folder, name, { node, input });
    }
  for (const said of document ? saidModels(document) : []) addSource(found, said);
  return [...found.values()];
}

function namesIn(type: string, input: string, value: Json): { folder: ModelFolder | undefined; name: string }[] {
  const lora = asText(asBag(value)?.['lora']);
  if (lora !== undefined) return NO_FILE.test(lora) ? [] : [{ folder: 'loras', name: lora }];
  if (typeof value !== 'string') return [];
  const spec = nodeSpec(type);
  const widget = spec && Object.hasOwn(spec.inputs, input) ? spec.inputs[input] : undefined;
  if (widget && isWidget(widget) && widget.kind === 'file')
    return widget.folder === 'input' || NO_FILE.test(value) ? [] : [{ folder: widget.folder, name: value }];
  if (!spec && WEIGHTS.test(value))
    return [{ folder: NAMES.find(([pattern]) => pattern.test(input))?.[1], name: value }];
  return [...value.matchAll(EMBEDDING)].map(([, name = '']) => ({ folder: 'embeddings', name }));
}

interface Said {
  name: string;
  url: string | undefined;
  hash: string | undefined;
}

/** `properties.models` of nodes, and `models` of early templates. */
function saidModels({ root, subgraphs, raw }: ComfyDocument): Said[] {
  const lists = [root, ...subgraphs].flatMap(({ nodes }) => nodes.map(({ properties }) => properties['models']));
  return [...lists, raw?.['models']].flatMap(asList).flatMap((json): Said[] => {
    const bag = asBag(json);
    const name = asText(bag?.['name']);
    return name === undefined ? [] : [{ name, url: asText(bag?.['url']), hash: asText(bag?.['hash']) }];
  });
}

/** Said models that no node asks for are left out: it is old advice. */
function addSource(found: ReadonlyMap<string, WantedModel>, { name, url, hash }: Said): void {
  for (const model of found.values()) {
    if (baseName(model.name) !== baseName(name)) continue;
    if (url !== undefined && /^https?:\/\//i.test(url)) model.url ??= url;
    if (hash !== undefined) model.hash ??= hash;
  }
}

/** Name without folders, whichever stroke parts them. */
export function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).toLowerCase();
}

/** Name without what may differ between two names of one file: its folder and ending, capitals and strokes. */
export function bareName(name: string): string {
  return baseName(name)
    .replace(/\.(safetensors|sft|ckpt|pth?|bin|gguf|onnx)$/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
