/** Which upscaler a file's tensors are of. @see github.com/chaiNNer-org/spandrel, whose signs these are */
import type { Config } from '../published/published';
import type { Shapes } from '../unet-signs';
import { compactFile } from './compact-file';
import { omniSrFile } from './omnisr-file';
import { rrdbFile } from './rrdb-file';
import { spanFile } from './span-file';
import type { NamedTensors, UpscalerFile } from './upscaler-file';

/** Upscalers in the order in which they are asked: what has fewer signs comes later. */
export const UPSCALERS = {
  rrdb: rrdbFile,
  span: spanFile,
  omnisr: omniSrFile,
  compact: compactFile,
} as const satisfies Record<string, UpscalerFile>;

export type UpscalerId = keyof typeof UPSCALERS;

export interface RecognisedUpscaler extends NamedTensors {
  id: UpscalerId;
  file: UpscalerFile;
  config: Config;
  /** Prefix of each of their names in the file. */
  prefix: string;
}

/** Keys around the tensors, one in another; of a trained network and its average the average is taken. */
const WRAPPERS = [
  ['', 'model_state_dict.', 'state_dict.', 'params_ema.', 'params-ema.', 'params.', 'model.', 'net.'],
  ['', 'params_ema.', 'params.'],
  ['', 'module.', 'netG.'],
];

const PREFIXES = WRAPPERS.reduce<string[]>(
  (all, words) => all.flatMap((before) => words.map((word) => before + word)),
  [''],
);

/** @throws AppError 'unsupported-model' or 'bad-file' from one that is known and not run: see UpscalerFile */
export function recogniseUpscaler(all: Shapes): RecognisedUpscaler | undefined {
  for (const prefix of PREFIXES) {
    const tensors = unwrapped(all, prefix);
    for (const [id, file] of Object.entries(UPSCALERS) as [UpscalerId, UpscalerFile][]) {
      if (!file.signs.some((names) => names.every((name) => tensors.has(name)))) continue;
      const named = file.rename(tensors);
      return { id, file, prefix, ...named, config: file.config(ourShapes(named, tensors), tensors) };
    }
  }
  return undefined;
}

function unwrapped(all: Shapes, prefix: string): Shapes {
  if (prefix === '') return all;
  const inside = [...all].filter(([key]) => key.startsWith(prefix));
  return new Map(inside.map(([key, entry]) => [key.slice(prefix.length), entry]));
}

function ourShapes({ names, fused = new Map() }: NamedTensors, tensors: Shapes): Shapes {
  const plain = [...names].flatMap(([ours, theirs]): [string, { shape: readonly number[] }][] => {
    const entry = tensors.get(theirs);
    return entry ? [[ours, entry]] : [];
  });
  return new Map<string, { shape: readonly number[] }>([...plain, ...fused]);
}

/** Upscalers that Gesso has no code for: a person should learn what the file is. */
const RELATIVES: readonly (readonly [name: string, keys: RegExp])[] = [
  ['a HAT upscaler', /(^|\.)relative_position_index_SA$/m],
  ['a DAT upscaler', /(^|\.)before_RG\.1\.weight$/m],
  ['a Swin2SR upscaler', /(^|\.)attn\.logit_scale$/m],
  ['a SwinIR upscaler', /(^|\.)layers\.0\.residual_group\.blocks\.0\./m],
  ['a PLKSR upscaler', /(^|\.)feats\.1\.(lk\.conv|lk\.convs\.0)\.weight$/m],
];

/** @returns "a SwinIR upscaler" */
export function upscalerRelative(keys: readonly string[]): string | undefined {
  const lines = keys.join('\n');
  return RELATIVES.find(([, pattern]) => pattern.test(lines))?.[0];
}
