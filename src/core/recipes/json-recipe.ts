/** A recipe in JSON, however deep: known contents are looked for in the places where programs put them. */
import { readComfyJson } from '../comfyui';
import { parseInfotext, readRecipeJson, saysSettings, type Note, type Recipe } from '../recipe/infotext';
import { noteResources } from './civitai-facts';
import { parseAnyJson } from './parse-any-json';
import { toSeedValue } from '../recipe/seed-value';
import { asBag, without, type Bag } from './json-pairs';
import { ANY_PROGRAM } from './programs/any-program';
import { NOVEL_AI } from './programs/novel-ai';
import { PROGRAMS } from './programs/programs';
import { readProgram } from './programs/read-program';

export interface JsonRecipe {
  recipe: Recipe;
  notes: Note[];
  form: 'infotext' | 'comfyui' | 'novelai' | 'json';
}

const MOST_DEPTH = 8;

/** They say more than what stands beside them: A1111's answers, Civitai's pictures of ComfyUI. */
const BEFORE = ['infotexts', 'infotext', 'comfy'] as const;

/** Where programs wrap it, what was painted before what was asked for. */
const CONTAINERS = [
  'infotexts',
  'infotext',
  'info',
  'sui_image_params',
  'comfy',
  'invokeai_metadata',
  'sd-metadata',
  'sd_metadata',
  'Comment',
  'parameters',
  'generation_data',
  'generationData',
  'meta',
  'metadata',
  'params',
  'settings',
  'prompt',
  'workflow',
  'extra_data',
  'extra_pnginfo',
  'reqBody',
  'request',
  'task',
  'taskData',
  'input',
  'inputs',
  'payload',
  'output',
  'outputs',
  'result',
  'results',
  'items',
  'data',
  'image',
  'images',
  'generation',
  'generations',
  'generation_params',
  'generationParameters',
  'parameters-json',
  'UserComment',
  'userComment',
  'exif',
  'pnginfo',
  'recipe',
  'value',
  'text',
  'body',
] as const;

/** Undefined where nothing in it is known. */
export function readJsonRecipe(json: unknown, depth = 0): JsonRecipe | undefined {
  if (depth > MOST_DEPTH) return undefined;
  if (typeof json === 'string') return readInnerText(json, depth);
  if (Array.isArray(json)) return readList(json, depth);
  const bag = asBag(json);
  return bag && readBag(bag, depth);
}

/** JSON in a text, or an infotext with parameters; other texts are only words. */
function readInnerText(text: string, depth: number): JsonRecipe | undefined {
  const json = parseAnyJson(text);
  if (json !== undefined && json !== text) return readJsonRecipe(json, depth + 1);
  const { recipe, notes, hasParameters } = parseInfotext(text);
  return hasParameters ? { recipe, notes, form: 'infotext' } : undefined;
}

const MOST_TRIED = 8;

function readList(list: readonly unknown[], depth: number): JsonRecipe | undefined {
  const graph = graphOfList(list);
  if (graph) return readBag(graph, depth);
  for (const one of list.slice(0, MOST_TRIED)) {
    const found = readJsonRecipe(one, depth + 1);
    if (!found) continue;
    const others = list.filter((other) => other !== one && isAlike(other, one)).length;
    const note = { key: 'JSON', message: `There are ${others + 1} recipes in this list: the first is taken.` };
    return others > 0 ? { ...found, notes: [...found.notes, note] } : found;
  }
  return undefined;
}

/** Whether two are of one kind: what a list has beside a recipe may be its address or its files. */
function isAlike(other: unknown, one: unknown): boolean {
  const [bag, own] = [asBag(other), asBag(one)];
  return bag && own ? Object.keys(bag).some((key) => key in own) : typeof other === typeof one && !bag && !own;
}

/** ComfyUI's nodes as a list, each with its id, as tools write that walk over them. */
function graphOfList(list: readonly unknown[]): Bag | undefined {
  const nodes = list.map(asBag);
  const isGraph =
    nodes.length > 1 &&
    nodes.every((node) => node && typeof node['class_type'] === 'string' && node['id'] !== undefined);
  return isGraph ? Object.fromEntries(nodes.map((node) => [String(node?.['id']), node])) : undefined;
}

