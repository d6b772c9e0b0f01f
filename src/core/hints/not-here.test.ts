import { describe, expect, it } from 'vitest';
import { namesElsewhere, nearestTo, notHereText } from './not-here';
import { findPreprocessor, preprocessor } from './preprocessors';

/** Every name in the list of sd-webui-controlnet's last version, as infotexts have it. */
const LIST = [
  ...['none', 'invert (from white bg & black line)', 'animal_openpose', 'blur_gaussian', 'canny'],
  ...['densepose (pruple bg & purple torso)', 'densepose_parula (black bg & blue torso)', 'depth_anything'],
  ...['depth_anything_v2', 'depth_hand_refiner', 'depth_leres', 'depth_leres++', 'depth_midas', 'depth_zoe'],
  ...[
    'dw_openpose_full',
    'facexlib',
    'inpaint_global_harmonious',
    'inpaint_only',
    'inpaint_only+lama',
    'inpaint_promax',
  ],
  ...['instant_id_face_embedding', 'instant_id_face_keypoints', 'ip-adapter-auto', 'ip-adapter_clip_h'],
  ...['ip-adapter_clip_g', 'ip-adapter_clip_sdxl_plus_vith', 'ip-adapter_face_id', 'ip-adapter_face_id_plus'],
  ...['ip-adapter_pulid', 'lineart_anime', 'lineart_anime_denoise', 'lineart_coarse', 'lineart_realistic'],
  ...['lineart_standard (from white bg & black line)', 'mediapipe_face', 'mlsd', 'mobile_sam', 'normal_bae'],
  ...['normal_dsine', 'normal_midas', 'openpose', 'openpose_face', 'openpose_faceonly', 'openpose_full'],
  ...['openpose_hand', 'recolor_intensity', 'recolor_luminance', 'reference_adain', 'reference_adain+attn'],
  ...['reference_only', 'revision_clipvision', 'revision_ignore_prompt', 'scribble_hed', 'scribble_pidinet'],
  ...['scribble_xdog', 'seg_anime_face', 'seg_ofade20k', 'seg_ofcoco', 'seg_ufade20k', 'shuffle', 'softedge_anyline'],
  ...['softedge_hed', 'softedge_hedsafe', 'softedge_pidinet', 'softedge_pidisafe', 'softedge_teed'],
  ...['t2ia_color_grid', 't2ia_sketch_pidi', 't2ia_style_clipvision', 'threshold', 'tile_colorfix'],
  ...['tile_colorfix+sharp', 'tile_resample'],
];

describe.each(LIST)('%s', (name) => {
  it('is run, or is known by name and says why not', () => {
    const isHere = findPreprocessor(name) !== undefined;
    const isKnown = namesElsewhere().some((one) => one.toLowerCase() === name);
    expect([isHere, isKnown]).toEqual([isHere, !isHere]);
    if (!isHere) expect(notHereText(name)).toMatch(/^nothing makes hints by ".+" here(: choose "| \()/);
  });
});

it('none of the names elsewhere is one of ours, nor there twice', () => {
  const names = namesElsewhere().map((name) => name.toLowerCase());
  expect(names.filter((name) => findPreprocessor(name) !== undefined)).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

it('what comes nearest is of ours and of the same kind', () => {
  expect(nearestTo('lineart_anime_denoise')).toBe('lineart_anime');
  expect(preprocessor(nearestTo('depth_zoe') ?? 'none').types).toContain('depth');
  expect(nearestTo('canny')).toBeUndefined();
  expect(nearestTo('seg_ofade20k')).toBeUndefined();
});

it.each([
  ['dw_openpose', 'openpose'],
  ['Midas Depth Hybrid', 'depth_anything_v2'],
  ['midas', 'depth_anything_v2'],
  ['scribble', 'invert'],
  ['tile_ttplanet_guided', 'tile_resample'],
])('short and spaced names have one that is nearest: %s', (name, nearest) => {
  expect(nearestTo(name)).toBe(nearest);
});

it.each([
  ['Depth Anything V2', 'depth_anything_v2'],
  ['teed', 'softedge_teed'],
  ['standard_lineart', 'lineart_standard'],
])('finds by words that stand apart, and by other programs’ short names: %s', (name, id) => {
  expect(findPreprocessor(name)).toBe(id);
});

it('what nobody knows is told as such', () => {
  expect(notHereText('weird')).toBe(
    'nothing makes hints by "weird" here: choose another preprocessor, or give a finished hint and "none".',
  );
});
