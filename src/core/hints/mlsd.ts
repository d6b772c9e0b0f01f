/** Straight lines, white on black, by M-LSD. @see sd-webui-controlnet annotator/mlsd */
import { raster } from '../image/raster';
import { RESOLUTION, type NetworkPreprocessor } from './preprocessor';
import { drawLine, straightLines } from './straight-lines';

const THRESHOLD = { min: 0.01, step: 0.01, value: 0.1 };

export const MLSD: NetworkPreprocessor = {
  network: 'mlsd',
  file: 'mlsd_large_512_fp32.pth',
  label: 'mlsd',
  aliases: ['M-LSDPreprocessor', 'MLSDPreprocessor'],
  types: ['mlsd'],
  settings: {
    resolution: RESOLUTION,
    thresholdA: { label: 'MLSD Value Threshold', max: 2, ...THRESHOLD },
    thresholdB: { label: 'MLSD Distance Threshold', max: 20, ...THRESHOLD },
  },
  licence: 'M-LSD by NAVER, Apache-2.0',
  finish(maps, size, { thresholdA, thresholdB }) {
    const hint = raster(size, 1);
    for (const line of straightLines(maps, { score: thresholdA, distance: thresholdB })) drawLine(hint, line);
    return hint;
  },
};
