/** Pictures and masks: loaded, scaled, saved. */
import type { Place, Runners } from '../graph-walk';

export const IMAGE_RUNNERS: Runners = {
  load_image: (at) => {
    const image = at.file('input', 'image');
    return [
      { type: 'IMAGE', image: at.wire('load_image', 'image', { image, dropsAlpha: true }) },
      { type: 'MASK', mask: at.wire('load_mask', 'mask', { image, channel: 'hidden' }, {}, 'mask') },
    ];
  },
  load_mask: (at) => {
    const image = at.file('input', 'image');
    const said = at.text('channel');
    return [
      { type: 'MASK', mask: at.wire('load_mask', 'mask', { image, channel: said === 'alpha' ? 'hidden' : said }) },
    ];
  },
  scale_image: (at) => {
    const [width, height] = [at.number('width'), at.number('height')];
    if (width === 0 && height === 0) return [at.take('image', 'IMAGE')];
    return [scaled(at, { width, height, crop: at.text('crop') })];
  },
  scale_image_by: (at) => [scaled(at, { factor: at.number('scale_by') })],
  upscale_image: (at) => {
    const { id: upscaler } = at.take('upscale_model', 'UPSCALE_MODEL');
    const { image } = at.take('image', 'IMAGE');
    return [{ type: 'IMAGE', image: at.wire('upscale_image', 'image', { upscaler }, { image }) }];
  },
  save_image: (at) => keep(at, true),
  preview_image: (at) => keep(at, false),
};

const scaled = (at: Place, settings: object) => {
  const { image } = at.take('image', 'IMAGE');
  const mode = at.text('upscale_method');
  return { type: 'IMAGE', image: at.wire('scale_image', 'image', { ...settings, mode }, { image }) } as const;
};

function keep(at: Place, isSaved: boolean) {
  const image = at.take('images', 'IMAGE');
  const prefix = isSaved ? at.text('filename_prefix') : 'ComfyUI_temp';
  at.add('keep', {}, { image: image.image });
  at.walk.kept.push({ node: at.id, isSaved, prefix });
  return [image];
}
