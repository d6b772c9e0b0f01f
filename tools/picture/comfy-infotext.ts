/** The infotext of a graph that is a recipe: one whose workflow is that of the recipe that is read in it. */
import type { ModelEntry } from '../../src/core/catalog';
import { readComfyJson } from '../../src/core/comfyui';
import type { ApiPrompt } from '../../src/core/comfyui/workflows';
import { recipeOf, writeInfotext } from '../../src/core/recipe/infotext';
import { BASIC_IDS, FIELD_DEFAULTS, type FieldId, type GenerationRequest } from '../../src/core/recipe/request';
import { nodeKey, workflowOf, type Workflow } from '../../src/core/workflow';

interface Painted {
  model: ModelEntry;
  fitSize?(size: { width: number; height: number }): { width: number; height: number };
}

/** Undefined where the graph is more than a recipe, or another. */
export function comfyInfotext(prompt: ApiPrompt, workflow: Workflow, { model, fitSize }: Painted): string | undefined {
  const read = readComfyJson({ prompt });
  if (!read || read.notes.length > 0) return undefined;
  const said = Object.entries(read.recipe).filter(([id]) => Object.hasOwn(FIELD_DEFAULTS, id));
  const request = {
    ...Object.fromEntries(BASIC_IDS.map((id: FieldId) => [id, FIELD_DEFAULTS[id]])),
    ...Object.fromEntries(said),
    model: model.id,
  } as GenerationRequest;
  Object.assign(request, fitSize?.(request));
  const wanted = keptKeys(workflowOf(request)).join();
  if (keptKeys(workflow).join() !== wanted) return undefined;
  return writeInfotext(recipeOf(request, { model: model.name }));
}

/** What its pictures depend on. */
function keptKeys({ nodes }: Workflow): string[] {
  const keys = new Map<string, string>();
  for (const node of nodes) keys.set(node.id, nodeKey(node, keys));
  return nodes.flatMap(({ id, operation }) => (operation === 'keep' ? [keys.get(id) ?? ''] : []));
}
