/** Names that SD.Next has for models, and the files or repositories as others call them. */

/** @see vladmandic/sdnext modules/control/units/controlnet.py */
export const SDNEXT_MODELS: Readonly<Record<string, string>> = {
  Canny: 'control_v11p_sd15_canny',
  Depth: 'control_v11f1p_sd15_depth',
  HED: 'sd-controlnet-hed',
  IP2P: 'control_v11e_sd15_ip2p',
  LineArt: 'control_v11p_sd15_lineart',
  'LineArt Anime': 'control_v11p_sd15s2_lineart_anime',
  MLDS: 'control_v11p_sd15_mlsd',
  NormalBae: 'control_v11p_sd15_normalbae',
  OpenPose: 'control_v11p_sd15_openpose',
  Scribble: 'control_v11p_sd15_scribble',
  Segment: 'control_v11p_sd15_seg',
  Shuffle: 'control_v11e_sd15_shuffle',
  SoftEdge: 'control_v11p_sd15_softedge',
  Tile: 'control_v11f1e_sd15_tile',
};

/** @see vladmandic/sdnext modules/control/units/t2iadapter.py */
export const SDNEXT_ADAPTERS: Readonly<Record<string, string>> = {
  Segment: 't2iadapter_seg_sd14v1',
  'Zoe Depth': 't2iadapter_zoedepth_sd15v1',
  OpenPose: 't2iadapter_openpose_sd14v1',
  KeyPose: 't2iadapter_keypose_sd14v1',
  Color: 't2iadapter_color_sd14v1',
  'Depth v1': 't2iadapter_depth_sd14v1',
  'Depth v2': 't2iadapter_depth_sd15v2',
  'Canny v1': 't2iadapter_canny_sd14v1',
  'Canny v2': 't2iadapter_canny_sd15v2',
  'Sketch v1': 't2iadapter_sketch_sd14v1',
  'Sketch v2': 't2iadapter_sketch_sd15v2',
  'Canny XL': 't2i-adapter-canny-sdxl-1.0',
  'LineArt XL': 't2i-adapter-lineart-sdxl-1.0',
  'Sketch XL': 't2i-adapter-sketch-sdxl-1.0',
  'Zoe Depth XL': 't2i-adapter-depth-zoe-sdxl-1.0',
  'OpenPose XL': 't2i-adapter-openpose-sdxl-1.0',
  'Midas Depth XL': 't2i-adapter-depth-midas-sdxl-1.0',
};

/** @see vladmandic/sdnext modules/ipadapter.py */
export const SDNEXT_IMAGE_ADAPTERS: Readonly<Record<string, string>> = {
  Base: 'ip-adapter_sd15',
  'Base ViT-G': 'ip-adapter_sd15_vit-G',
  Light: 'ip-adapter_sd15_light',
  Plus: 'ip-adapter-plus_sd15',
  'Plus Face': 'ip-adapter-plus-face_sd15',
  'Full Face': 'ip-adapter-full-face_sd15',
  'Ostris Composition ViT-H': 'ip_plus_composition_sd15',
  'Base SDXL': 'ip-adapter_sdxl',
  'Base ViT-H SDXL': 'ip-adapter_sdxl_vit-h',
  'Plus ViT-H SDXL': 'ip-adapter-plus_sdxl_vit-h',
  'Plus Face ViT-H SDXL': 'ip-adapter-plus-face_sdxl_vit-h',
  'Ostris Composition ViT-H SDXL': 'ip_plus_composition_sdxl',
};
