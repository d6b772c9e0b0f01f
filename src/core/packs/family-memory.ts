/** The memory that pictures of a published family take, by how its weights are stored and what it computes in. */
import type { Activations, GraphForm } from '../graph';
import {
  componentIds,
  createPictureMemory,
  isPainting,
  type ConfigFile,
  type ControlPart,
  type PictureMemory,
} from '../networks';
import { publishedAs } from '../networks/published';
import { FAMILY_CONFIGS, type FamilyConfigId, type FamilyConfigs } from '../families/configs';
import { DTYPE_PLANS, planRule, type DtypePlanId } from './dtype-plans';
import type { ComponentId } from '../networks/components';
import type { StoredForm } from '../graph';

/** Pixels along a cell's side, in every published family. */
const PIXELS_A_CELL = 8;
const CHUNK_TOKENS = 77;

export interface PicturePixels {
  width: number;
  height: number;
  /** Rows of a model call: 2 with guidance. */
  batch?: number;
  tokens?: number;
  hasFlashAttention?: boolean;
  /** Most cells a side that are painted: see PictureSize. */
  mostPaintedCells?: number;
  mostDecodedCells?: number;
  besideBytes?: number;
}

export interface FamilyMemoryOptions {
  /** What units on it need, part by part. */
  controls?: readonly ControlPart[];
  /** See GraphForm. */
  packsKernels?: boolean;
  /** See ControlForm. */
  tellsAttention?: boolean;
}

export function createFamilyMemory(
  family: FamilyConfigId,
  plan: DtypePlanId,
  activations: Activations,
  { controls = [], packsKernels = false, tellsAttention = false }: FamilyMemoryOptions = {},
): (picture: PicturePixels) => PictureMemory {
  const published: FamilyConfigs = FAMILY_CONFIGS[family];
  const components: Partial<Record<ComponentId, ConfigFile>> = {};
  for (const id of componentIds().filter(isPainting)) {
    const config = published[publishedAs(id)];
    if (config) components[id] = { file: `${family}: ${id}`, config };
  }
  const formOf = (component: ComponentId): GraphForm => ({
    target: 'webgpu',
    activations,
    packsKernels,
    storedForm: (key, shape): StoredForm => planRule(DTYPE_PLANS[plan], { component, key, shape, isMatrix: true }).form,
  });
  const memoryOf = createPictureMemory(components, formOf, { controls, ...(tellsAttention && { tellsAttention }) });
  return ({ width, height, batch = 2, tokens = CHUNK_TOKENS, ...more }) => {
    const latent = { height: Math.ceil(height / PIXELS_A_CELL), width: Math.ceil(width / PIXELS_A_CELL) };
    return memoryOf({ latent, batch, tokens, ...more });
  };
}
