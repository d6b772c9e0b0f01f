/** What stands before a sampler: the checkpoint with its LoRAs, the texts and their encoder. */
import type { Note, Recipe } from '../recipe/infotext';
import { readEncoder, type ConditioningText } from './encoders';
import type { PromptNode } from './graph';
import { readGuiding } from './guiding-nodes';
import { readLoras } from './loras';
import { stem } from './passes';
import { readShrink } from './shrink-node';
import { tiledOfNode } from './tiled-node';
import { tilingOfNode } from './tiling-words';
import type { Found, Walk } from './walk';

const FILES = ['ckpt_name', 'unet_name', 'base_ckpt_name', 'checkpoint', 'ckpt', 'gguf_name'];

/** Up from a sampler's `model` to the file. */
export function readModel(walk: Walk, start: Found | undefined, notes: Note[]): Partial<Recipe> {
  const recipe: Partial<Recipe> = {};
  const loras: NonNullable<Recipe['loras']> = [];
  for (let at = start; at && 'node' in at;) {
    const { node } = at;
    const file = walk.text(node, ...FILES.filter((name) => node.inputs.has(name)));
    if (file !== undefined) recipe.model = stem(file);
    const own = readLoras(walk, node);
    loras.unshift(...own);
    if (file !== undefined && !node.inputs.has('model')) break;
    const before: Found | undefined = walk.before(at, 'model') ?? walk.origin(node, 'model', 'model1', '*');
    if (node.type === 'ModelSamplingDiscrete') readModelSampling(walk, node, recipe, notes);
    else if (node.type === 'TiledDiffusion') readTiling(walk, node, recipe, notes);
    else if (node.type === 'SeamlessTile')
      recipe.tiling = tilingOfNode(walk.text(node, 'tiling') ?? 'enable') ?? 'none';
    else if (node.type === 'PatchModelAddDownscale') readShrink(walk, node, recipe, notes);
    else if (
      !readGuiding(walk, node, recipe, notes) &&
      file === undefined &&
      own.length === 0 &&
      !HANDS_ON.test(node.type)
    )
      walk.passed.add(node.type);
    at = before ?? loaderOfPipe(walk, node);
  }
  if (loras.length > 0) recipe.loras = loras;
  return recipe;
}

/** They do nothing to a model. */
const HANDS_ON =
  /^(From|To|Edit)?(Basic|Detailer)Pipe|^Context|^easy (pipe|preSampling|kSampler)|LoraLoader|Lora Loader|WildcardEncode|^KSampler|^ttN pipe/i;

/** A loader at the other end of a pipe has the file's name where others have a link. */
function loaderOfPipe(walk: Walk, node: PromptNode): Found | undefined {
  const found = FILES.map((name) => walk.input(node, name)).find((one) => one !== undefined && one.node !== node);
  return found && { node: found.node, slot: 0, role: 'model' };
}

/** The loader at the beginning of a sampler's pipe. */
export function readPipedModel(walk: Walk, node: PromptNode, notes: Note[]): Partial<Recipe> {
  return readModel(walk, loaderOfPipe(walk, node), notes);
}

function readModelSampling(walk: Walk, node: PromptNode, recipe: Partial<Recipe>, notes: Note[]): void {
  if (walk.value(node, 'zsnr') === true) recipe.zeroTerminalSnr = true;
  const sampling = walk.text(node, 'sampling');
  if (sampling !== undefined && sampling !== 'eps')
    notes.push({ key: 'ModelSamplingDiscrete', message: `"${sampling}" is not carried over: the model decides.` });
}

function readTiling(walk: Walk, node: PromptNode, recipe: Partial<Recipe>, notes: Note[]): void {
  const method = walk.text(node, 'method') ?? '';
  const [width = 0, height = 0, overlap = 0] = ['tile_width', 'tile_height', 'tile_overlap'].map((name) =>
    walk.number(node, name),
  );
  const tiled = tiledOfNode(method, { width, height, overlap });
  if (tiled) Object.assign(recipe, tiled);
  else notes.push({ key: 'Tiled Diffusion', message: `"${method}" is not carried over.` });
}

const ZERO_OUT = 'ConditioningZeroOut';

/** Loaders that encode have the way of reading weights beside the texts. */
function noteWeights({ type, inputs }: PromptNode): Note[] {
  const ways = [...inputs].filter(
    ([name, value]) =>
      /(?:weight_interpretation|token_normalization)$/.test(name) && !/^(?:comfy|none)$/i.test(String(value as string)),
  );
  const said = ways.map(([name, value]) => `"${name}: ${String(value as string)}"`);
  return said.length === 0
    ? []
    : [{ key: type, message: `Of the node "${type}" these are not carried over: ${said.join(', ')}.` }];
}

/** Up from a sampler's `positive` or `negative` to the text. */
export function readConditioning(walk: Walk, start: Found | undefined, notes: Note[]): ConditioningText {
  const seen = new Set<PromptNode>();
  for (let at = start; at;) {
    if ('literal' in at) return { text: String(at.literal), clip: undefined };
    const { node, role } = at;
    if (seen.has(node)) break;
    seen.add(node);
    if (node.type === ZERO_OUT) {
      notes.push({
        key: ZERO_OUT,
        message: `The node "${ZERO_OUT}" gives zeros, which an empty text is not: here it is an empty text.`,
      });
      return { text: '', clip: undefined };
    }
    const own = readEncoder(walk, at, notes);
    if (own) return own;
    const before = walk.before(at, 'conditioning');
    if (before && 'literal' in before) notes.push(...noteWeights(node));
    if (before && 'literal' in before) return { text: String(before.literal), clip: { node, slot: 0, role } };
    if (!before) {
      walk.unsure.add(role);
      walk.lost.set(
        `text ${node.type} ${role}`,
        `Which text the node "${node.type}" gives for "${role}" is not known here: it is left out.`,
      );
      return { text: '', clip: undefined };
    }
    if (!HANDS_ON.test(node.type)) walk.passed.add(node.type);
    at = before;
  }
  return { text: '', clip: undefined };
}

/** `stop_at_clip_layer` counts from the end: −2 is A1111's 2. */
export function readClipSkip(walk: Walk, start: Found | undefined): number | undefined {
  for (let at = start; at && 'node' in at;) {
    const { node } = at;
    const layer = walk.number(node, 'stop_at_clip_layer', 'clip_skip');
    if (layer !== undefined) return layer === 0 ? undefined : Math.abs(layer);
    const before: Found | undefined = walk.before(at, 'clip') ?? walk.origin(node, 'clip');
    if (before && readLoras(walk, node).length === 0 && !HANDS_ON.test(node.type)) walk.passed.add(node.type);
    at = before;
  }
  return undefined;
}
