/** Pictures beside the texts: IPAdapter_plus' nodes, as far as they are what units of the form do. @see github.com/cubiq/ComfyUI_IPAdapter_plus */
import { PICTURE_JOINS, type PictureJoin } from '../../../../control/picture-joins';
import type { Place, Runners } from '../graph-walk';
import type { ModelValue, PictureAdapterValue } from '../values';

export const IMAGE_PROMPT_RUNNERS: Runners = {
  load_vision: () => [{ type: 'CLIP_VISION' }],
  load_picture_adapter: (at) => [{ type: 'IPADAPTER', id: at.file('ipadapter', 'ipadapter_file') }],
  load_picture_preset: (at) => {
    const model = at.take('model', 'MODEL');
    return [model, presetOf(at, model)];
  },
  read_picture: (at) => {
    const type = at.text('weight_type');
    if (type !== 'standard') throw at.stop(`the weight type ${type} does not run here: only standard does.`);
    return [reading(at)];
  },
  read_picture_by_parts: (at) => {
    const type = at.text('weight_type');
    if (type !== 'linear') throw at.stop(`the weight type ${type} does not run here: only linear does.`);
    const scaling = at.text('embeds_scaling');
    if (scaling !== 'V only') throw at.stop(`the scaling ${scaling} does not run here: only "V only" does.`);
    if (at.value('image_negative')) throw at.stop('a picture to be led away from does not run here.');
    const combined = at.text('combine_embeds').replace(' ', '_');
    const join = PICTURE_JOINS.find((one) => one === combined);
    if (!join) throw at.stop(`several pictures combined by "${combined}" do not run here.`);
    return [reading(at, join)];
  },
};

/** Files by the names under which the pack looks for them. */
const PRESETS: Readonly<Record<string, readonly string[]>> = {
  LIGHT: ['ip-adapter_sd15_light_v11', 'ip-adapter_sd15_light'],
  STANDARD: ['ip-adapter_sd15', 'ip-adapter_sdxl_vit-h'],
  'VIT-G': ['ip-adapter_sd15_vit-G', 'ip-adapter_sdxl'],
  PLUS: ['ip-adapter-plus_sd15', 'ip-adapter-plus_sdxl_vit-h'],
  'PLUS FACE': ['ip-adapter-plus-face_sd15', 'ip-adapter-plus-face_sdxl_vit-h'],
  'FULL FACE': ['ip-adapter-full-face_sd15'],
};

/** The first that is here and for the model. @throws Stop */
function presetOf(at: Place, { base }: ModelValue): PictureAdapterValue {
  const preset = at.text('preset');
  const name = preset.replace(/ (?:- SD1\.5 only )?\(.*$/, '');
  const files = Object.hasOwn(PRESETS, name) ? PRESETS[name] : [];
  if (files.length === 0) throw at.stop(`the preset ${preset} does not run here.`);
  const { inventory } = at.walk;
  for (const file of files) {
    const id = inventory.find('ipadapter', `${file}.safetensors`);
    if (id !== undefined && inventory.fits?.(id, base) !== false) return { type: 'IPADAPTER', id };
  }
  throw at.stop(`${files.join(' or ')} (ipadapter), for this model, is not here.`);
}

function reading(at: Place, join: PictureJoin = 'concat'): ModelValue {
  const model = at.take('model', 'MODEL');
  const { id: adapter } = at.take('ipadapter', 'IPADAPTER');
  const { items } = at.take('image', 'IMAGE');
  const masks = at.maybe('attn_mask', 'MASK')?.items ?? [];
  if (masks.length > 1) throw at.stop('a mask for each picture of a batch does not run here: give it one.');
  const weight = at.number('weight');
  if (weight === 0) return model;
  const use = {
    ...{ node: at.id, adapter, images: items.map(({ wire }) => wire), join, weight },
    ...{ start: at.number('start_at'), end: at.number('end_at') },
    ...(masks.length > 0 && { mask: masks[0].wire }),
  };
  return { ...model, pictures: [...(model.pictures ?? []), use] };
}
