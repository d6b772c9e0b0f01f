/** The infotext of a graph that is a recipe: one whose workflow is that of the recipe that is read in it. */
import type { ModelEntry } from '../../src/core/catalog';
import { graphRecipe } from '../../src/core/comfyui/graph-recipe';
import type { ApiPrompt } from '../../src/core/comfyui/workflows';
import { recipeOf, writeInfotext } from '../../src/core/recipe/infotext';
import type { Workflow } from '../../src/core/workflow';

interface Painted {
  model: ModelEntry;
  fitSize?(size: { width: number; height: number }): { width: number; height: number };
}

/** Undefined where the graph is more than a recipe, or another. */
export function comfyInfotext(prompt: ApiPrompt, workflow: Workflow, { model, fitSize }: Painted): string | undefined {
  const { request, isWhole } = graphRecipe(prompt, workflow, { model: model.id, ...(fitSize && { fitSize }) });
  return isWhole ? writeInfotext(recipeOf(request, { model: model.name })) : undefined;
}
