/** What a picture says about how it was made, whatever its format. */
import { isAvif, readAvif } from './avif';
import { readExif, type ExifTexts } from './exif';
import { isGif, readGifComment } from './gif';
import { isJpeg, readJpeg } from './jpeg';
import { isPng, readPng } from './png';
import { decodeUtf8 } from '../../bytes/text-bytes';
import { isWebp, readWebp } from './webp';

export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'text';

export interface PictureText {
  /** Undefined for bytes that are none of these. */
  format: PictureFormat | undefined;
  /** A1111's text: EXIF's UserComment, where there is one, counts more than `parameters`. */
  infotext?: string;
  /** ComfyUI's graphs, as JSON. */
  comfyPrompt?: string;
  comfyWorkflow?: string;
  /** NovelAI's JSON, and its prompt. */
  novelAi?: { comment: string; description: string };
  width?: number;
  height?: number;
  /** All texts by chunk keyword, or name of the EXIF tag. */
  texts: Record<string, string>;
  /** One sentence for each thing that could not be read. */
  problems: string[];
}

/** Never throws. Pixels can hold a text too: see readStealthText. */
export function readPictureText(bytes: Uint8Array): PictureText {
  if (isPng(bytes)) return fromPng(bytes);
  if (isJpeg(bytes)) {
    const { exif, comment } = readJpeg(bytes);
    return fromExif('jpeg', exif, comment);
  }
  if (isWebp(bytes)) return fromExif('webp', readWebp(bytes).exif);
  if (isAvif(bytes)) return fromExif('avif', readAvif(bytes).exif);
  if (isGif(bytes)) return fromExif('gif', undefined, readGifComment(bytes));
  const text = bytes.includes(0) ? undefined : decodeUtf8(bytes);
  if (text === undefined) return { format: undefined, texts: {}, problems: ['This is no picture and no text.'] };
  return { format: 'text', infotext: text.replace(/^\uFEFF/, ''), texts: {}, problems: [] };
}

function fromPng(bytes: Uint8Array): PictureText {
  const { width, height, texts, exif, problems } = readPng(bytes);
  const fields: Partial<PictureText> = exif ? fromTags(readExif(exif)) : {};
  const parameters = texts.get('parameters');
  const comfyPrompt = texts.get('prompt');
  const comfyWorkflow = texts.get('workflow');
  const comment = texts.get('Software') === 'NovelAI' ? texts.get('Comment') : undefined;
  return withoutUndefined({
    format: 'png',
    infotext: parameters,
    comfyPrompt,
    comfyWorkflow,
    novelAi: comment === undefined ? undefined : { comment, description: texts.get('Description') ?? '' },
    width,
    height,
    ...fields,
    texts: { ...Object.fromEntries(texts), ...fields.texts },
    problems,
  });
}

function fromExif(format: PictureFormat, exif: Uint8Array | undefined, comment?: string): PictureText {
  const fields: Partial<PictureText> = exif ? fromTags(readExif(exif)) : {};
  const texts: Record<string, string> = comment === undefined ? {} : { comment };
  return withoutUndefined({
    format,
    infotext: comment,
    ...fields,
    texts: { ...texts, ...fields.texts },
    problems: [],
  });
}

const TAG_NAMES: ReadonlyMap<number, string> = new Map([
  [0x010e, 'ImageDescription'],
  [0x010f, 'Make'],
  [0x0110, 'Model'],
  [0x0131, 'Software'],
]);

/** ComfyUI keeps its graphs in tags that say what they are: `prompt:{…}`, `workflow:{…}`. */
function fromTags({ userComment, tags }: ExifTexts): Partial<PictureText> & { texts: Record<string, string> } {
  const named = [...tags].map(([tag, text]) => [TAG_NAMES.get(tag) ?? `0x${tag.toString(16)}`, text] as const);
  const texts: Record<string, string> = Object.fromEntries(named);
  if (userComment) texts['UserComment'] = userComment;
  const graph = (name: string) =>
    [...tags.values()].find((text) => text.startsWith(`${name}:{`))?.slice(name.length + 1);
  const comfyPrompt = graph('prompt');
  const comfyWorkflow = graph('workflow');
  return {
    ...(userComment && { infotext: userComment }),
    ...(comfyPrompt && { comfyPrompt }),
    ...(comfyWorkflow && { comfyWorkflow }),
    texts,
  };
}

function withoutUndefined(text: { [Key in keyof PictureText]: PictureText[Key] | undefined }): PictureText {
  return Object.fromEntries(Object.entries(text).filter(([, value]) => value !== undefined)) as unknown as PictureText;
}
