/** `memory`: what a picture takes of a GPU's memory, computed from the graphs. */
import type { StoredForm } from '../../src/core/packs';
import { FAMILY_CONFIGS, pictureMemory, type FamilyConfigId, type PictureMemory } from '../../src/core/models';
import { DTYPE_PLANS, isDtypePlanId, planRule, type ComponentId, type DtypePlanId } from '../../src/core/packs';
import type { Activations } from '../../src/core/graph';
import { UsageError, type Arguments } from './arguments';
import type { Question } from './question';

export interface MemoryQuery {
  family: FamilyConfigId;
  width: number;
  height: number;
  dtype: Activations;
  plan?: DtypePlanId;
  batch?: number;
  tokens?: number;
  hasFlashAttention?: boolean;
}

/** Of every published family. */
const PIXELS_A_CELL = 8;
/** With guidance: one row with the prompt, one without. */
const GUIDED = 2;
const TOKENS = 77;

export function memoryOf(query: MemoryQuery): PictureMemory {
  const { family, dtype, plan = dtype, batch = GUIDED, tokens = TOKENS, hasFlashAttention } = query;
  const {
    text_encoder,
    unet,
    vae,
    ...more
  }: { text_encoder: object; text_encoder_2?: object; unet: object; vae: object } = FAMILY_CONFIGS[family];
  const configs: Partial<Record<ComponentId, object>> = {
    text_encoder,
    ...(more.text_encoder_2 && { text_encoder_2: more.text_encoder_2 }),
    unet,
    vae_decoder: vae,
  };
  const components = Object.fromEntries(
    Object.entries(configs).map(([id, config]) => [id, { file: `${family}: ${id}`, config }]),
  );
  return pictureMemory({
    components,
    formOf: (component) => ({
      target: 'webgpu',
      activations: dtype,
      storedForm: (key, shape): StoredForm =>
        planRule(DTYPE_PLANS[plan], { component, key, shape, isMatrix: true }).form,
    }),
    latent: { height: query.height / PIXELS_A_CELL, width: query.width / PIXELS_A_CELL },
    batch,
    tokens,
    hasFlashAttention,
  });
}

export const MEMORY: Question = {
  summary:
    'what a picture takes on a GPU: {"weightsBytes":...,"activationBytes":...,"attentionBytes":...,"peakBytes":...}, an estimate from the graphs',
  examples: [
    'memory sd15 --width 1024 --height 1024 --dtype float16',
    'memory sdxl --width 1536 --height 1536 --dtype float16 --plan q8 --in-turn',
  ],
  options: {
    width: { value: 'px', help: 'of the picture, a multiple of 8 (default 512)' },
    height: { value: 'px', help: 'likewise' },
    dtype: { value: 'type', help: 'float16 or float32: what is computed in (default float16)' },
    plan: { value: 'plan', help: `how weights are stored: ${Object.keys(DTYPE_PLANS).join(', ')} (default: as dtype)` },
    batch: { value: 'rows', help: 'of a model call: 2 with guidance (default), 1 without' },
    tokens: { value: 'n', help: 'of the text, 77 a chunk (default 77)' },
    'no-flash': { help: 'attention writes its scores' },
    'in-turn': { help: 'one component is loaded at a time' },
  },
  ask(args) {
    const memory = memoryOf(queryOf(args));
    const isInTurn = args.has('in-turn');
    return {
      weightsBytes: isInTurn ? memory.largestWeightsBytes : memory.weightsBytes,
      activationBytes: memory.activationBytes,
      attentionBytes: memory.attentionBytes,
      peakBytes: isInTurn ? memory.peakInTurnBytes : memory.peakBytes,
    };
  },
};

function queryOf(args: Arguments): MemoryQuery {
  const family = args.text();
  if (!Object.hasOwn(FAMILY_CONFIGS, family))
    throw new UsageError(`There is no family "${family}"; there are ${Object.keys(FAMILY_CONFIGS).join(', ')}.`);
  const dtype = args.word('dtype') ?? 'float16';
  if (dtype !== 'float16' && dtype !== 'float32')
    throw new UsageError(`--dtype must be float16 or float32, not "${dtype}".`);
  const plan = args.word('plan') ?? dtype;
  if (!isDtypePlanId(plan))
    throw new UsageError(`--plan must be one of ${Object.keys(DTYPE_PLANS).join(', ')}, not "${plan}".`);
  return {
    family: family as FamilyConfigId,
    width: pixels(args, 'width'),
    height: pixels(args, 'height'),
    dtype,
    plan,
    batch: args.number('batch', { min: 1, max: 64, whole: true }),
    tokens: args.number('tokens', { min: 1, max: 10_000, whole: true }),
    hasFlashAttention: !args.has('no-flash'),
  };
}

function pixels(args: Arguments, name: 'width' | 'height'): number {
  const size = args.number(name, { min: 64, max: 16_384, whole: true }) ?? 512;
  if (size % PIXELS_A_CELL === 0) return size;
  throw new UsageError(`--${name} must be a multiple of ${PIXELS_A_CELL}, not ${size}.`);
}
