/** Ultimate SD Upscale: a picture is enlarged, and painted over tile by tile. @see github.com/ssitu/ComfyUI_UltimateSDUpscale */
import { maskBounds } from '../../../../image/masks';
import type { Box, Size } from '../../../../image/raster';
import { roundHalfEven } from '../../../../math/round-half-even';
import { cropTile } from '../../../../redraw/crop-tile';
import { planRedraw, type RedrawOrder, type RedrawPass, type SeamFix } from '../../../../redraw/plan-redraw';
import { tileMask } from '../../../../redraw/tile-mask';
import { upscaleFactors } from '../../../../redraw/upscale-factors';
import type { Wire } from '../../../../workflow';
import type { Place, Runners } from '../graph-walk';
import type { ConditioningValue, ModelValue, SizedWire, TextItem } from '../values';
import { decoded, encoded, latent, sized } from './latents';
import { painted, type Painting } from './painting';
import { samplerOf, scheduleOf } from './sampling';

/** A latent cell of Stable Diffusion: sides of what is painted are whole ones. */
const CELL = 8;
const MOST_TILES = 1024;

const ORDERS: Readonly<Record<string, RedrawOrder>> = { Linear: 'linear', Chess: 'chess', None: 'none' };
const SEAMS: Readonly<Record<string, SeamFix>> = {
  None: 'none',
  'Band Pass': 'band_pass',
  'Half Tile': 'half_tile',
  'Half Tile + Intersections': 'half_tile_intersections',
};

export const REDRAW_RUNNERS: Runners = {
  redraw_in_tiles: (at) => {
    const hasFactor = at.value('upscale_by') !== undefined;
    const { items } = at.take(hasFactor ? 'image' : 'upscaled_image', 'IMAGE');
    if (at.value('batch_size') && at.number('batch_size') > 1)
      at.walk.notices.add('Tiles are painted one by one here, as with a batch_size of 1.');
    const made = items.map(({ wire, size }, i) => {
      if (!size)
        throw at.stop(
          'how large its picture is is not known before it is made: put a node before it that says the size.',
        );
      return redrawn(at, { wire, size }, { by: hasFactor ? at.number('upscale_by') : 1, i, count: items.length });
    });
    return [{ type: 'IMAGE', items: made }];
  },
};

type Sized = Required<Pick<SizedWire, 'wire' | 'size'>>;

function redrawn(at: Place, picture: Sized, { by, i, count }: { by: number; i: number; count: number }): SizedWire {
  const name = count > 1 ? `picture ${i + 1} ` : '';
  const side = (pixels: number): number => Math.max(CELL, CELL * roundHalfEven((pixels * by) / CELL));
  const size = { width: side(picture.size.width), height: side(picture.size.height) };
  const passes = planRedraw(size, settingsOf(at), 'comfyui');
  if (passes.length > MOST_TILES)
    throw at.stop(`it has ${passes.length} tiles; ${MOST_TILES} are painted at most: take larger ones.`);
  let wire = enlarged(at, picture, size, name);
  passes.forEach((pass, k) => {
    wire = tile(at, pass, { image: wire, size, name: `${name}tile ${k + 1}`, k });
  });
  return sized(wire, size);
}

function settingsOf(at: Place) {
  return {
    order: ORDERS[at.text('mode_type')] ?? 'linear',
    ...{ tileWidth: at.number('tile_width'), tileHeight: at.number('tile_height') },
    ...{ padding: at.number('tile_padding'), maskBlur: at.number('mask_blur') },
    seamFix: SEAMS[at.text('seam_fix_mode')] ?? 'none',
    ...{ seamWidth: at.number('seam_fix_width'), seamMaskBlur: at.number('seam_fix_mask_blur') },
    seamPadding: at.number('seam_fix_padding'),
  };
}

/** Each step goes through the network as it is, whatever it makes of the size; without one pixels are repeated. */
function enlarged(at: Place, { wire, size }: Sized, to: Size, name: string): Wire {
  const network = at.maybe('upscale_model', 'UPSCALE_MODEL')?.id;
  let image = wire;
  upscaleFactors(size, to).forEach((factor, step) => {
    const id = `${name}step ${step + 1}`;
    image =
      network === undefined
        ? at.wire('scale_image', 'image', { factor, mode: 'nearest-exact' }, { image }, id)
        : at.wire('upscale_image', 'image', { upscaler: network }, { image }, id);
  });
  if (image === wire && size.width === to.width && size.height === to.height) return image;
  return at.wire('fit_image', 'image', { ...to, resizeMode: 'just_resize' }, { image }, `${name}larger`);
}

