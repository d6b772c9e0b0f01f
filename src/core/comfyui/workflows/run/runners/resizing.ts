/** Packs' nodes that resize: sizes are worked out here, of pictures whose size is known before anything runs. */
import { roundHalfEven as round } from '../../../../math';
import type { Size } from '../../../../image/raster';
import { roomProblem } from '../../../../image/room';
import type { Wire } from '../../../../workflow';
import type { Place, Runners } from '../graph-walk';
import type { ImageValue, SizedWire } from '../values';
import { literal } from './values';
import { sized, withRoom } from './latents';

export const RESIZING_RUNNERS: Runners = {
  resize_in_many_ways: (at) => withSides(each(at, 'image', (item, part) => manyWays(part, item))),
  resize_pillow: (at) => [{ type: 'IMAGE', items: each(at, 'image', (item, part) => pillow(part, item)) }],
  resize_to_divisible: (at) => withSides(each(at, 'image', (item, part) => toDivisible(part, item))),
  resize_and_place: (at) => {
    if (at.value('mask')) throw at.stop('a mask joined to it does not run here; resize that by its own node.');
    const image = withSides(each(at, 'image', (item, part) => placed(part, item)));
    const mask = at.wire('solid_mask', 'mask', { width: 64, height: 64, level: 0 }, {}, 'mask');
    return [...image, { type: 'MASK', items: [sized(mask, { width: 64, height: 64 })] } as const];
  },
  upscale_to_size: (at) => [{ type: 'IMAGE', items: each(at, 'image', upscaled) }, ...literal('')],
  square_for_vision: (at) => [{ type: 'IMAGE', items: each(at, 'image', (item, part) => squared(part, item)) }],
  /** @see Easy-Use image.py imageScaleDownToSize: never larger, Pillow's Lanczos */
  scale_down: (at) => {
    const items = each(at, 'images', (item, part) => {
      const { width, height } = item.size;
      const side = at.isOn('mode') ? Math.max(width, height) : Math.min(width, height);
      const factor = Math.min(1, at.number('size') / side);
      const to = { width: Math.trunc(width * factor), height: Math.trunc(height * factor) };
      return scaled(part, item, to, 'lanczos');
    });
    return [{ type: 'IMAGE', items }];
  },
  image_size_and_itself: (at) => {
    const image = at.take('image', 'IMAGE');
    const { width, height } = sizeOf(at, image.items[0]);
    return [image, ...literal(width), ...literal(height), ...literal(image.items.length)];
  },
  image_sides: (at) => {
    const { width, height } = sizeOf(at, at.take('image', 'IMAGE').items[0]);
    return [width, height, width, height, width, height].flatMap((side) => literal(side));
  },
};

type Known = SizedWire & { size: Size };

const sizeOf = (at: Place, { size }: SizedWire): Size => {
  if (size) return size;
  throw at.stop('how large this picture becomes is not known before it is made, which does not run here.');
};

const each = (at: Place, name: string, make: (item: Known, part: Place) => Known): Known[] =>
  at.each(at.take(name, 'IMAGE').items, (item, part) => make({ ...item, size: sizeOf(at, item) }, part));

function withSides(items: Known[]) {
  const image: ImageValue = { type: 'IMAGE', items };
  return [image, ...literal(items[0].size.width), ...literal(items[0].size.height)];
}

function scaled(at: Place, { wire: image, size: from }: Known, to: Size, mode: string, ending = ''): Known {
  const size = withRoom(at, to) ?? to;
  if (from.width === size.width && from.height === size.height) return { wire: image, size };
  return { wire: at.wire('scale_image', 'image', { ...size, factor: 0, mode }, { image }, ending), size };
}

function cropped(at: Place, { wire: image, size }: Known, box: Size & { x: number; y: number }): Known {
  const { x, y, width, height } = box;
  if (x === 0 && y === 0 && width === size.width && height === size.height) return { wire: image, size };
  return { wire: at.wire('crop_image', 'image', box, { image }, 'cut'), size: { width, height } };
}

/** Lays a picture on a ground of one colour, 0xRRGGBB. */
function onGround(at: Place, { wire: from }: Known, whole: Size, place: { x: number; y: number }, colour = 0): Known {
  const size = withRoom(at, whole) ?? whole;
  const to: Wire = at.wire('empty_image', 'image', { ...size, colour }, {}, 'ground');
  return { wire: at.wire('compose_image', 'image', { ...place, resizes: false }, { to, from }, 'laid'), size };
}

/** Rest of a division by `step`, nothing where that is 0 or 1. */
const over = (value: number, step: number): number => (step > 1 ? value % step : 0);

