/** Soft edges, and scribbles along them, by HED and TEED. @see sd-webui-controlnet scripts/preprocessor/legacy/processor.py */
import { joinEdges, toScribble } from './edge-maps';
import { RESOLUTION, type NetworkPreprocessor } from './preprocessor';

const BY_HED = {
  network: 'hed',
  file: 'ControlNetHED.pth',
  licence: 'HED’s weights by lllyasviel, Apache-2.0',
  settings: { resolution: RESOLUTION },
} as const;

/** Levels above black that the "safe" variants leave: see joinEdges. */
const SAFE_STEPS = 2;

export const SOFTEDGE_HED: NetworkPreprocessor = {
  ...BY_HED,
  label: 'softedge_hed',
  aliases: ['hed', 'HEDPreprocessor'],
  types: ['softedge'],
  finish: (maps, size) => joinEdges(maps, size, 0),
};

export const SOFTEDGE_HEDSAFE: NetworkPreprocessor = {
  ...BY_HED,
  label: 'softedge_hedsafe',
  aliases: ['hed_safe'],
  types: ['softedge'],
  finish: (maps, size) => joinEdges(maps, size, SAFE_STEPS),
};

export const SCRIBBLE_HED: NetworkPreprocessor = {
  ...BY_HED,
  label: 'scribble_hed',
  aliases: ['fake_scribble', 'FakeScribblePreprocessor'],
  types: ['scribble'],
  finish: (maps, size) => joinEdges(maps, size, 0),
  afterwards: toScribble,
};

export const SOFTEDGE_TEED: NetworkPreprocessor = {
  network: 'teed',
  file: '7_model.pth',
  label: 'softedge_teed',
  aliases: ['te_hed', 'teed', 'TEEDPreprocessor', 'TEED_Preprocessor'],
  types: ['softedge'],
  settings: {
    resolution: RESOLUTION,
    thresholdA: { label: 'Safe Steps', min: 0, max: 10, step: 1, value: 2 },
  },
  licence: 'TEED by Xavier Soria, MIT',
  finish: (maps, size, { thresholdA }) => joinEdges(maps, size, Math.trunc(thresholdA)),
};
