/** What a picture says about how it was made, whatever its format. */
import { isAvif, readAvif } from './avif';
import { readBoxes } from './boxes';
import { nameExif } from './exif-names';
import { isGif, readGifComments, readGifXmp } from './gif';
import { foreignFile } from './foreign-files';
import { isJpeg, readJpeg } from './jpeg';
import { isMp4, readMp4 } from './mp4';
import { isPng, readPng } from './png';
import { readRawProfile } from './raw-profile';
import { startsWithAt, tagAt } from '../../bytes/text-bytes';
import { decodeTextFile } from './text-file';
import { textBehind } from './text-behind';
import { isWebm, readWebm } from './webm';
import { isWebp, readWebp } from './webp';
import { readXmp } from './xmp';

export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'tiff' | 'jxl' | 'film' | 'text';

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
  /** All texts by chunk keyword, name of the EXIF tag, or property of XMP. */
  texts: Record<string, string>;
  /** One sentence for each thing that could not be read. */
  problems: string[];
}

/** Never throws. Pixels can hold a text too: see readStealthText. */
export function readPictureText(bytes: Uint8Array): PictureText {
  if (isPng(bytes)) return fromPng(bytes);
  if (isJpeg(bytes)) {
    const { comment, iptc, isWhole, ...found } = readJpeg(bytes);
    const texts = { ...textBehind(bytes, 'jpeg'), ...iptc, ...(comment !== undefined && { comment }) };
    return fromParts('jpeg', { ...found, isWhole, texts });
  }
  if (isWebp(bytes)) return fromParts('webp', { ...readWebp(bytes), texts: textBehind(bytes, 'webp') });
  if (isAvif(bytes)) return fromParts('avif', readAvif(bytes));
  if (isGif(bytes)) return fromGif(bytes);
  if (isTiff(bytes)) return fromParts('tiff', { exif: bytes });
  if (startsWithAt(bytes, 4, 'JXL \r\n')) return fromJxl(bytes);
  const film = isMp4(bytes) ? readMp4(bytes) : isWebm(bytes) ? readWebm(bytes) : {};
  if (Object.keys(film).some((name) => TELLS.test(name))) return fromParts('film', { texts: film });
  const what = foreignFile(bytes);
  if (what !== undefined) return { format: undefined, texts: {}, problems: [what] };
  const text = decodeTextFile(bytes);
  if (text === undefined) return { format: undefined, texts: {}, problems: ['This is no picture and no text.'] };
  return { format: 'text', infotext: text, texts: {}, problems: [] };
}

/** What says how a film was made. */
const TELLS = /^(comment|prompt|workflow|parameters|description)$/;

function isTiff(bytes: Uint8Array): boolean {
  return startsWithAt(bytes, 0, 'II*\0') || startsWithAt(bytes, 0, 'MM\0*');
}

interface Parts {
  exif?: Uint8Array;
  xmp?: Uint8Array;
  texts?: Record<string, string>;
  isWhole?: boolean;
}

function fromPng(bytes: Uint8Array): PictureText {
  const { width, height, texts, exif, problems } = readPng(bytes);
  const all = { ...textBehind(bytes, 'png'), ...Object.fromEntries(texts) };
  const raw = (...types: readonly string[]) =>
    types
      .map((type) => texts.get(`Raw profile type ${type}`))
      .map((text) => text && readRawProfile(text))
      .find(Boolean) as Uint8Array | undefined;
  const xml = texts.get('XML:com.adobe.xmp');
  const parts: Parts = {
    exif: exif ?? raw('exif', 'APP1'),
    xmp: xml === undefined ? raw('xmp') : new TextEncoder().encode(xml),
    texts: all,
  };
  const comment = texts.get('Software') === 'NovelAI' ? texts.get('Comment') : undefined;
  const novelAi = comment === undefined ? undefined : { comment, description: texts.get('Description') ?? '' };
  return { ...fromParts('png', parts), ...(novelAi && { novelAi }), width, height, problems };
}

function fromGif(bytes: Uint8Array): PictureText {
  const [comment, ...more] = readGifComments(bytes);
  const others = more.map((text, i) => [`comment ${i + 2}`, text] as const);
  const texts = comment === undefined ? {} : { comment, ...Object.fromEntries(others) };
  return fromParts('gif', { xmp: readGifXmp(bytes), texts });
}

/** JPEG XL keeps both in boxes of their own. @see ISO/IEC 18181-2 */
function fromJxl(bytes: Uint8Array): PictureText {
  const boxes = readBoxes(bytes);
  const exif = boxes.find(({ type }) => type === 'Exif')?.data.subarray(4);
  const found = fromParts('jxl', { exif, xmp: boxes.find(({ type }) => type === 'xml ')?.data });
  const isPacked = boxes.some(({ type, data }) => type === 'brob' && /^(Exif|xml )/.test(tagAt(data, 0)));
  const problem = 'This JPEG XL keeps its texts compressed (Brotli), which cannot be read here: save it as PNG.';
  return isPacked ? { ...found, problems: [problem] } : found;
}

const CUT: Readonly<Partial<Record<PictureFormat, string>>> = { jpeg: 'JPEG', webp: 'WebP', avif: 'AVIF' };

/** EXIF counts more than XMP, and both more than chunks of the same name. */
function fromParts(format: PictureFormat, { exif, xmp, texts = {}, isWhole = true }: Parts): PictureText {
  const named = exif ? nameExif(exif) : { texts: {} };
  const rawXmp = xmp ?? named.xmp;
  const all: Record<string, string> = { ...texts, ...(rawXmp && readXmp(rawXmp)), ...named.texts };
  const found: { [Key in keyof PictureText]: PictureText[Key] | undefined } = {
    format,
    infotext: all['UserComment'] ?? findText(all, INFOTEXTS),
    comfyPrompt: findGraph(all, 'prompt'),
    comfyWorkflow: findGraph(all, 'workflow'),
    texts: all,
    problems: isWhole ? [] : [`The ${CUT[format] ?? 'file'} is cut or damaged: the picture is not whole.`],
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as unknown as PictureText;
}

/** Where A1111's text stands, from its own place down. */
const INFOTEXTS = ['parameters', 'Parameters', 'sd:parameters', 'exif:UserComment', 'comment'];

function findText(texts: Readonly<Record<string, string>>, keys: readonly string[]): string | undefined {
  return keys.map((key) => texts[key]).find((text) => text !== undefined && text !== '');
}

/** Finds a graph under its own keyword, as a property of XMP, or in a text that says what it is: `prompt:{…}`, in any case, with a space or none. */
function findGraph(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  const entries = Object.entries(texts);
  const isName = (key: string) => key.toLowerCase() === name || key.toLowerCase().endsWith(`:${name}`);
  const keyed = texts[name] ?? entries.find(([key, text]) => isName(key) && /^\s*[{"]/.test(text))?.[1];
  if (keyed !== undefined) return keyed;
  const prefix = new RegExp(`^\\s*(?:comfyui[ _-]?)?${name}\\s*[:=]\\s*(?=[{"])`, 'i');
  return entries
    .map(([, text]) => text)
    .find((text) => prefix.test(text))
    ?.replace(prefix, '');
}
