/** Soft edges, scribbles and sketches by PiDiNet. @see sd-webui-controlnet annotator/pidinet, scripts/processor.py */
import { raster, type Raster, type Size } from '../image/raster';
import { toScribble } from './edge-maps';
import { RESOLUTION, type DrawnMap, type NetworkPreprocessor } from './preprocessor';

const f = Math.fround;

const BY_PIDINET = {
  network: 'pidinet',
  file: 'table5_pidinet.pth',
  licence: 'PiDiNet by Zhuo Su and Wenzhe Liu, for research; other use by agreement with them',
  settings: { resolution: RESOLUTION },
} as const;

/** Steps from black to white in hints of the "safe" preprocessors. */
const SAFE_STEPS = 2;
/** From which level on an edge is a line of a scribble. */
const LINE = 0.5;

/** How sure the network is of an edge, 0…1, as a level. */
function levels([edges]: readonly DrawnMap[], size: Size, of: (edge: number) => number): Raster<1> {
  return raster(
    size,
    1,
    Uint8ClampedArray.from(edges.values, (edge) => Math.trunc(Math.min(255, Math.max(0, f(of(edge) * 255))))),
  );
}

const asItIs = (edge: number): number => edge;
const inSteps = (edge: number): number => f(Math.trunc(f(edge * (SAFE_STEPS + 1))) / SAFE_STEPS);

export const SOFTEDGE_PIDINET: NetworkPreprocessor = {
  ...BY_PIDINET,
  label: 'softedge_pidinet',
  aliases: ['pidinet', 'PiDiNetPreprocessor'],
  types: ['softedge'],
  finish: (maps, size) => levels(maps, size, asItIs),
};

export const SOFTEDGE_PIDISAFE: NetworkPreprocessor = {
  ...BY_PIDINET,
  label: 'softedge_pidisafe',
  aliases: ['pidinet_safe'],
  types: ['softedge'],
  finish: (maps, size) => levels(maps, size, inSteps),
};

export const SCRIBBLE_PIDINET: NetworkPreprocessor = {
  ...BY_PIDINET,
  label: 'scribble_pidinet',
  aliases: ['pidinet_scribble', 'Scribble_PiDiNet_Preprocessor'],
  types: ['scribble'],
  finish: (maps, size) => levels(maps, size, asItIs),
  afterwards: toScribble,
};

export const SKETCH_PIDI: NetworkPreprocessor = {
  ...BY_PIDINET,
  label: 't2ia_sketch_pidi',
  aliases: ['pidinet_sketch'],
  types: ['scribble'],
  finish: (maps, size) => levels(maps, size, (edge) => (edge > LINE ? 1 : 0)),
};
