/** Which pack a class is of, by its name. */
import { PACKS } from './packs';

/** How classes of packs are called, where a file says not which pack one is of. */
const MARKS: readonly (readonly [pattern: RegExp, pack: string])[] = [
  [/\(rgthree\)$/, 'rgthree-comfy'],
  [/\|pysssss$/, 'comfyui-custom-scripts'],
  [/\/\/ ?Inspire$/i, 'comfyui-inspire-pack'],
  [/^easy /, 'comfyui-easy-use'],
  [/^CR /, 'ComfyUI_Comfyroll_CustomNodes'],
  [/^ttN /, 'comfyui_tinyterranodes'],
  [/^VHS_/, 'comfyui-videohelpersuite'],
  [/^ADE_/, 'comfyui-animatediff-evolved'],
  [/^ACN_/, 'comfyui-advanced-controlnet'],
  [/^IPAdapter/, 'comfyui_ipadapter_plus'],
  [/^Impact|^Ultralytics|^FaceDetailer|^Detailer|SEGS|^SAMLoader$|^BasicPipe/, 'comfyui-impact-pack'],
  [/^Layer(Utility|Color|Filter|Mask|Style): /, 'comfyui_layerstyle'],
  [/^(UltimateSDUpscale)/, 'comfyui_ultimatesdupscale'],
  [/^Anything Everywhere|^Prompts Everywhere$|^Seed Everywhere$/, 'cg-use-everywhere'],
  [/Preprocessor$/, 'comfyui_controlnet_aux'],
  [/GGUF/, 'ComfyUI-GGUF'],
  [/\+$/, 'comfyui_essentials'],
  [/KJ(v2)?$/, 'comfyui-kjnodes'],
  [/^Swarm[A-Z]/, 'mcmonkeyprojects/SwarmUI'],
  [/^JW[A-Z]/, 'comfyui-various'],
  [/\(Efficient\)$|^Efficient Loader$|^Eff\. /, 'efficiency-nodes-comfyui'],
];

/** @returns undefined where neither table nor name tells */
export function packByName(type: string): string | undefined {
  if (Object.hasOwn(PACKS, type)) return PACKS[type]?.pack;
  return MARKS.find(([pattern]) => pattern.test(type))?.[1];
}
