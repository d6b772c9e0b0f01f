/** Finds a recipe in what is pasted or dropped: texts, pictures, links, graphs. */
import { mayHoldGraph } from '../../../core/comfyui/workflows/convert/find-graphs';
import { AppError } from '../../../core/errors';
import { readHiddenText } from '../../../core/adapters/embeddings/hidden-pixels';
import { readPictureText, readStealthText, type PictureText, type StealthPixels } from '../../../core/image/metadata';
import { saysSettings } from '../../../core/recipe/infotext';
import { readPictureRecipe, readTextRecipe, type FoundRecipe } from '../../../core/recipes';

/** Pictures of 100 megapixels are smaller; nothing longer is read into memory. */
const MOST_BYTES = 512 * 2 ** 20;

/** Undefined where the text is nothing but words: those belong where the caret is. */
export function readPastedText(text: string): FoundRecipe | undefined {
  const found = readTextRecipe(text);
  const isRecipe = saysSettings(found.recipe) || (found.form !== 'infotext' && found.recipe.prompt !== '');
  return isRecipe ? found : undefined;
}

/** A workflow of ComfyUI in pasted words, as a file; undefined where there is none. */
export function pastedWorkflow(text: string): File | undefined {
  return isWorkflowText(text) && mayHoldGraph(text)
    ? new File([text], 'Pasted workflow.json', { type: 'application/json' })
    : undefined;
}

/** What a file turned out to be: a recipe, or a picture that holds none. */
export interface ReadFile {
  found?: FoundRecipe;
  /** It is a picture that one can start from. */
  isPicture: boolean;
  /** Why a picture holds no recipe, in one sentence. */
  why?: string;
  /** What is to be said of the embedding that lies in a picture, in one sentence. */
  embedding?: string;
  /** The file, where a workflow of ComfyUI is in it. */
  workflow?: File;
}

/** @throws AppError 'bad-request' in one sentence where it is neither */
export async function readIncomingFile(file: File): Promise<ReadFile> {
  if (file.size > MOST_BYTES) throw noRecipe(file, 'is larger than any picture');
  const text = readPictureText(new Uint8Array(await file.arrayBuffer()));
  if (text.format === undefined) throw noRecipe(file, whyNot(text.problems[0]));
  const isPicture = text.format !== 'text' && text.format !== 'film';
  const plain = readPictureRecipe(text);
  const pixels = isPicture && !plain ? await readPixels(file) : undefined;
  const found = plain ?? readPictureRecipe(text, pixels && readStealthText(pixels));
  const workflow = carriesWorkflow(text) ? { workflow: file } : {};
  const isEmpty = !isPicture && (!found || !saysSettings(found.recipe));
  if (isEmpty && workflow.workflow) return { isPicture, ...workflow };
  if (!isPicture && !found) throw noRecipe(file, whyNothing(text));
  if (isEmpty && found) throw noRecipe(file, whyWords(found));
  const embedding = await describedEmbedding(file, text, found ? undefined : pixels);
  const about = found ? { found } : { why: embedding ?? noRecipe(file, whyNothing(text)).message };
  return { isPicture, ...about, ...workflow, ...(embedding !== undefined && { embedding }) };
}

/** Whether the text's parts say that a workflow is there; whether it can be read shows when it is opened. */
function carriesWorkflow({ format, infotext, comfyWorkflow, comfyPrompt, texts }: PictureText): boolean {
  if (format !== 'text')
    return (comfyWorkflow ?? comfyPrompt) !== undefined || Object.values(texts).some(isWorkflowText);
  return isWorkflowText(infotext ?? '');
}

const isWorkflowText = (text: string): boolean => /["']class_type\\?["']\s*:|["']nodes\\?["']\s*:\s*\[/.test(text);

/** "This is a PDF document, …" as the end of a sentence that begins with the file's name. */
function whyNot(problem: string | undefined): string {
  const isNamed = problem?.startsWith('This is ') === true && !problem.startsWith('This is no picture');
  return isNamed ? problem.slice('This '.length, -1) : 'is neither a picture nor a text that can be read';
}

/** Words alone are no recipe: a diary, JSON of something else. */
function whyWords({ form, notes }: FoundRecipe): string {
  if (form === 'json') return `holds no recipe. ${notes[0]?.message.replace(/\.$/, '') ?? ''}`.trim();
  return 'holds words and no settings: paste them where the prompt is, if they are one';
}

/** Cameras say who they are. */
function whyNothing({ texts, problems }: PictureText): string {
  if (problems.length > 0) return `could not be read to its end. ${problems[0].replace(/\.$/, '')}`;
  const camera = [texts['Make'], texts['Model']].filter((word) => word !== undefined).join(' ');
  return camera === ''
    ? 'says nothing about how it was made: sites often strip it from pictures'
    : `is a photo taken with ${camera}: no program painted it, so there is no recipe in it`;
}

/** Undefined where there is none. What reads them is fetched with the first. */
async function describedEmbedding(
  file: File,
  { texts }: PictureText,
  pixels: StealthPixels | undefined,
): Promise<string | undefined> {
  const isHere = 'sd-ti-embedding' in texts || (pixels !== undefined && readHiddenText(pixels) !== undefined);
  return isHere ? (await import('../loras/embedding-text')).embeddingText(file, pixels) : undefined;
}

/** Undefined where the browser cannot show the picture. */
async function readPixels(file: Blob): Promise<StealthPixels | undefined> {
  try {
    const bitmap = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const data = context?.getImageData(0, 0, width, height).data;
    return data && { width, height, data };
  } catch (error) {
    console.info('The pixels could not be read.', error);
    return undefined;
  }
}

function noRecipe({ name }: File, why: string): AppError {
  return new AppError('bad-request', `${name === '' ? 'This file' : name} ${why}.`);
}
