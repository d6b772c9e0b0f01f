/** From ComfyUI's graphs to a recipe: the path from the picture back to its samplers, and what those were given. */
import type { HiresRecipe, Note, Recipe } from '../infotext';
import { SAMPLERS } from '../samplers';
import { SCHEDULES } from '../schedules';
import { readPromptGraph, readWorkflowGraph, type Graph } from './graph';
import { readClipSkip, readConditioning, readModel } from './loaders';
import { findPasses, stem, type Pass } from './passes';
import { readPythonJson } from './read-json';
import { readSampling, type Sampling } from './sampling';
import { Walk } from './walk';

export interface ComfyRecipe {
  recipe: Recipe;
  /** What is not carried over. */
  notes: Note[];
  /** Prompts that were pieced together or not found. */
  unsure: ReadonlySet<'prompt' | 'negativePrompt'>;
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
  const read = (graph: Graph | undefined) => (graph ? readGraph(graph) : undefined);
  return read(readPromptGraph(prompt)) ?? read(readWorkflowGraph(workflow));
}

function readGraph(graph: Graph): ComfyRecipe | undefined {
  const walk = new Walk(graph);
  const [base, ...later] = findPasses(walk);
  if (!base) return undefined;
  const notes: Note[] = [];
  const sampling = readSampling(walk, base.sampler, notes);
  const positive = readConditioning(walk, sampling.positive, notes);
  const negative = readConditioning(walk, sampling.negative, notes);
  const clipSkip = readClipSkip(walk, positive.clip);
  const recipe: Recipe = {
    prompt: positive.text,
    negativePrompt: negative.text,
    ...sampling.recipe,
    ...readModel(walk, sampling.model, notes),
    ...(clipSkip !== undefined && clipSkip > 1 && { clipSkip }),
    ...base.size,
    ...readVae(walk),
    noise: 'comfyui',
    dialect: 'comfyui',
    conventions: 'comfyui',
  };
  if (base.isFromPicture || sampling.denoise < 1) recipe.denoisingStrength = sampling.denoise;
  addLaterPasses(walk, recipe, sampling, later, notes);
  for (const type of walk.passed) notes.push({ key: type, message: `The node "${type}" is not carried over.` });
  return { recipe: withoutUndefined(recipe), notes, unsure: new Set() };
}

function readVae(walk: Walk): Partial<Recipe> {
  const decode = walk.nodes.find(({ type }) => type.startsWith('VAEDecode'));
  const name = walk.text(walk.source(decode, 'vae'), 'vae_name');
  return name === undefined ? {} : { vae: stem(name) };
}

/** A second pass is the refiner where it goes on with the first one's steps, else A1111's hires fix. */
function addLaterPasses(walk: Walk, recipe: Recipe, base: Sampling, later: readonly Pass[], notes: Note[]): void {
  const [second, ...more] = later;
  if (second) {
    const sampling = readSampling(walk, second.sampler, []);
    const model = readModel(walk, sampling.model, []).model;
    const { steps = 1 } = recipe;
    if (!sampling.addsNoise && base.endAt < steps) recipe.refiner = { checkpoint: model, switchAt: base.endAt / steps };
    else {
      recipe.hires = describeHires(recipe, sampling, second, model);
      recipe.denoisingStrength = sampling.denoise;
    }
  } else if (base.startAt > 0 || base.endAt < (recipe.steps ?? 0))
    notes.push({ key: 'KSamplerAdvanced', message: 'It ran a part of its steps only, which is not carried over.' });
  if (more.length > 0) notes.push({ key: 'KSampler', message: `${more.length} more passes are not carried over.` });
}

function describeHires(recipe: Recipe, { recipe: own }: Sampling, pass: Pass, model: string | undefined): HiresRecipe {
  const { factor, width, height, upscaler } = pass.enlargement;
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