/** @see cubiq/ComfyUI_essentials image.py ImageResize.execute */
function manyWays(at: Place, item: Known): Known {
  const { size } = item;
  const step = at.number('multiple_of');
  const [mode, method, condition] = [at.text('interpolation'), at.text('method'), at.text('condition')];
  const said = {
    width: at.number('width') - over(at.number('width'), step),
    height: at.number('height') - over(at.number('height'), step),
  };
  const { to, box, pad } = method.startsWith('stretch')
    ? { to: orOwn(said, size), box: undefined, pad: undefined }
    : method.startsWith('fill')
      ? filling(orOwn(said, size), size)
      : within(said, size, method === 'pad');
  const isMet = meets(condition, size, to);
  let made = isMet ? scaled(at, item, to, mode) : item;
  if (isMet && pad) made = onGround(at, made, pad.whole, pad);
  if (isMet && box) made = cropped(at, made, box);
  const [x, y] = [over(made.size.width, step), over(made.size.height, step)];
  const rest = { width: made.size.width - x, height: made.size.height - y };
  return cropped(at, made, { x: Math.floor(x / 2), y: Math.floor(y / 2), ...rest });
}

const orOwn = ({ width, height }: Size, own: Size): Size => ({
  width: width > 0 ? width : own.width,
  height: height > 0 ? height : own.height,
});

const times = ({ width, height }: Size, ratio: number): Size => ({
  width: Math.max(1, round(width * ratio)),
  height: Math.max(1, round(height * ratio)),
});

/** ComfyUI's longest side, which the pack takes for no limit. */
const NO_LIMIT = 16_384;

function within(said: Size, size: Size, isPadded: boolean) {
  const width = said.width > 0 ? said.width : size.height < said.height ? NO_LIMIT : size.width;
  const height = said.height > 0 ? said.height : size.width < width ? NO_LIMIT : size.height;
  const to = times(size, Math.min(width / size.width, height / size.height));
  const pad = { whole: { width, height }, x: (width - to.width) >> 1, y: (height - to.height) >> 1 };
  return { to, box: undefined, pad: isPadded && (pad.x > 0 || pad.y > 0 || !same(to, pad.whole)) ? pad : undefined };
}

const same = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

function filling(wanted: Size, size: Size) {
  const to = times(size, Math.max(wanted.width / size.width, wanted.height / size.height));
  const start = (whole: number, part: number) => Math.max(0, Math.floor((whole - part) / 2));
  const box = { x: start(to.width, wanted.width), y: start(to.height, wanted.height), ...wanted };
  return { to, box, pad: undefined };
}

function meets(condition: string, from: Size, to: Size): boolean {
  const [own, wanted] = [from.width * from.height, to.width * to.height];
  switch (condition) {
    case 'downscale if bigger':
      return from.height > to.height || from.width > to.width;
    case 'upscale if smaller':
      return from.height < to.height || from.width < to.width;
    case 'if bigger area':
      return own > wanted;
    case 'if smaller area':
      return own < wanted;
    default:
      return true;
  }
}

/** @see WASasquatch/was-node-suite-comfyui WAS_Image_Rescale: Pillow's filters, at eight times the size first where that is asked for */
function pillow(at: Place, item: Known): Known {
  const mode = PILLOW[at.text('resampling')];
  if (!mode) throw at.stop(`only lanczos and nearest run here, not ${at.text('resampling')}.`);
  const upTo8 = (side: number): number => Math.ceil(side / 8) * 8;
  const factor = at.number('rescale_factor');
  const to =
    at.text('mode') === 'rescale'
      ? {
          width: Math.max(1, Math.trunc(item.size.width * factor)),
          height: Math.max(1, Math.trunc(item.size.height * factor)),
        }
      : { width: upTo8(at.number('resize_width')), height: upTo8(at.number('resize_height')) };
  if (at.text('supersample') !== 'true') return scaled(at, item, to, mode);
  const eightfold = { width: to.width * 8, height: to.height * 8 };
  if (roomProblem(eightfold) !== undefined) {
    at.walk.notices.add(DIRECTLY);
    return scaled(at, item, to, mode);
  }
  return scaled(at, scaled(at, item, eightfold, mode, 'large'), to, mode);
}

const DIRECTLY = 'A picture that is scaled by way of eight times its size, which has no room here, is scaled at once.';

/** @see Comfyroll upscale_functions.py: a network, then Pillow to a size that is counted from the picture as it was */
function upscaled(item: Known, at: Place): Known {
  const mode = PILLOW[at.text('resampling_method')];
  if (!mode) throw at.stop(`only lanczos and nearest run here, not ${at.text('resampling_method')}.`);
  const settings = { upscaler: at.file('upscale_models', 'upscale_model') };
  const image = at.wire('upscale_image', 'image', settings, { image: item.wire }, 'large');
  const to = sizeAfter(at, item.size);
  const size = withRoom(at, to) ?? to;
  if (at.text('supersample') === 'true') at.walk.notices.add(DIRECTLY);
  return { wire: at.wire('scale_image', 'image', { ...size, factor: 0, mode }, { image }), size };
}

function sizeAfter(at: Place, { width, height }: Size): Size {
  if (at.text('mode') === 'rescale') {
    const factor = at.number('rescale_factor');
    return { width: Math.max(1, Math.trunc(width * factor)), height: Math.max(1, Math.trunc(height * factor)) };
  }
  const step = at.number('rounding_modulus');
  const upTo = (side: number): number => Math.ceil(side / step) * step;
  const wide = at.number('resize_width');
  return { width: upTo(wide), height: upTo(Math.trunc(wide * (height / width))) };
}

