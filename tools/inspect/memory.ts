/** `memory`: what a picture takes of a GPU's memory, computed from the graphs. */
import type { Activations } from '../../src/core/graph';
import { FAMILY_CONFIGS, type FamilyConfigId } from '../../src/core/families/configs';
import {
  createFamilyMemory,
  DTYPE_PLANS,
  isDtypePlanId,
  type DtypePlanId,
  type PicturePixels,
} from '../../src/core/packs';
import { UsageError, type Arguments } from './arguments';
import type { Question } from './question';

interface MemoryQuery extends PicturePixels {
  family: FamilyConfigId;
  dtype: Activations;
  plan: DtypePlanId;
  packsKernels: boolean;
}

const PIXELS_A_CELL = 8;

export const MEMORY: Question = {
  summary:
    'what a picture takes on a GPU: {"weightsBytes":...,"activationBytes":...,"attentionBytes":...,"peakBytes":...}, an estimate from the graphs',
  examples: [
    'memory sd15 --width 1024 --height 1024 --dtype float16',
    'memory sd15 --width 2048 --height 2048 --tile 96',
    'memory sd15 --plan q8 --low',
    'memory sdxl --width 1536 --height 1536 --dtype float16 --plan q8 --in-turn',
  ],
  options: {
    width: { value: 'px', help: 'of the picture, a multiple of 8 (default 512)' },
    height: { value: 'px', help: 'likewise' },
    dtype: { value: 'type', help: 'float16 or float32: what is computed in (default float16)' },
    plan: { value: 'plan', help: `how weights are stored: ${Object.keys(DTYPE_PLANS).join(', ')} (default: as dtype)` },
    batch: { value: 'rows', help: 'of a model call: 2 with guidance (default), 1 without' },
    tokens: { value: 'n', help: 'of the text, 77 a chunk (default 77)' },
    tile: {
      value: 'cells',
      help: 'tiled diffusion: a side of the tiles, and of those in which the picture is developed',
    },
    low: { help: 'as where memory is short: one component at a time, convolutions’ kernels in 8 bits' },
    'no-flash': { help: 'attention writes its scores' },
    'in-turn': { help: 'one component is loaded at a time' },
  },
  ask(args) {
    const { family, plan, dtype, packsKernels, ...picture } = queryOf(args);
    const memory = createFamilyMemory(family, plan, dtype, { packsKernels })(picture);
    const isInTurn = args.has('in-turn') || packsKernels;
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
  const tile = args.number('tile', { min: 16, max: 256, whole: true });
  return {
    family: family as FamilyConfigId,
    width: pixels(args, 'width'),
    height: pixels(args, 'height'),
    dtype,
    plan,
    packsKernels: args.has('low'),
    batch: args.number('batch', { min: 1, max: 64, whole: true }),
    tokens: args.number('tokens', { min: 1, max: 10_000, whole: true }),
    hasFlashAttention: !args.has('no-flash'),
    ...(tile !== undefined && { mostPaintedCells: tile, mostDecodedCells: tile }),
  };
}

function pixels(args: Arguments, name: 'width' | 'height'): number {
  const size = args.number(name, { min: 64, max: 16_384, whole: true }) ?? 512;
  if (size % PIXELS_A_CELL === 0) return size;
  throw new UsageError(`--${name} must be a multiple of ${PIXELS_A_CELL}, not ${size}.`);
}