function readBag(bag: Bag, depth: number): JsonRecipe | undefined {
  const known =
    readComfy(bag) ??
    readNovelTexts(bag) ??
    readNovelRequest(bag) ??
    readContainers(bag, BEFORE, depth) ??
    readOurs(bag) ??
    readKnownProgram(bag);
  if (known) return known;
  const own = readProgram(ANY_PROGRAM, bag);
  if (own && saysSettings(own.recipe)) return { ...own, form: 'json' };
  const inner = readContainers(bag, CONTAINERS, depth) ?? readAnywhere(bag, depth);
  if (inner && saysSettings(inner.recipe)) return withSiblings(inner, bag);
  const spread = readSpread(bag);
  if (spread ?? inner) return spread ?? inner;
  return own && { ...own, form: 'json' };
}

/** Civitai's pages keep the files of a picture beside what it says itself; Replicate's log has the seed that was drawn. */
function withSiblings(found: JsonRecipe, bag: Bag): JsonRecipe {
  const { recipe } = found;
  const notes = (recipe.loras?.length ?? 0) > 0 ? [] : noteResources(bag['resources'], recipe.prompt);
  const [, seed] = /\bseed: (\d{1,20})\b/i.exec(typeof bag['logs'] === 'string' ? bag['logs'] : '') ?? [];
  const drawn = seed === undefined || recipe.seed !== undefined ? {} : { seed: toSeedValue(BigInt(seed)) };
  return { ...found, recipe: { ...recipe, ...drawn }, notes: [...found.notes, ...notes] };
}

/** Each group of settings in an object of its own, the prompts among them. Any program's settings may have prompt and steps. */
function readSpread(bag: Bag): JsonRecipe | undefined {
  const groups = Object.values(bag).flatMap((value) => asBag(value) ?? []);
  if (groups.length < 2) return undefined;
  const rest = Object.entries(bag).filter(([, value]) => !asBag(value));
  const own = readProgram(ANY_PROGRAM, Object.assign({}, ...groups, Object.fromEntries(rest)) as Bag);
  return own && isOfDiffusion(own.recipe) ? { ...own, form: 'json' } : undefined;
}

/** It says two of what hardly anything else has. */
function isOfDiffusion({ sampler, cfgScale, seed, negativePrompt }: Recipe): boolean {
  const said = [sampler, cfgScale, seed, negativePrompt === '' ? undefined : negativePrompt];
  return said.filter((value) => value !== undefined).length > 1;
}

