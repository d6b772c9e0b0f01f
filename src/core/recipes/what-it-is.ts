/** Texts that are no prompt and no recipe: what they are, in one sentence. */
import { asBag } from './json-pairs';
import { OF_A1111 } from './pasted/loose-lists';
import { isPictureInBase64 } from './texts-within';

/** How files begin that happen to be texts. */
const BEGINNINGS: readonly (readonly [start: RegExp, what: string])[] = [
  [/^%PDF-/, 'This is a PDF document'],
  [/^(<!doctype html|<html[\s>]|<head[\s>]|<body[\s>])/i, 'This is a web page'],
  [/^<\?(?:xml|xpacket)|^<(?:svg|x:xmpmeta|rdf:RDF)[\s>]/i, 'This is XML'],
  [/^\{\\rtf/, 'This is a document of a word processor (RTF)'],
  [/^#!/, 'This is a program'],
  [/^(import|from) [\w.]+ (import|as) |^def \w+\(|^#include </m, 'This is the text of a program'],
  [/^(?:INSERT INTO \S{1,80} ?\(|UPDATE \w{1,80} SET \w|CREATE TABLE \w)/, 'This is a command for a database (SQL)'],
  [/^<\?php\b/, 'This is the text of a program'],
  [/^-----BEGIN /, 'This is a key or a certificate'],
  [/^data:[\w/+.-]+;base64,/, 'This is a file as base64'],
  [/^%!PS/, 'This is a PostScript document'],
  [/^"?name"?,"?prompt"?,"?negative_prompt"?\s*$/m, 'This is a list of styles (CSV)'],
  [/^version https:\/\/git-lfs\.github\.com\/spec/, 'This is a pointer of Git LFS, not the file itself'],
];

/** Comments of people may stand above it; Python's has single quotes. */
const CUT_JSON =
  /^(?:\s*(?:\/\/|#)[^\n]*\n)*\s*(?:\{(?:\s|\\n)*\\?"|\[(?:\s|\\n)*\{(?:\s|\\n)*\\?"|\[?\s*\{\s*'[^'\n]{1,60}'\s*:)/;

/** A call whose value is kept, or one of diffusers'; prompts of infotexts may have anything. */
const CALL = /^[ \t]{0,40}\w{1,60} = [\w.]{1,80}\([^\n]{0,400}\w ?= ?[\w"'[][^\n]{0,400}[()[\]{},;][ \t]{0,8}$/m;

const isCall = (text: string): boolean =>
  CALL.test(text) || (/\w\(/.test(text) && /\bnum_inference_steps ?=/.test(text));

const MOST_OF_PROGRAM = 20_000;

const NO_RECIPE = 'there is no recipe in it';

/** @param json what the text parses as, undefined where it is none */
export function whatItIs(text: string, json: unknown): string | undefined {
  if (isPictureInBase64(text)) return `This is a picture as base64: ${NO_RECIPE}.`;
  const beginning = BEGINNINGS.find(([start]) => start.test(text));
  if (beginning) return `${beginning[1]}: ${NO_RECIPE}.`;
  if (text.length <= MOST_OF_PROGRAM && isCall(text) && !OF_A1111.test(text))
    return `This is the text of a program: ${NO_RECIPE}.`;
  if (typeof json === 'object' && json !== null) {
    const graph = isGraph(json) ? ' (a graph of ComfyUI in which no sampler is known)' : '';
    return `This JSON is of no kind that is known here${graph}: ${NO_RECIPE}.`;
  }
  if (CUT_JSON.test(text)) return `This looks like JSON that was cut or damaged: ${NO_RECIPE}.`;
  if (/^(https?|file|ftp|blob):\/\/\S+$/i.test(text))
    return `This is an address, and not one of a recipe: ${NO_RECIPE}.`;
  if (/^([A-Za-z]:\\|\/|~\/|\\\\)[^\n]*\.\w{2,11}$/.test(text))
    return `This is the path of a file: drop the file itself here.`;
  return undefined;
}

/** Nodes by their ids, alone or as what ran. */
function isGraph(json: unknown): boolean {
  const bag = asBag(asBag(json)?.['prompt']) ?? asBag(json);
  const nodes = Object.values(bag ?? {}).map(asBag);
  return nodes.length > 0 && nodes.every((node) => typeof node?.['class_type'] === 'string');
}
