/** What kinds of hint a Union knows, in the order of its tensors. @see xinsir6/ControlNetPlus; Mikubill/sd-webui-controlnet enums.py */

export const UNION_KINDS = {
  openpose: { label: 'OpenPose', modules: /pose|densepose|animal/ },
  depth: { label: 'Depth', modules: /depth/ },
  softedge: { label: 'Soft Edge', modules: /softedge|hed|pidi|scribble|teed|xdog/ },
  hardedge: { label: 'Hard Edge', modules: /canny|lineart|mlsd/ },
  normal: { label: 'Normal Map', modules: /normal/ },
  segmentation: { label: 'Segmentation', modules: /seg/ },
  tile: { label: 'Tile', modules: /tile|blur/ },
  inpaint: { label: 'Inpaint', modules: /inpaint/ },
} as const satisfies Record<string, { label: string; modules: RegExp }>;

export type UnionKind = keyof typeof UNION_KINDS;

export const unionKinds = (): UnionKind[] => Object.keys(UNION_KINDS) as UnionKind[];

/** Kind of a hint, by the preprocessor that made it. */
export function kindOfModule(module: string): UnionKind | undefined {
  return unionKinds().find((id) => UNION_KINDS[id].modules.test(module));
}

/** @see ComfyUI comfy/cldm/control_types.py */
const COMFY_WORDS: ReadonlyMap<string, UnionKind> = new Map([
  ['openpose', 'openpose'],
  ['depth', 'depth'],
  ['hed/pidi/scribble/ted', 'softedge'],
  ['canny/lineart/anime_lineart/mlsd', 'hardedge'],
  ['normal', 'normal'],
  ['segment', 'segmentation'],
  ['tile', 'tile'],
  ['repaint', 'inpaint'],
]);

/** Kind of a hint, as ComfyUI's SetUnionControlNetType calls it; SwarmUI has its words. */
export const kindOfComfy = (word: string): UnionKind | undefined => COMFY_WORDS.get(word);