function readContainers(bag: Bag, keys: readonly string[], depth: number): JsonRecipe | undefined {
  for (const key of keys) {
    const found = key in bag ? readJsonRecipe(bag[key], depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

const USUAL: ReadonlySet<string> = new Set([...BEFORE, ...CONTAINERS]);
/** Keys of one object that are looked into. */
const MOST_KEYS = 40;

/** Servers and queues keep it under keys of their own, even ids: only what says settings counts there. */
function readAnywhere(bag: Bag, depth: number): JsonRecipe | undefined {
  const others = Object.entries(bag).filter(
    ([key, value]) => !USUAL.has(key) && (typeof value === 'object' || isJsonText(value)),
  );
  for (const [i, [key, value]] of others.slice(0, MOST_KEYS).entries()) {
    const found = readJsonRecipe(value, depth + 1);
    if (!found || (found.form !== 'comfyui' && !isWhole(found))) continue;
    const count =
      1 + others.slice(i + 1, MOST_KEYS).filter(([, other]) => isAnother(other, { value, found, depth })).length;
    const message = `There are ${count} recipes in this JSON: the first ("${key}") is taken.`;
    return count > 1 ? { ...found, notes: [...found.notes, { key: 'JSON', message }] } : found;
  }
  return undefined;
}

const isWhole = ({ recipe }: JsonRecipe): boolean => saysSettings(recipe) && recipe.prompt !== '';

/** It has the same keys, and another prompt: what was asked and what was answered say the same. */
function isAnother(
  other: unknown,
  { value, found, depth }: { value: unknown; found: JsonRecipe; depth: number },
): boolean {
  const [bag, own] = [asBag(other), asBag(value)];
  if (!bag || !own || Object.keys(own).some((key) => !(key in bag))) return false;
  const read = readJsonRecipe(other, depth + 1);
  return read !== undefined && isWhole(read) && read.recipe.prompt !== found.recipe.prompt;
}

const isJsonText = (value: unknown): boolean =>
  typeof value === 'string' && (/^\s*[[{]/.test(value) || /(?:^|[\n.,])\s*Steps: ?\d/.test(value));

/** The graph itself, or `prompt` and `workflow` with graphs, as objects or as texts. */
function readComfy(bag: Bag): JsonRecipe | undefined {
  const inner = (key: string): unknown => {
    const value = bag[key];
    return typeof value === 'string' ? parseAnyJson(value) : value;
  };
  const comfy =
    readComfyJson({ prompt: inner('prompt') ?? inner('Prompt'), workflow: inner('workflow') ?? inner('Workflow') }) ??
    readComfyJson({ prompt: bag, workflow: bag });
  return comfy && { recipe: comfy.recipe, notes: comfy.notes, form: 'comfyui' };
}

/** All the texts of a picture, as NovelAI hides them in its pixels. */
function readNovelTexts(bag: Bag): JsonRecipe | undefined {
  const comment = typeof bag['Comment'] === 'string' ? asBag(parseAnyJson(bag['Comment'])) : undefined;
  return comment && NOVEL_AI.isIts(comment) ? readNovelAi(comment, { description: bag['Description'] }) : undefined;
}

/** What its server is sent: the prompt beside the settings. */
function readNovelRequest(bag: Bag): JsonRecipe | undefined {
  const parameters = typeof bag['input'] === 'string' ? asBag(bag['parameters']) : undefined;
  if (!parameters || !NOVEL_AI.isIts(parameters)) return undefined;
  return readNovelAi(parameters, { description: bag['input'] });
}

/** From the fourth model on, the comment has no prompt of its own beside the picture's description. */
export function readNovelAi(
  comment: Bag,
  around: { description: unknown; width?: number; height?: number },
): JsonRecipe | undefined {
  const { description, ...size } = around;
  const texts = [description, comment['prompt'], asBag(asBag(comment['v4_prompt'])?.['caption'])?.['base_caption']];
  const prompt = texts.find((text) => typeof text === 'string' && text !== '') ?? '';
  const negative = asBag(asBag(comment['v4_negative_prompt'])?.['caption'])?.['base_caption'];
  const whole = {
    ...size,
    sampler: 'k_euler_ancestral',
    ...(typeof negative === 'string' && { uc: negative }),
    ...comment,
    prompt,
  };
  const read = readProgram(NOVEL_AI, { ...whole, clip_skip: 2, ensd: 31337 });
  return read && { ...read, form: 'novelai' };
}

/** They have small names of samplers, too. */
const FOREIGN = [
  'cfg_scale',
  'scheduler',
  'denoise',
  'versionIds',
  'resources',
  'additionalResources',
  'civitaiResources',
];

/** Ours are written small; Civitai has A1111's names. */
function readOurs(bag: Bag): JsonRecipe | undefined {
  const isOurs =
    'negativePrompt' in bag &&
    !FOREIGN.some((key) => key in bag) &&
    typeof bag['sampler'] === 'string' &&
    /^[a-z0-9_]+$/.test(bag['sampler']);
  return isOurs ? { ...readRecipeJson(withoutAnswer(bag)), form: 'json' } : undefined;
}

/** What the command line adds to a recipe. */
function withoutAnswer(bag: Bag): Bag {
  return 'form' in bag && 'notes' in bag ? without(bag, 'form', 'notes', 'settings') : bag;
}

function readKnownProgram(bag: Bag): JsonRecipe | undefined {
  const program = PROGRAMS.find(({ isIts }) => isIts(bag));
  if (!program) return undefined;
  if (program === NOVEL_AI) return readNovelAi(bag, { description: undefined });
  const read = readProgram(program, bag);
  return read && { ...read, form: 'json' };
}
