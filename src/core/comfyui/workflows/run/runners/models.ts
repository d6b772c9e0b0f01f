/** How a model is sampled. */
import { fieldProblem } from '../../../../recipe/problems';
import { SHRINK_WAYS } from '../../../../recipe/shrink-fields';
import { tiledOfNode } from '../../../tiled-node';
import type { Place, Runners } from '../graph-walk';
import type { ModelSettings, ModelValue } from '../values';
import { insteadNames } from './guidance';

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
  scale_maps: (at) => [freeu(at, 'v1')],
  scale_maps_by_mean: (at) => [freeu(at, 'v2')],
  shrink_maps: (at) => [shrunk(at)],
  guide_perpendicular: (at) => {
    const model = at.take('model', 'MODEL');
    const [other] = insteadNames(model);
    if (other !== undefined) throw at.stop(`Perp-Neg on a model of ${other} does not run here.`);
    const perp = { empty: at.take('empty_conditioning', 'CONDITIONING'), scale: at.number('neg_scale'), isApart: true };
    return [{ ...model, perp }];
  },
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

function freeu(at: Place, version: NonNullable<ModelSettings['freeu']>): ModelValue {
  const said = at.take('model', 'MODEL').settings?.freeu;
  if (said !== undefined) throw at.stop('one FreeU after another does not run here: keep one of them.');
  const [freeuB1, freeuB2, freeuS1, freeuS2] = ['b1', 'b2', 's1', 's2'].map((name) => at.number(name));
  return changed(at, { freeu: version, freeuB1, freeuB2, freeuS1, freeuS2 });
}

function shrunk(at: Place): ModelValue {
  if (at.take('model', 'MODEL').settings?.shrinkBlock !== undefined)
    throw at.stop('one Deep Shrink after another does not run here: keep one of them.');
  const wayOf = (name: string) => {
    const ways = Object.keys(SHRINK_WAYS) as (keyof typeof SHRINK_WAYS)[];
    const way = ways.find((one) => one === at.text(name));
    if (way) return way;
    throw at.stop(`${name} is ${at.text(name)}, by which maps are not scaled here: ${ways.join(', ')} are.`);
  };
  return changed(at, {
    ...{ shrinkBlock: at.number('block_number'), shrinkFactor: at.number('downscale_factor') },
    ...{ shrinkStart: at.number('start_percent'), shrinkEnd: at.number('end_percent') },
    ...{ shrinkKeepsSmall: !at.isOn('downscale_after_skip') },
    ...{ shrinkDown: wayOf('downscale_method'), shrinkUp: wayOf('upscale_method') },
  });
}

function changed(at: Place, settings: ModelSettings): ModelValue {
  const model = at.take('model', 'MODEL');
  return { ...model, settings: { ...model.settings, ...settings } };
}
