/** How a model is sampled. */
import { fieldProblem } from '../../../../recipe/problems';
import { tiledOfNode } from '../../../tiled-node';
import type { Place, Runners } from '../graph-walk';
import type { ModelSettings, ModelValue } from '../values';

const SAMPLINGS: Readonly<Record<string, ModelSettings['sampling']>> = {
  eps: 'eps',
  v_prediction: 'v_prediction',
  lcm: 'lcm',
  x0: 'x0',
};

export const MODEL_RUNNERS: Runners = {
  sample_model: (at) => {
    const said = at.text('sampling');
    const sampling = SAMPLINGS[said];
    if (!sampling) throw at.stop(`the sampling ${said} does not run here.`);
    return [changed(at, { sampling, zeroTerminalSnr: at.isOn('zsnr') })];
  },
  rescale_guidance: (at) => [changed(at, { cfgRescale: at.number('multiplier') })],
  sample_in_tiles: (at) => {
    const method = at.text('method');
    const [width, height, overlap] = ['tile_width', 'tile_height', 'tile_overlap'].map((name) =>
      Number(at.whole(name)),
    );
    const tiled = tiledOfNode(method, { width, height, overlap });
    if (!tiled) throw at.stop(`the method ${method} does not run here.`);
    for (const id of ['tileWidth', 'tileHeight', 'tileOverlap'] as const)
      if (fieldProblem(id, tiled[id])) throw at.stop(`${fieldProblem(id, tiled[id]) ?? ''} A cell has 8 pixels.`);
    return [changed(at, tiled)];
  },
  mask_by_level: (at) => {
    const strength = at.value('strength') ? at.number('strength') : 1;
    if (strength !== 1) throw at.stop('a strength other than 1 does not run here.');
    at.walk.notices.add(
      'Differential Diffusion is counted as Gesso counts it: what is not masked at all stays as it was in the last step, too.',
    );
    return [changed(at, { maskMode: 'differential' })];
  },
};

function changed(at: Place, settings: ModelSettings): ModelValue {
  const model = at.take('model', 'MODEL');
  return { ...model, settings: { ...model.settings, ...settings } };
}
