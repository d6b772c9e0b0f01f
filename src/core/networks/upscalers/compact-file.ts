/** SRVGGNetCompact as files have it: layers one after another, of which every second is an activation. */
import { AppError } from '../../errors';
import { PLANES } from './layers';
import type { UpscalerFile } from './upscaler-file';

export const compactFile: UpscalerFile = {
  component: 'compact_upscaler',
  name: 'a Compact (SRVGGNet)',
  signs: [['body.0.weight', 'body.1.weight']],
  rename: (tensors) => ({
    names: new Map(
      [...tensors.keys()].filter((key) => /^body\.\d+\.(weight|bias)$/.test(key)).map((key) => [key, key]),
    ),
  }),
  config(shapes) {
    const layers = [...shapes.keys()].flatMap((key) => /^body\.(\d+)\.weight$/.exec(key)?.[1] ?? []).map(Number);
    const last = Math.max(...layers);
    const [features = 0, inChannels = 0] = shapes.get('body.0.weight')?.shape ?? [];
    const [outChannels = 0] = shapes.get(`body.${last}.weight`)?.shape ?? [];
    const scale = Math.sqrt(outChannels / PLANES);
    if (inChannels !== PLANES || !Number.isInteger(scale) || last % 2 !== 0)
      throw new AppError(
        'unsupported-model',
        `this upscaler reads ${inChannels} channels and writes ${outChannels}, not ${PLANES} for each pixel`,
      );
    return { features, convolutions: (last - 2) / 2, scale };
  },
};
