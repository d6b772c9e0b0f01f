/** What lay on InvokeAI's canvas: layers in lists by their kinds since 5, in one list in 4.2. @see InvokeAI controlLayers/store/types.ts, zCanvasMetadata; 4.2 zLayer */
import { asBag, type Bag } from '../json-pairs';
import { putInvokeAdapter } from './controls';
import { isNothing, type Draft } from './draft';
import type { Reader } from './program';

/** Longer texts of regions are cut in the sentence that names them. */
const MOST_LETTERS = 80;

const layersOf = (value: unknown): Bag[] =>
  (Array.isArray(value) ? (value as unknown[]) : []).map(asBag).filter((layer) => layer !== undefined);

/** Each canvas begins with a mask on which nothing is; what is switched off did nothing. */
function acts(layer: Bag): boolean {
  const drawn = layer['objects'] ?? layer['maskObjects'];
  return layer['isEnabled'] !== false && !(Array.isArray(drawn) && drawn.length === 0);
}

/** Texts of regions, in quotes. */
function sayRegions(layers: readonly Bag[]): string {
  const texts = layers.flatMap((layer) => {
    const [positive, negative] = [layer['positivePrompt'], layer['negativePrompt']].map(shorten);
    return [...(positive === '' ? [] : [`"${positive}"`]), ...(negative === '' ? [] : [`not "${negative}"`])];
  });
  return texts.length === 0 ? 'prompts of regions' : `prompts of regions (${texts.join(', ')})`;
}

function shorten(text: unknown): string {
  const said = typeof text === 'string' ? text.trim() : '';
  return said.length > MOST_LETTERS ? `${said.slice(0, MOST_LETTERS).trimEnd()} …` : said;
}

/** Whether of these layers one is no unit that can be told. */
export const leavesSome = (layers: readonly Bag[], draft: Draft): boolean =>
  layers.map((layer) => putInvokeAdapter(draft, layer)).includes(false);

export const readReferences: Reader = (value, draft) => {
  if (leavesSome(layersOf(value), draft))
    draft.note('ref_images', 'The pictures that InvokeAI looked at (reference images) are not carried over.');
};

function noteLeft(draft: Draft, key: string, parts: readonly (string | false)[]): void {
  const left = parts.filter((part) => part !== false);
  if (left.length > 0) draft.note(key, `Of InvokeAI's canvas these are not carried over: ${left.join(', ')}.`);
}

export const readCanvas: Reader = (value, draft, keys) => {
  const bag = asBag(value) ?? {};
  const [regions, masks, drawn, vectors] = ['regionalGuidance', 'inpaintMasks', 'rasterLayers', 'vectorLayers'].map(
    (kind) => layersOf(bag[kind]).filter(acts),
  );
  // Layers outside its frame are kept too: where it began with noise, none was within.
  const beganWithNoise = /txt2img/.test(String(keys.get('generation mode')));
  noteLeft(draft, 'canvas_v2_metadata', [
    regions.length > 0 && sayRegions(regions),
    leavesSome(layersOf(bag['controlLayers']), draft) && 'control layers',
    leavesSome(layersOf(bag['referenceImages']), draft) && 'reference images',
    masks.length > 0 && 'masks',
    drawn.length > 0 && !beganWithNoise && 'raster layers',
    vectors.length > 0 && !beganWithNoise && 'vector layers',
  ]);
};

/** Version 4.2 kept those alone that acted. */
export const readLayers: Reader = (value, draft) => {
  const layers = layersOf(asBag(value)?.['layers']).filter(acts);
  const of = (...types: readonly string[]): Bag[] => layers.filter(({ type }) => types.includes(String(type)));
  const [regions, drawn] = [of('regional_guidance_layer'), of('raster_layer')];
  for (const layer of of('initial_image_layer'))
    if (!isNothing(layer['image'])) draft.put('Denoising strength', layer['denoisingStrength']);
  noteLeft(draft, 'control_layers', [
    regions.length > 0 && sayRegions(regions),
    leavesSome(of('control_adapter_layer', 'ip_adapter_layer'), draft) && 'control layers',
    drawn.length > 0 && 'raster layers',
  ]);
};
