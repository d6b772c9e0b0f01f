/** From a workflow and what is here to what stands in line, or the sentences that say what stops it. Pure. */
import {
  comfyTexts,
  compilePrompt,
  sizeFitter,
  textPreparer,
  toPrompt,
  validatePrompt,
  wantedModels,
  type ApiPrompt,
  type ComfyDocument,
  type CompiledPrompt,
  type Inventory,
  type ModelFolder,
  type WantedModel,
} from '../../../core/comfyui/workflows';
import { graphRecipe } from '../../../core/comfyui/graph-recipe';
import type { ModelEntry } from '../../../core/catalog';
import type { GenerationRequest } from '../../../core/recipe/request';
import { misfitText } from '../control/control-text';
import type { GraphWork } from './graph-work';
import { matchFile, offersFor, type MatchFiles, type Match } from './matching';

export type GraphFiles = Omit<MatchFiles, 'usable'> & { usable: readonly ModelEntry[] };

export interface Beside {
  library: GraphFiles;
  /** What somebody chose for a file's name, by `keyOf`: the id of a model, or the hash of a picture. */
  choices: Readonly<Record<string, string>>;
  /** Size of a picture by its hash, where that is known already. */
  sizeOf?: Inventory['sizeOf'];
  /** Model of a request that names none. */
  model: string;
  /** The file's name, which the line calls the work by. */
  title: string;
  /** Id of this run. */
  run: string;
  random: () => number;
  now: Date;
}

export interface CompiledGraph extends Pick<CompiledPrompt, 'problems'> {
  /** Undefined where nothing can run. */
  work?: GraphWork;
  /** The request that says as much of it as a recipe can. */
  request: GenerationRequest;
  /** What is done in another way than the file says: a sentence each. */
  notices: string[];
}

/** By their ids; what is not here fits. */
function fits(network: string, checkpoint: string, { controls, usable }: GraphFiles): boolean {
  const [one, model] = [controls.find(({ id }) => id === network), usable.find(({ id }) => id === checkpoint)];
  return !one || !model || misfitText(one, model) === undefined;
}

export const keyOf = (folder: ModelFolder | 'input' | undefined, name: string): string => `${folder ?? ''} ${name}`;

/** @throws AppError 'bad-file' where it cannot be unfolded */
export function compileGraph(document: ComfyDocument, beside: Beside): CompiledGraph {
  const { choices, random, now } = beside;
  const prompt = toPrompt(document, { prepare: textPreparer(document, { random, now }) });
  const { problems: wrong, outputs } = validatePrompt(prompt);
  const notices = new Set<string>();
  const wanted = wantedModels(prompt, document);
  const fitSize = fitterFor(wanted, beside, (line) => notices.add(line));
  const images = new Set<string>();
  const used: Record<string, string> = {};
  const find: Inventory['find'] = (folder, name) => {
    const key = keyOf(folder, name);
    if (folder === 'input') {
      const hash = choices[key];
      if (hash !== undefined) images.add((used[key] = hash));
      return hash;
    }
    const match = matchOf(wanted.find((one) => keyOf(one.folder, one.name) === key) ?? { folder, name }, beside);
    if (match?.by === 'choice') used[key] = match.offer.id;
    if (match && match.by !== 'name') notices.add(saidMatch(name, match));
    return match?.offer.id;
  };
  const compiled = compilePrompt(prompt, outputs, {
    find,
    ...(beside.sizeOf && { sizeOf: beside.sizeOf }),
    ...(fitSize && { fitSize }),
    fits: (network, checkpoint) => fits(network, checkpoint, beside.library),
  });
  const { workflow, pictures } = compiled;
  const model = workflow?.nodes.find(({ operation }) => operation === 'load_model')?.settings['model'] ?? beside.model;
  const { request, isWhole } = graphRecipe(prompt, workflow ?? { version: 1, nodes: [] }, {
    model: String(model),
    ...(fitSize && { fitSize }),
  });
  const problems = [...wrong, ...compiled.problems];
  const said = { request, problems, notices: [...notices, ...compiled.notices] };
  if (!workflow) return said;
  const { title, run } = beside;
  const work: GraphWork = {
    ...{ title, run, workflow, isRecipe: isWhole },
    outputs: pictures.map(({ node }) => node),
    texts: { ...comfyTexts(prompt, document) },
    ...{ images: [...images], choices: used },
  };
  return { ...said, work };
}

/** The library's file that a name means here. */
export function matchOf(
  wanted: Pick<WantedModel, 'folder' | 'name' | 'hash'>,
  { library, choices }: Pick<Beside, 'library' | 'choices'>,
): Match | undefined {
  return matchFile(wanted, offersFor(wanted.folder, library), choices[keyOf(wanted.folder, wanted.name)]);
}

const saidMatch = (name: string, { offer, by }: Match): string =>
  by === 'choice'
    ? `${name}: ${offer.label} stands in for it${offer.isBuiltIn ? ', which is built in' : ''}.`
    : `${name}: taken for ${offer.label}, ${by === 'hash' ? 'which has its hash' : 'whose name is nearly the same'}.`;

/** A checkpoint that stands in may paint other sizes than the one that the graph was made for. */
function fitterFor(
  wanted: readonly WantedModel[],
  beside: Beside,
  say: (line: string) => void,
): Inventory['fitSize'] | undefined {
  for (const one of wanted) {
    if (one.folder !== 'checkpoints' && one.folder !== 'diffusion_models') continue;
    const match = matchOf(one, beside);
    const model = match?.by === 'choice' && beside.library.usable.find(({ id }) => id === match.offer.id);
    if (model) return sizeFitter(model, say);
  }
  return undefined;
}

/** Pictures that its nodes load, by the names that they say, with where. */
export function wantedPictures(prompt: ApiPrompt): { name: string; node: string }[] {
  const found = new Map<string, string>();
  for (const [node, { class_type: type, inputs }] of Object.entries(prompt)) {
    const name = /^LoadImage/.test(type) ? inputs['image'] : undefined;
    if (typeof name === 'string' && !found.has(name)) found.set(name, node);
  }
  return [...found].map(([name, node]) => ({ name, node }));
}