const VISION = { width: 224, height: 224 };

/** @see IPAdapter_plus PrepImageForClipVision: a square of it, in the size of what looks at it */
function squared(at: Place, item: Known): Known {
  const mode = PILLOW[at.text('interpolation').toLowerCase()];
  if (!mode) throw at.stop(`only LANCZOS and NEAREST run here, not ${at.text('interpolation')}.`);
  if (at.number('sharpening') > 0) throw at.stop('sharpening does not run here.');
  const position = at.text('crop_position');
  if (position === 'pad') throw at.stop('the crop_position "pad" does not run here.');
  const side = Math.min(item.size.width, item.size.height);
  const rest = { x: item.size.width - side, y: item.size.height - side };
  const x = position === 'left' ? 0 : position === 'right' ? rest.x : Math.floor(rest.x / 2);
  const y = position === 'top' ? 0 : position === 'bottom' ? rest.y : Math.floor(rest.y / 2);
  return scaled(at, cropped(at, item, { x, y, width: side, height: side }), VISION, mode);
}

const PILLOW: Readonly<Record<string, string | undefined>> = { lanczos: 'lanczos', nearest: 'nearest-exact' };

/** @see kijai/ComfyUI-KJNodes image_nodes.py ImageResizeKJ */
function toDivisible(at: Place, item: Known): Known {
  const like = at.maybe('get_image_size', 'IMAGE');
  const said = like ? sizeOf(at, like.items[0]) : { width: at.number('width'), height: at.number('height') };
  const to = at.isOn('keep_proportion') && !like ? kept(said, item.size) : orOwn(said, item.size);
  const size = like ? to : divided(to, at.number('divisible_by'));
  const crop = at.value('crop') && at.text('crop') !== 'disabled' ? 'center' : 'disabled';
  const settings = { ...(withRoom(at, size) ?? size), factor: 0, mode: at.text('upscale_method'), crop };
  return { wire: at.wire('scale_image', 'image', settings, { image: item.wire }), size };
}

/** 0 follows the other; of two the smaller ratio counts. */
function kept({ width, height }: Size, own: Size): Size {
  if (width === 0 && height === 0) return own;
  const ratios = [width / own.width, height / own.height].filter((ratio) => ratio > 0);
  const to = times(own, Math.min(...ratios));
  return { width: height === 0 ? width : to.width, height: width === 0 ? height : to.height };
}

const divided = ({ width, height }: Size, step: number): Size => ({
  width: Math.max(1, width - over(width, step)),
  height: Math.max(1, height - over(height, step)),
});

/** @see kijai/ComfyUI-KJNodes image_nodes.py ImageResizeKJv2 */
function placed(at: Place, item: Known): Known {
  const { size } = item;
  const [how, where] = [at.text('keep_proportion'), at.text('crop_position')];
  const [mode, step] = [at.text('upscale_method'), at.number('divisible_by')];
  const wanted = orOwn({ width: at.number('width'), height: at.number('height') }, size);
  if (how === 'stretch') return scaled(at, item, divided(wanted, step), mode);
  if (how === 'crop') {
    const to = divided(wanted, step);
    const aspect = to.width / to.height;
    const isWide = size.width / size.height > aspect;
    const part = isWide
      ? { width: round(size.height * aspect), height: size.height }
      : { width: size.width, height: round(size.width / aspect) };
    return scaled(at, cropped(at, item, { ...part, ...startOf(size, part, where) }), to, mode);
  }
  if (how !== 'resize' && how !== 'pad') throw at.stop(`the proportions are kept by ${how}, which does not run here.`);
  const fit = times(size, Math.min(wanted.width / size.width, wanted.height / size.height));
  const small = scaled(at, item, divided(fit, step), mode);
  if (how === 'resize' || same(fit, wanted)) return small;
  const place = startOf(wanted, fit, where);
  const rest = (side: 'width' | 'height') => small.size[side] + wanted[side] - fit[side];
  const up = (value: number) => (over(value, step) === 0 ? value : value + step - over(value, step));
  const whole = { width: up(rest('width')), height: up(rest('height')) };
  return onGround(at, small, whole, place, colourOf(at, at.text('pad_color')));
}

/** Where a smaller box lies in a larger one. */
function startOf(whole: Size, part: Size, where: string): { x: number; y: number } {
  const [x, y] = [whole.width - part.width, whole.height - part.height];
  return {
    x: where === 'left' ? 0 : where === 'right' ? x : x >> 1,
    y: where === 'top' ? 0 : where === 'bottom' ? y : y >> 1,
  };
}

/** "r, g, b", or one of them for all. */
function colourOf(at: Place, said: string): number {
  const values = said.split(',').map((word) => Number(word.trim()));
  const [red, green = red, blue = red] = values;
  if (values.length === 2 || ![red, green, blue].every((value) => Number.isInteger(value) && value >= 0 && value < 256))
    throw at.stop(`pad_color is "${said}"; it must be three whole numbers of 0 to 255.`);
  return red * 65_536 + green * 256 + blue;
}
