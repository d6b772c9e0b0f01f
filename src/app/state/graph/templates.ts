/** Graphs that come with the app, and the pictures that they begin with. */
import { AppError } from '../../../core/errors';
import { openComfyJson, type Json } from '../../../core/comfyui/workflows';
import { GraphEditor } from './editor.svelte';

export interface GraphTemplate {
  /** Name of its file, without the ending. */
  id: string;
  title: string;
  /** What happens, in a sentence. */
  about: string;
}

export const GRAPH_TEMPLATES: readonly GraphTemplate[] = [
  { id: 'text-to-image', title: 'Text to image', about: 'Words become a picture.' },
  { id: 'image-to-image', title: 'Image to image', about: 'A drawing becomes a castle.' },
  { id: 'inpaint', title: 'Inpaint', about: 'A hat is painted into a picture, under a mask.' },
  { id: 'hires', title: 'Hires', about: 'The latent is enlarged, and painted over once more.' },
  { id: 'lora', title: 'LoRA', about: 'Another way of painting: ink.' },
  { id: 'controlnet', title: 'ControlNet', about: 'The strokes of a drawing are kept.' },
  { id: 'areas', title: 'Two prompts by area', about: 'One prompt on the left, another on the right.' },
  { id: 'compare', title: 'X/Y', about: 'Four samplers side by side, with one seed.' },
  { id: 'upscale', title: 'Upscale', about: 'A picture four times as large.' },
  { id: 'latent-composite', title: 'Latent composite', about: 'Two pictures begin apart and end as one.' },
];

const FILES = import.meta.glob<Json>('./templates/*.json', { import: 'default' });

/** @throws AppError 'missing-file' where it cannot be fetched */
export async function openTemplate({ id, title }: GraphTemplate): Promise<GraphEditor> {
  const json = await FILES[`./templates/${id}.json`]?.().catch(() => undefined);
  if (json === undefined)
    throw new AppError('missing-file', 'This template could not be fetched: connect to the internet once.');
  return new GraphEditor(openComfyJson(json).document, title);
}

/** Addresses of files of the app, by the names that the templates' Load Image nodes have. */
const PICTURES: Readonly<Record<string, string>> = {
  'gesso-doodle.png': new URL('./templates/pictures/gesso-doodle.png', import.meta.url).href,
  'gesso-mask.png': new URL('./templates/pictures/gesso-mask.png', import.meta.url).href,
  'gesso-strokes.png': new URL('./templates/pictures/gesso-strokes.png', import.meta.url).href,
  'gesso-cat.png': new URL('../try/pictures/cat.png', import.meta.url).href,
  'gesso-house.png': new URL('../try/pictures/house.png', import.meta.url).href,
};

export const templatePictures: readonly string[] = Object.keys(PICTURES);

/** A picture that a template names; undefined for any other. @throws AppError 'missing-picture' where it cannot be fetched */
export async function templatePicture(name: string): Promise<Blob | undefined> {
  const address = Object.hasOwn(PICTURES, name) ? PICTURES[name] : undefined;
  if (address === undefined) return undefined;
  const answer = await fetch(address).catch(() => undefined);
  if (!answer?.ok) throw new AppError('missing-picture', `${name} could not be fetched: connect to the internet once.`);
  return answer.blob();
}
