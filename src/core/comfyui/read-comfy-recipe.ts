/** From ComfyUI's graphs to a recipe: the path from the picture back to its samplers, and what those were given. */
import type { HiresRecipe, Note, Recipe } from '../recipe/infotext';
import { SAMPLERS } from '../samplers';
import { SCHEDULES } from '../schedules';
import { enlargementOf, type Enlargement } from './enlargement';
import { readPromptGraph, type Graph, type PromptNode } from './graph';
import { noteBatch } from './batches';
import { readClipSkip, readConditioning, readModel, readPipedModel } from './loaders';
import { findPasses, stem, type Pass } from './passes';
import { readPythonJson } from './read-json';
import { readScripts } from './scripts';
import { noteSampler, readSampling, type Sampling } from './sampling';
import { isTextName } from './text-nodes';
import { Walk, type Found } from './walk';
import { readWorkflowGraph } from './workflow-graph';

export interface ComfyRecipe {
  recipe: Recipe;
  /** What is not carried over. */
  notes: Note[];
  /** Prompts that were pieced together or not found. */
  unsure?: ReadonlySet<'prompt' | 'negativePrompt'>;
}

/**
 * `prompt`, what ran, counts more than `workflow`, what the editor showed.
 *
 * @param found JSON texts; either may be missing
 * @returns undefined where neither holds a graph with a sampler
 */
export function readComfyRecipe({ prompt, workflow }: { prompt?: string; workflow?: string }): ComfyRecipe | undefined {
  const parse = (text: string | undefined) => (text === undefined ? undefined : readPythonJson(text));
  return readComfyJson({ prompt: parse(prompt), workflow: parse(workflow) });
}

/** The same of JSON that was parsed by readPythonJson. */
export function readComfyJson({ prompt, workflow }: { prompt?: unknown; workflow?: unknown }): ComfyRecipe | undefined {
  const shown = readWorkflowGraph(workflow);
  const read = (graph: Graph | undefined) => (graph ? readGraph(graph) : undefined);
  return read(withOutputs(readPromptGraph(prompt), shown)) ?? read(shown);
}

/** The editor's names of outputs, for nodes of the same id. */
function withOutputs(graph: Graph | undefined, shown: Graph | undefined): Graph | undefined {
  if (!graph || !shown) return graph;
  return new Map(
    [...graph].map(([id, node]) => [
      id,
      { ...node, outputs: shown.get(id)?.type === node.type ? shown.get(id)?.outputs : undefined },
    ]),
  );
}

function readGraph(graph: Graph): ComfyRecipe | undefined {
  const walk = new Walk(graph);
  const passes = findPasses(walk);
  const at = passes.findIndex(({ isRepaint }) => !isRepaint);
  const base = passes[Math.max(0, at)] as Pass | undefined;
  if (!base) return undefined;
  const notes: Note[] = [];
  const sampling = readSampling(walk, base.sampler, notes);
  const positive = readConditioning(walk, sampling.positive, notes);
  const negative = readConditioning(walk, sampling.negative, sampling.recipe.cfgScale === 1 ? [] : notes);
  // A loader at the other end of a pipe has it beside the prompts.
  const clip = positive.clip ?? { node: base.sampler, slot: 0, role: 'clip' };
  const clipSkip = readClipSkip(walk, clip);
  const recipe: Recipe = {
    prompt: positive.text,
    negativePrompt: negative.text,
    noise: 'comfyui',
    ...sampling.recipe,
    ...(sampling.model ? readModel(walk, sampling.model, notes) : readPipedModel(walk, base.sampler, notes)),
    ...(clipSkip !== undefined && clipSkip > 1 && { clipSkip }),
    ...base.size,
    ...readVae(walk, base.sampler),
    ...readTextEncoders(walk, clip),
    dialect: 'comfyui',
    conventions: 'comfyui',
  };
  notes.push(...noteSampler(base.sampler));
  if (base.isFromPicture || sampling.denoise < 1) recipe.denoisingStrength = sampling.denoise;
  if (base.isRepaint) notes.push(noteRepaint(base));
  const scripts = readScripts(walk, base.sampler);
  notes.push(...scripts.notes);
  if (scripts.hires) {
    recipe.hires = scripts.hires;
    recipe.denoisingStrength = scripts.denoise ?? 1;
  }
  notes.push(...noteAfter(walk), ...noteBatch(walk, base));
  addLaterPasses(walk, { recipe, base: sampling, later: passes.filter((pass, i) => i > at && pass !== base), notes });
  for (const [key, message] of walk.lost) notes.push({ key, message });
  for (const type of walk.passed) notes.push({ key: type, message: `The node "${type}" is not carried over.` });
  const isLost = recipe.prompt === '' && !walk.lost.has('text') && hasOtherTexts(walk, negative.text);
  if (isLost && walk.lost.size === 0)
    notes.push({ key: 'Prompt', message: 'No prompt was found in this graph, though it has texts.' });
  const sides = [
    ['positive', 'prompt'],
    ['negative', 'negativePrompt'],
  ] as const;
  const unsure = new Set(sides.filter(([side]) => walk.unsure.has(side)).map(([, field]) => field));
  return { recipe: withoutUndefined(recipe), notes, ...(unsure.size > 0 && { unsure }) };
}

/** Texts of some length that are no negative prompt. */
function hasOtherTexts(walk: Walk, negative: string): boolean {
  return walk.nodes.some(({ inputs }) =>
    [...inputs].some(
      ([name, value]) => typeof value === 'string' && isTextName(name) && value.trim() !== '' && value !== negative,
    ),
  );
}

