/** Nodes on a model that change how it is guided, and what recipes call that. */
import type { Recipe } from '../recipe/infotext';
import type { PromptNode } from './graph';
import type { Walk } from './walk';

type Numbers = Readonly<
  Record<string, 'cfgRescale' | 'pagScale' | 'sagScale' | 'sagBlur' | `freeu${'B' | 'S'}${1 | 2}`>
>;

const FREEU: Numbers = { b1: 'freeuB1', b2: 'freeuB2', s1: 'freeuS1', s2: 'freeuS2' };

const NODES: Readonly<Record<string, { numbers: Numbers; freeu?: 'v1' | 'v2' }>> = {
  RescaleCFG: { numbers: { multiplier: 'cfgRescale' } },
  PerturbedAttentionGuidance: { numbers: { scale: 'pagScale' } },
  SelfAttentionGuidance: { numbers: { scale: 'sagScale', blur_sigma: 'sagBlur' } },
  FreeU: { numbers: FREEU, freeu: 'v1' },
  FreeU_V2: { numbers: FREEU, freeu: 'v2' },
};

/** What is said already stays: that is nearer to the sampler. @returns whether it is such a node */
export function readGuiding(walk: Walk, node: PromptNode, recipe: Partial<Recipe>): boolean {
  if (!Object.hasOwn(NODES, node.type)) return false;
  const { numbers, freeu } = NODES[node.type];
  if (freeu !== undefined && recipe.freeu !== undefined) return false;
  if (freeu !== undefined) recipe.freeu = freeu;
  for (const [name, id] of Object.entries(numbers)) {
    const value = walk.number(node, name);
    if (value !== undefined) recipe[id] ??= value;
  }
  return true;
}
