/** What an address that a person pastes leads to: a file of the hub, a checkpoint, a hosted pack, a catalogue. */
import { AppError } from '../errors';
import type { ModelSource } from './catalog';

export interface ReadAddress {
  /** `json`: a pack.json or a catalogue; its content tells which. */
  kind: 'model' | 'json';
  /** File name, for the model's name. */
  name: string;
  url: string;
  source: ModelSource;
}

/** huggingface.co/owner/name/resolve/revision/path, as pages and the download button give it. */
const HUB_FILE = /^\/([\w.-]+\/[\w.-]+)\/(?:resolve|blob)\/([^/]+)\/(.+)$/;

/** @throws AppError 'bad-request' in one sentence */
export function readAddress(text: string): ReadAddress {
  const wrong = (what: string): AppError =>
    new AppError('bad-request', `${what} Give the https:// address of ${WANTED}.`);
  const match = /^(https?):\/\/([^/?#\s]+)([^?#\s]*)(\?[^#\s]*)?(#\S*)?$/.exec(text.trim());
  if (!match) throw wrong('This is no address.');
  const [, scheme, host = '', path = '', search = ''] = match;
  if (scheme === 'http' && !/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host)) throw wrong('Plain http:// is not safe.');
  const name = fileNameOf(path);
  const url = `${scheme}://${host}${path}${search}`;
  if (/\.json$/i.test(name)) return { kind: 'json', name, url, source: { kind: 'pack', url } };
  if (!/\.(safetensors|ckpt|pt)$/i.test(name) && !/^civitai\.com$/.test(host))
    throw wrong(name === '' ? 'This address names no file.' : `"${name}" is no checkpoint.`);
  const hub = /^(www\.)?(huggingface\.co|hf\.co)$/.test(host) ? HUB_FILE.exec(path) : undefined;
  if (!hub) return { kind: 'model', name, url, source: { kind: 'url', url } };
  const [, repo = '', revision = '', file = ''] = hub;
  return {
    kind: 'model',
    name,
    url,
    source: { kind: 'hub', repo, revision: decode(revision), files: [decode(file)] },
  };
}

const WANTED = 'a .safetensors or .ckpt file, of a pack.json, or of a catalogue (.json)';

/** The last word of an address's path. */
export function fileNameOf(path: string): string {
  return decode(path.slice(path.lastIndexOf('/') + 1));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