function readVae(walk: Walk, sampler: PromptNode): Partial<Recipe> {
  const decode = walk.nodes.find(({ type }) => type.startsWith('VAEDecode'));
  const name = walk.text(walk.source(decode, 'vae'), 'vae_name') ?? walk.text(sampler, 'vae_name');
  return name === undefined || /^(baked vae|none)$/i.test(name) ? {} : { vae: stem(name) };
}

/** Up from what encodes the prompt to a loader of text encoders alone, in the order of its inputs; others of the graph say nothing. */
function readTextEncoders(walk: Walk, clip: Found): Partial<Recipe> {
  let at: Found | undefined = clip;
  while (at && 'node' in at && !/^(Dual)?CLIPLoader$/.test(at.node.type))
    at = walk.before(at, 'clip') ?? walk.origin(at.node, 'clip');
  if (!at || !('node' in at)) return {};
  const { node: loader } = at;
  const names = ['clip_name', 'clip_name1', 'clip_name2'].flatMap((input) => walk.text(loader, input) ?? []);
  const [textEncoder, secondTextEncoder] = names.map(stem);
  return {
    ...(textEncoder !== undefined && { textEncoder }),
    ...(secondTextEncoder !== undefined && { secondTextEncoder }),
  };
}

/** What was done to the picture behind its last sampler. */
function noteAfter(walk: Walk): Note[] {
  const types = [...new Set(walk.after)];
  return types.map((type) => ({
    key: type,
    message: `After the last sampler the node "${type}" changed the picture: this is not carried over.`,
  }));
}

const noteRepaint = ({ sampler }: Pass): Note => ({
  key: sampler.type,
  message: `The node "${sampler.type}" went over the picture again, in parts or tiles: this is not carried over.`,
});

interface Later {
  recipe: Recipe;
  base: Sampling;
  later: readonly Pass[];
  notes: Note[];
}

/** A second pass is the refiner where it goes on with the first one's steps, else A1111's hires fix where it enlarged. */
function addLaterPasses(walk: Walk, { recipe, base, later, notes }: Later): void {
  for (const pass of later.filter(({ isRepaint }) => isRepaint)) notes.push(noteRepaint(pass));
  const [second, ...more] = later.filter(({ isRepaint }) => !isRepaint);
  if (second) addSecondPass(walk, { recipe, base, second, notes });
  else if (base.startAt > 0 || base.endAt < (recipe.steps ?? 0))
    notes.push({ key: 'KSamplerAdvanced', message: 'It ran a part of its steps only, which is not carried over.' });
  if (more.length > 0) notes.push({ key: 'KSampler', message: `${more.length} more passes are not carried over.` });
}

function addSecondPass(walk: Walk, { recipe, base, second, notes }: Omit<Later, 'later'> & { second: Pass }): void {
  const sampling = readSampling(walk, second.sampler, []);
  const model = sampling.model ? readModel(walk, sampling.model, []).model : recipe.model;
  const { steps = 1 } = recipe;
  const enlargement = enlargementOf(second.growths, recipe);
  const { factor = 1, width, unsure } = enlargement;
  const isLarger = factor > 1 || width !== undefined || unsure !== undefined;
  if (unsure !== undefined) walk.lost.set('factor', unsure);
  const goesOn = !sampling.addsNoise && base.endAt < steps;
  if (goesOn && !isLarger) {
    if (model !== recipe.model) recipe.refiner = { checkpoint: model, switchAt: base.endAt / steps, bySteps: true };
  } else if (isLarger || second.upscaler !== undefined) {
    if (recipe.denoisingStrength !== undefined)
      notes.push({
        key: 'KSampler',
        message: `The first pass began with a picture (denoise ${recipe.denoisingStrength}), the second with its result: only the second is told here.`,
      });
    recipe.hires = describeHires(recipe, sampling, { ...enlargement, upscaler: second.upscaler }, model);
    recipe.denoisingStrength = sampling.denoise;
    notes.push(...noteSampler(second.sampler), ...noteSecondSeed(recipe, sampling));
  } else
    notes.push({
      key: second.sampler.type,
      message: `A second sampler ("${second.sampler.type}", denoise ${sampling.denoise}) goes over the picture at its size: this is not carried over.`,
    });
}

/** Hires fix has one seed. */
function noteSecondSeed({ seed }: Recipe, { recipe: own, addsNoise }: Sampling): Note[] {
  if (!addsNoise || own.seed === undefined || seed === undefined || own.seed === seed) return [];
  const message = `The second pass had a seed of its own (${own.seed}): here it has the first's.`;
  return [{ key: 'Hires seed', message }];
}

function describeHires(
  recipe: Recipe,
  { recipe: own }: Sampling,
  { factor, width, height, upscaler }: Enlargement & Pick<Pass, 'upscaler'>,
  model: string | undefined,
): HiresRecipe {
  const { sampler, schedule, steps, cfgScale } = own;
  const differs = <Value>(value: Value | undefined, other: Value | undefined) => (value === other ? undefined : value);
  const hires: HiresRecipe = {
    upscale: factor,
    resizeWidth: width,
    resizeHeight: height,
    steps: differs(steps, recipe.steps),
    upscaler: upscaler ?? 'Latent',
    checkpoint: differs(model, recipe.model),
    sampler: sampler && sampler !== recipe.sampler ? SAMPLERS[sampler].label : undefined,
    schedule: schedule && schedule !== recipe.schedule ? SCHEDULES[schedule].label : undefined,
    cfgScale: differs(cfgScale, recipe.cfgScale),
  };
  return withoutUndefined(hires);
}

function withoutUndefined<Bag extends object>(bag: Bag): Bag {
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== undefined)) as Bag;
}
