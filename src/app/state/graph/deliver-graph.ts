/** The pictures of a workflow get their chunks and a place in the gallery; with the last of them the line moves on. */
import { embedPngText } from '../../../core/image/metadata';
import { recipeOf, withFacts, type Recipe } from '../../../core/recipe/infotext';
import type { DeliverParts } from '../line/deliver-parts';
import type { FinishedPicture } from '../gallery/gallery-store';
import { lineEntry } from '../line/job';
import type { Deliver, Painted, Work } from '../line/work';
import type { GraphWork } from './graph-work';

interface Turn {
  work: Work;
  notices: readonly string[];
  lineAfter: Parameters<Deliver>[3];
  settle: () => void;
}

/**
 * What is shown at a node is kept as well as what is saved.
 *
 * @returns the id of the last. Where the page is killed between two of them the workflow waits still, and makes all again: none is lost
 */
export async function deliverGraph(
  parts: DeliverParts,
  graph: GraphWork,
  made: Painted,
  { work, notices, lineAfter, settle }: Turn,
): Promise<number> {
  const images = [made.pixels, ...(made.others ?? [])];
  const recipe = recipeIn(work, graph, parts);
  let id = -1;
  for (const [i, pixels] of images.entries()) {
    const node = graph.outputs[i] ?? graph.outputs.at(-1) ?? '';
    const finished = await finish(parts, { ...made, pixels }, { work, graph, notices, recipe, node });
    const isLast = i === images.length - 1;
    const store = isLast ? parts.queueStore() : undefined;
    const picture = await parts.gallery.add(
      finished,
      store && lineEntry(store, lineAfter),
      isLast ? settle : undefined,
    );
    id = picture.id;
    parts.onKept(id);
  }
  return id;
}

interface Facts extends Pick<Turn, 'work' | 'notices'> {
  graph: GraphWork;
  recipe: Recipe;
  node: string;
}

/** A1111's words stand in the file only where the graph is a recipe and nothing more. */
async function finish(
  parts: DeliverParts,
  { pixels, request, device, timings }: Painted,
  { work, graph, notices, recipe, node }: Facts,
): Promise<FinishedPicture> {
  const { title, run, images, choices } = graph;
  const context = {
    modelName: usesModel(graph) ? work.model.name : 'no model',
    notices,
    recipe,
    ...(!graph.isRecipe && { infotext: '' }),
  };
  const { facts, file, thumbnail } = await parts.finish({ pixels, request, device, timings }, context);
  const kept = { ...facts, graph: { title, run, images, choices, node } };
  if (!graph.isRecipe) delete kept.infotext;
  return { facts: kept, file: await withTexts(file, graph.texts), thumbnail };
}

async function withTexts(file: Blob, texts: GraphWork['texts']): Promise<Blob> {
  let bytes = new Uint8Array(await file.arrayBuffer());
  for (const [key, text] of Object.entries(texts)) bytes = embedPngText(bytes, key, text);
  return new Blob([bytes], { type: file.type });
}

/** The recipe of a graph's picture, in the words of the form's; where no model is loaded, none is said. */
function recipeIn({ request, model }: Work, graph: GraphWork, { library, version }: DeliverParts): Recipe {
  return withFacts(recipeOf(request), { ...(usesModel(graph) && library.modelFacts(model.id)), version });
}

const usesModel = ({ workflow }: GraphWork): boolean =>
  workflow.nodes.some(({ operation }) => operation === 'load_model');
