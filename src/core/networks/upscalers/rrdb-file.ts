/** RRDBNet in three dialects: Real-ESRGAN's, which is ours, BSRGAN's, and the first ESRGAN's, in which most community files are. */
import { AppError } from '../../errors';
import type { Config } from '../published/published';
import { countOf } from '../published/published';
import type { Shapes } from '../unet-signs';
import { PLANES } from './layers';
import type { UpscalerFile } from './upscaler-file';

const OURS = /^(conv_first|conv_body|conv_up\d|conv_hr|conv_last|body\.\d+\.rdb\d\.conv\d)\.(weight|bias)$/;

/** @see github.com/cszn/BSRGAN models/network_rrdbnet.py */
function bsrganName(key: string): string | undefined {
  const name = key
    .replace(/^RRDB_trunk\.(\d+)\.RDB(\d)\./, 'body.$1.rdb$2.')
    .replace(/^trunk_conv\./, 'conv_body.')
    .replace(/^upconv(\d)\./, 'conv_up$1.')
    .replace(/^HRconv\./, 'conv_hr.');
  return OURS.test(name) ? name : undefined;
}

/** Layers one after another: the first, the blocks, the convolutions that enlarge, and two more. @see xinntao/ESRGAN, first version */
function createOldName(keys: readonly string[]): (key: string) => string | undefined {
  const layers = keys.flatMap((key) => /^model\.(\d+)\.weight$/.exec(key)?.[1] ?? []).map(Number);
  const tail = layers.filter((layer) => layer > 0).sort((a, b) => a - b);
  const nameOf = (layer: number): string => {
    const at = tail.indexOf(layer);
    if (layer === 0) return 'conv_first';
    return at === tail.length - 1 ? 'conv_last' : at === tail.length - 2 ? 'conv_hr' : `conv_up${at + 1}`;
  };
  return (key) => {
    const [, layer, part] = /^model\.(\d+)\.(weight|bias)$/.exec(key) ?? [];
    if (layer !== undefined) return `${nameOf(Number(layer))}.${part}`;
    const name = key
      .replace(/^model\.1\.sub\.(\d+)\.RDB(\d)\.conv(\d)\.0\./, 'body.$1.rdb$2.conv$3.')
      .replace(/^model\.1\.sub\.\d+\.(weight|bias)$/, 'conv_body.$1');
    return OURS.test(name) ? name : undefined;
  };
}

export const rrdbFile: UpscalerFile = {
  component: 'rrdb_upscaler',
  name: 'an RRDBNet (ESRGAN)',
  signs: [
    ['conv_first.weight', 'body.0.rdb1.conv1.weight', 'conv_body.weight', 'conv_last.weight'],
    ['conv_first.weight', 'RRDB_trunk.0.RDB1.conv1.weight', 'trunk_conv.weight', 'conv_last.weight'],
    ['model.0.weight', 'model.1.sub.0.RDB1.conv1.0.weight'],
  ],
  rename(tensors) {
    const keys = [...tensors.keys()];
    const nameOf = tensors.has('model.0.weight') ? createOldName(keys) : bsrganName;
    return { names: new Map(keys.flatMap((key) => pairOf(nameOf(key), key))) };
  },
  config,
};

const pairOf = (ours: string | undefined, theirs: string): [string, string][] =>
  ours === undefined ? [] : [[ours, theirs]];

function config(shapes: Shapes, theirs: Shapes): Config {
  if ([...theirs.keys()].some((key) => key.includes('.conv1x1.')))
    throw new AppError('unsupported-model', 'this is an ESRGAN+ upscaler, which Gesso does not run');
  const [features = 0, inChannels = 0] = shapes.get('conv_first.weight')?.shape ?? [];
  const [outChannels = 0] = shapes.get('conv_last.weight')?.shape ?? [];
  const unshuffle = Math.sqrt(inChannels / PLANES);
  if (outChannels !== PLANES || ![1, 2, 4].includes(unshuffle))
    throw new AppError(
      'unsupported-model',
      `this upscaler reads ${inChannels} channels and writes ${outChannels}; Gesso’s pictures have ${PLANES}`,
    );
  let upsamplings = 0;
  while (shapes.has(`conv_up${upsamplings + 1}.weight`)) upsamplings++;
  return {
    features,
    growth: shapes.get('body.0.rdb1.conv1.weight')?.shape[0] ?? 0,
    blocks: countOf(shapes, 'body.'),
    upsamplings,
    unshuffle,
  };
}
