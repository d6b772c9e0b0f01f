/**
 * Preprocessors that other programs have and this one has not: what each is, and which of ours comes nearest. Names are those of sd-webui-controlnet's
 * list and of its keys, of Forge's and SD.Next's, and of controlnet_aux's classes.
 * @see Mikubill/sd-webui-controlnet scripts/preprocessor; Forge extensions-builtin; vladmandic/sdnext modules/control/processors.py
 */
import { findPreprocessor, type PreprocessorId } from './preprocessors';

interface Elsewhere {
  names: readonly string[];
  /** What comes nearest; undefined where nothing does. */
  nearest?: PreprocessorId;
  /** What is otherwise, or what it would draw. */
  says: string;
}

const FACES = 'an adapter of faces needs networks that are for research alone';

const ELSEWHERE: readonly Elsewhere[] = [
  {
    names: ['lineart_anime_denoise', 'manga_line', 'MangaLineExtraction', 'Manga2Anime_LineArt_Preprocessor'],
    nearest: 'lineart_anime',
    says: 'lines of drawings by another network, which leaves screen tones as they are',
  },
  {
    names: [
      'depth_midas',
      'depth',
      'midas',
      'leres',
      'zoe',
      'depth_leres',
      'depth_leres++',
      'depth_zoe',
      'depth_marigold',
      'depth_hand_refiner',
    ],
    nearest: 'depth_anything_v2',
    says: 'depth by another network',
  },
  {
    names: ['midas_depth_hybrid', 'leres_depth', 'zoe_depth', 'marigold_depth', 'dpt_depth_hybrid', 'glpn_depth'],
    nearest: 'depth_anything_v2',
    says: 'depth by another network',
  },
  {
    names: [
      ...['depth_pro', 'lotus_depth', 'depth_anything_v3', 'Zoe_DepthAnythingPreprocessor'],
      ...['Metric3D-DepthMapPreprocessor', 'MeshGraphormer-DepthMapPreprocessor'],
      'MeshGraphormer+ImpactDetector-DepthMapPreprocessor',
    ],
    nearest: 'depth_anything_v2',
    says: 'depth by another network',
  },
  {
    names: ['normal_midas', 'normal_map'],
    nearest: 'normal_from_depth_v1',
    says: 'normals of a depth by another network',
  },
  {
    names: [
      ...['normal_bae', 'normal_dsine', 'stablenormal', 'marigold_normals', 'dsine'],
      ...['DSINE-NormalMapPreprocessor', 'Metric3D-NormalMapPreprocessor'],
    ],
    nearest: 'normal_from_depth',
    says: 'normals of a depth by another network',
  },
  {
    names: [
      ...['openpose_full', 'openpose_face', 'openpose_hand'],
      ...['dw_openpose_full', 'dw_openpose', 'dwpose', 'dw_pose'],
    ],
    nearest: 'openpose',
    says: 'without hands and face',
  },
  { names: ['animal_openpose', 'AnimalPosePreprocessor'], nearest: 'openpose', says: 'of people, not of animals' },
  {
    names: ['softedge_anyline', 'anyline', 'AnyLineArtPreprocessor_aux'],
    nearest: 'softedge_teed',
    says: 'the same network with other weights',
  },
  {
    names: [
      'tile_ttplanet_guided',
      'tile_ttplanet_simple',
      'TTPlanet_TileGF_Preprocessor',
      'TTPlanet_TileSimple_Preprocessor',
    ],
    nearest: 'tile_resample',
    says: 'without TTPlanet’s blurring',
  },
  {
    names: ['scribble', 'scribble_thr'],
    nearest: 'invert',
    says: 'dark lines become white, without being made black and white',
  },
  { names: ['inpaint_only+lama'], nearest: 'inpaint_only', says: 'without what LaMa fills in first' },
  {
    names: ['edge', 'PyraCannyPreprocessor', 'DiffusionEdge_Preprocessor'],
    nearest: 'canny',
    says: 'edges by another rule',
  },
  {
    names: [
      ...['ip-adapter_face_id', 'ip-adapter_face_id_plus', 'ip-adapter_pulid', 'facexlib'],
      ...['InsightFace+CLIP-H (IPAdapter)', 'InsightFace (IPAdapter)'],
    ],
    nearest: 'ip-adapter-auto',
    says: `with an IP-Adapter plus face; ${FACES}`,
  },
  {
    names: ['instant_id_face_embedding', 'instant_id_face_keypoints', 'InsightFace (InstantID)'],
    says: FACES,
  },
  {
    names: ['openpose_faceonly', 'mediapipe_face', 'MediaPipe-FaceMeshPreprocessor'],
    says: 'points of faces are not drawn',
  },
  {
    names: [
      ...['densepose', 'densepose (pruple bg & purple torso)'],
      ...['densepose_parula', 'densepose_parula (black bg & blue torso)', 'DensePosePreprocessor'],
    ],
    says: 'surfaces of bodies are not drawn',
  },
  {
    names: [
      ...['seg_ofade20k', 'oneformer_ade20k', 'seg_ofcoco', 'oneformer_coco', 'seg_ufade20k', 'segmentation'],
      ...['seg_anime_face', 'anime_face_segment', 'mobile_sam', 'segmentanything', 'SAMPreprocessor'],
      ...['OneFormer-COCO-SemSegPreprocessor', 'OneFormer-ADE20K-SemSegPreprocessor', 'SemSegPreprocessor'],
      ...['UniFormer-SemSegPreprocessor', 'AnimeFace_SemSegPreprocessor'],
    ],
    says: 'pictures are not divided into things',
  },
  {
    names: ['reference_only', 'reference_adain', 'reference_adain+attn'],
    nearest: 'ip-adapter-auto',
    says: 'with an IP-Adapter, which reads a picture beside the prompt; attention to a reference is not built',
  },
  {
    names: [
      ...['revision_clipvision', 'revision_ignore_prompt', 't2ia_style_clipvision', 'clip_vision'],
      ...['CLIP-G (Revision)', 'CLIP-G (Revision ignore prompt)'],
    ],
    nearest: 'ip-adapter-auto',
    says: 'with an IP-Adapter, which reads a picture beside the prompt',
  },
];

/** Words may stand apart: "Midas Depth Hybrid". */
const plain = (name: string): string => name.trim().toLowerCase().replaceAll(' ', '_');

const found = (name: string): Elsewhere | undefined => {
  const wanted = plain(name);
  return ELSEWHERE.find(({ names }) => names.some((one) => plain(one) === wanted));
};

/** All names that are known of other programs. */
export const namesElsewhere = (): string[] => ELSEWHERE.flatMap(({ names }) => names);

/** Which of ours comes nearest to one that is not here; undefined where nothing does, or where it is here. */
export const nearestTo = (name: string): PreprocessorId | undefined =>
  findPreprocessor(name) === undefined ? found(name)?.nearest : undefined;

/** A sentence, its first letter small: that nothing here draws so, and what to choose instead. */
export function notHereText(name: string): string {
  const other = found(name);
  const finished = 'or give a finished hint and "none"';
  if (!other) return `nothing makes hints by "${name}" here: choose another preprocessor, ${finished}.`;
  return other.nearest === undefined
    ? `nothing makes hints by "${name}" here (${other.says}): choose another preprocessor, ${finished}.`
    : `nothing makes hints by "${name}" here: choose "${other.nearest}", which is nearest (${other.says}), ${finished}.`;
}