interface Canvas {
  image: Wire;
  size: Size;
  name: string;
  k: number;
}

function tile(
  at: Place,
  { shape, box, target, maskBlur, padding, isSeam }: RedrawPass,
  { image, size, name, k }: Canvas,
): Wire {
  const isUniform = at.value('force_uniform_tiles') === undefined || at.isOn('force_uniform_tiles');
  const crop = cropTile(boundsOf(shape, box, size), { picture: size, target, padding, isUniform });
  const { left: x, top: y } = crop.box;
  const own = { width: crop.box.right - x, height: crop.box.bottom - y };
  const isSame = own.width === crop.size.width && own.height === crop.size.height;
  const fit = (of: Wire, to: Size, word: string): Wire =>
    isSame ? of : at.wire('fit_image', 'image', { ...to, resizeMode: 'just_resize' }, { image: of }, `${name} ${word}`);
  // Its operations are called by the tile's number.
  const part = at.of(k + 1);
  const seen = fit(at.wire('crop_image', 'image', { x, y, ...own }, { image }, `${name} cut`), crop.size, 'fitted');
  const start = encoded(part, sized(seen, crop.size));
  const { output } = painted(
    part,
    latent([start]),
    painting(at, { box: crop.box, whole: size, size: crop.size, name, isSeam }),
  );
  const done = decoded(part, output.items[0], at.take('vae', 'VAE'));
  const laid = { shape, ...box, maskBlur, x, y };
  return at.wire('lay_tile', 'image', laid, { image: fit(done.wire, own, 'back'), original: image }, name);
}

/** Without drawing the whole: of a gradient only what is brighter than black counts. */
function boundsOf(shape: RedrawPass['shape'], { left, top, right, bottom }: Box, picture: Size): Box {
  const size = { width: Math.min(right + 1, picture.width) - left, height: Math.min(bottom + 1, picture.height) - top };
  const mask = tileMask(size, shape, { left: 0, top: 0, right: right - left, bottom: bottom - top });
  const bounds = maskBounds(mask) ?? { left: 0, top: 0, right: size.width, bottom: size.height };
  return { left: left + bounds.left, top: top + bounds.top, right: left + bounds.right, bottom: top + bounds.bottom };
}

interface TilePart {
  box: Box;
  whole: Size;
  size: Size;
  name: string;
  isSeam: boolean;
}

function painting(at: Place, part: TilePart): Painting {
  const [sampler, sigmas] = [at.maybe('custom_sampler', 'SAMPLER'), at.maybe('custom_sigmas', 'SIGMAS')];
  const denoise = at.number(part.isSeam ? 'seam_fix_denoise' : 'denoise');
  const common = {
    model: modelOf(at),
    positive: cutTexts(at, at.take('positive', 'CONDITIONING'), part),
    negative: cutTexts(at, at.take('negative', 'CONDITIONING'), part),
    ...{ cfg: at.number('cfg'), seed: at.whole('seed') },
  };
  if (sampler && sigmas)
    return { ...common, sampler: sampler.sampler, sigmas: sigmas.wire, settings: { ...sampler.options, isTile: true } };
  const settings = { schedule: scheduleOf(at), denoisingStrength: denoise, isTile: true };
  return { ...common, sampler: samplerOf(at), steps: at.number('steps'), settings, beginsPartWay: true };
}

/** @throws Stop for what reads other pictures in parts of this one */
function modelOf(at: Place): ModelValue {
  const model = at.take('model', 'MODEL');
  if (model.pictures?.some(({ mask }) => mask))
    throw at.stop('an adapter with a mask for the whole picture does not run in tiles here.');
  return model;
}

/** Hints are cut as the tile is. @throws Stop for texts of a part of the picture */
function cutTexts(
  at: Place,
  { type, items }: ConditioningValue,
  { box, whole, size, name }: TilePart,
): ConditioningValue {
  const cutItem = (item: TextItem): TextItem => {
    if ((item.place?.unit ?? 'none') !== 'none' || item.mask || item.seen)
      throw at.stop('texts of a part of the picture, or with a picture of their own, do not run in tiles here.');
    const controls = item.controls.map((control) => ({
      ...control,
      hints: control.hints.map((image, i) => {
        const settings = { ...box, ...size, wholeWidth: whole.width, wholeHeight: whole.height };
        return at.wire('cut_hint', 'image', settings, { image }, `${name} hint ${control.node} ${i + 1}`);
      }),
    }));
    return { ...item, controls };
  };
  return { type, items: items.map(cutItem) };
}
