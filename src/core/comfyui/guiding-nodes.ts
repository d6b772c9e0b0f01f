/** Nodes on a model that change how it is guided, and what recipes call that. */
import type { Note, Recipe } from '../recipe/infotext';
import { dynthresOf, DYNTHRES_OFF, type DynthresSettings } from './dynthres-node';
import type { PromptNode } from './graph';
import type { Walk } from './walk';

type Numbers = Readonly<
  Record<string, 'cfgRescale' | 'pagScale' | 'sagScale' | 'sagBlur' | 'epsScaling' | `freeu${'B' | 'S'}${1 | 2}`>
>;

interface Guiding {
  numbers: Numbers;
  freeu?: 'v1' | 'v2';
  mahiro?: true;
  /** Settings of recipes act in this order, with others of a place together; what has none in whatever order. */
  place?: number;
}

const FREEU: Numbers = { b1: 'freeuB1', b2: 'freeuB2', s1: 'freeuS1', s2: 'freeuS2' };

const NODES: Readonly<Record<string, Guiding>> = {
  RescaleCFG: { numbers: { multiplier: 'cfgRescale' } },
  PerturbedAttentionGuidance: { numbers: { scale: 'pagScale' }, place: 1 },
  SelfAttentionGuidance: { numbers: { scale: 'sagScale', blur_sigma: 'sagBlur' }, place: 1 },
  Mahiro: { numbers: {}, mahiro: true, place: 2 },
  'Epsilon Scaling': { numbers: { scaling_factor: 'epsScaling' }, place: 3 },
  FreeU: { numbers: FREEU, freeu: 'v1' },
  FreeU_V2: { numbers: FREEU, freeu: 'v2' },
};

/** Whether it has only two inputs. */
const THRESHOLDS: Readonly<Record<string, boolean>> = {
  DynamicThresholdingSimple: true,
  DynamicThresholdingFull: false,
};

/** What is said already stays: that is nearer to the sampler. @returns whether it is such a node */
export function readGuiding(walk: Walk, node: PromptNode, recipe: Partial<Recipe>, notes: Note[]): boolean {
  // The one nearest to the sampler acts alone.
  const isInPlace = recipe.dynthres !== undefined || recipe.cfgRescale !== undefined;
  if (Object.hasOwn(THRESHOLDS, node.type)) {
    if (!isInPlace) readDynthres(walk, node, recipe);
    return true;
  }
  if (!Object.hasOwn(NODES, node.type)) return false;
  const { numbers, freeu, mahiro, place = 0 } = NODES[node.type];
  if (node.type === 'RescaleCFG' && isInPlace) return true;
  if (freeu !== undefined && recipe.freeu !== undefined) return false;
  if (place > 0 && nearest(recipe) < place)
    notes.push({
      key: node.type,
      message: `The node "${node.type}" comes after others here: guidance of its kind is put together in one order.`,
    });
  if (freeu !== undefined) recipe.freeu = freeu;
  if (mahiro) recipe.mahiro = true;
  for (const [name, id] of Object.entries(numbers)) {
    const value = walk.number(node, name);
    if (value !== undefined) recipe[id] ??= value;
  }
  return true;
}

/** The place of what was found on the way up from the sampler that acts first. */
function nearest({ pagScale, sagScale, mahiro, epsScaling }: Partial<Recipe>): number {
  if (pagScale !== undefined || sagScale !== undefined) return 1;
  return mahiro ? 2 : epsScaling === undefined ? Infinity : 3;
}

function readDynthres(walk: Walk, node: PromptNode, recipe: Partial<Recipe>): void {
  const said = { number: (name: string) => walk.number(node, name), text: (name: string) => walk.text(node, name) };
  const found = dynthresOf(said, THRESHOLDS[node.type]);
  const own = (Object.keys(found) as (keyof DynthresSettings)[]).filter((id) => found[id] !== DYNTHRES_OFF[id]);
  Object.assign(recipe, Object.fromEntries(own.map((id) => [id, found[id]])));
}
