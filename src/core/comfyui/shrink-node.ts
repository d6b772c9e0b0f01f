/** PatchModelAddDownscale's own words, as settings of a recipe. */
import type { Note, Recipe } from '../recipe/infotext';
import { fieldProblem } from '../recipe/problems';
import type { FieldValues } from '../recipe/request';
import type { PromptNode } from './graph';
import type { Walk } from './walk';

export type ShrinkSettings = Pick<
  FieldValues,
  'shrinkBlock' | 'shrinkFactor' | 'shrinkStart' | 'shrinkEnd' | 'shrinkKeepsSmall' | 'shrinkDown' | 'shrinkUp'
>;

/** The node's inputs; undefined where no map is made smaller. */
export function nodeOfShrink(settings: ShrinkSettings) {
  if (settings.shrinkBlock === 0) return undefined;
  return {
    block_number: settings.shrinkBlock,
    downscale_factor: settings.shrinkFactor,
    start_percent: settings.shrinkStart,
    end_percent: settings.shrinkEnd,
    downscale_after_skip: !settings.shrinkKeepsSmall,
    downscale_method: settings.shrinkDown,
    upscale_method: settings.shrinkUp,
  };
}

const NUMBERS = {
  downscale_factor: 'shrinkFactor',
  start_percent: 'shrinkStart',
  end_percent: 'shrinkEnd',
} as const;
const WAYS = { downscale_method: 'shrinkDown', upscale_method: 'shrinkUp' } as const;

/** Takes the node nearest to the sampler, and says so where there are more; says a way of scaling that is not here. */
export function readShrink(walk: Walk, node: PromptNode, recipe: Partial<Recipe>, notes: Note[]): void {
  if (recipe.shrinkBlock !== undefined) {
    notes.push({
      key: 'Deep Shrink',
      message: 'One Deep Shrink after another is not carried over: the last is taken.',
    });
    return;
  }
  recipe.shrinkBlock = walk.number(node, 'block_number') ?? 3;
  for (const [name, id] of Object.entries(NUMBERS)) {
    const value = walk.number(node, name);
    if (value !== undefined) recipe[id] = value;
  }
  if (walk.value(node, 'downscale_after_skip') === false) recipe.shrinkKeepsSmall = true;
  for (const [name, id] of Object.entries(WAYS)) {
    const way = walk.text(node, name);
    if (way === undefined) continue;
    if (fieldProblem(id, way) === undefined) recipe[id] = way as ShrinkSettings['shrinkDown'];
    else
      notes.push({
        key: 'Deep Shrink',
        message: `Scaling by ${way} (${name}) is not carried over: bicubic takes its place.`,
      });
  }
}
