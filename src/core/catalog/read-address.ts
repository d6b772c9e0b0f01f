/** What an address that a person pastes leads to: the hub, Civitai, a checkpoint, a hosted pack, a catalogue. */
import { AppError } from '../errors';
import { readCivitaiAddress, type CivitaiAddress } from './civitai-address';
import { readHubAddress, type HubAddress } from './hub-address';
import { unwrap } from './unwrap-address';
import { decode, fileNameOf } from './url-words';

/** `json`: a pack.json or a catalogue; `unknown`: a file or a pack's folder. Only the server can tell. */
export interface OtherAddress {
  kind: 'file' | 'json' | 'unknown';
  /** File name, for the model's name. */
  name: string;
  url: string;
}

export type ReadAddress = HubAddress | CivitaiAddress | OtherAddress;

export const CHECKPOINT_FILE = /\.(safetensors|ckpt|pt|pth)$/i;

const WANTED =
  'Give a model’s name on Hugging Face (owner/name), its page there or at Civitai, or the https:// address of a .safetensors or .ckpt file, of a pack or of a catalogue.';

/**
 * @param text  as people write it: with or without https://, in quotes, within a command
 * @param hub   a mirror in whose place the hub's addresses may stand
 * @throws AppError 'bad-address' in one sentence, with the way out
 */
export function readAddress(text: string, hub?: string): ReadAddress {
  const plain = unwrap(text);
  if (plain === '') throw wrong('There is nothing in the field.');
  if (/^([a-z]:[\\/]|\\\\|\/|~\/|\.{1,2}\/|file:)/i.test(plain))
    throw new AppError('bad-address', 'This is a place on your computer. Choose the file with “Import files”.');
  const match = /^(?:(https?):\/\/)?([^/?#\s:]+\.[^/?#\s]+|localhost(?::\d+)?)(\/[^?#\s]*)?(\?[^#\s]*)?(#\S*)?$/i.exec(
    plain,
  );
  if (HUB_NAME.test(plain) && !IN_NO_NAME.test(plain)) return hubName(plain);
  if (CHECKPOINT_FILE.test(plain) && !plain.includes('/'))
    throw wrong(`“${plain}” is a file’s name and does not say where it lies.`);
  if (!match) return otherScheme(plain);
  const [, scheme = 'https', host = '', path = '', search = ''] = match;
  const isHere = /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);
  if (scheme === 'http' && !isHere && !KNOWN_HOST.test(host)) throw wrong('Plain http:// is not safe.');
  const place = { host: host.toLowerCase(), path, search };
  const found = readHubAddress(place, hub) ?? readCivitaiAddress(place);
  return found ?? readOther(`${isHere ? scheme.toLowerCase() : 'https'}://${host}${path}${search}`, path);
}

const HUB_NAME = /^[\w.-]+\/[\w.-]+(@[\w./-]+)?$/;
/** A site with a file, written without https://. */
const IN_NO_NAME = /^[\w-]+(\.[\w-]+)*\.(com|org|net|io|ai|dev|cn|co)\/|\.(safetensors|ckpt|pt|pth|json)$/i;

/** They answer to https all the same. */
const KNOWN_HOST = /^(www\.)?(huggingface\.co|hf\.co|civitai\.(com|green|red))$/i;

/** "owner/name", or "owner/name@branch". */
function hubName(text: string): ReadAddress {
  const [repo = '', revision = 'main'] = text.split('@');
  return { kind: 'hub', repo, revision, path: '' };
}

function otherScheme(text: string): ReadAddress {
  const air = /^(?:(?:urn:)?air:[\w.-]+:[\w.-]+:)?civitai:(\d+)(?:@(\d+))?/i.exec(text);
  if (air) {
    const [, modelId, versionId] = air;
    return { kind: 'civitai', site: 'https://civitai.com', modelId, ...(versionId && { versionId }), search: '' };
  }
  const ofHub = /^(?:urn:)?air:[\w.-]+:[\w.-]+:huggingface:([\w.-]+\/[\w.-]+)(?:@([\w.-]+))?(?:\/([^?\s]+))?/i.exec(
    text,
  );
  if (ofHub) return { kind: 'hub', repo: ofHub[1], revision: ofHub[2] ?? 'main', path: ofHub[3] ?? '' };
  if ((text.match(/https?:\/\//g) ?? []).length > 1) throw wrong('There is more than one address: give one at a time.');
  if (/^magnet:|^ftp:/i.test(text)) throw wrong('A browser cannot fetch such an address.');
  throw wrong('This is no address.');
}

function readOther(url: string, path: string): OtherAddress {
  const [, site] = PAGES.exec(url) ?? [];
  if (site !== undefined)
    throw wrong(
      `This is a page of ${site.toLowerCase()} and no file: download the file there and choose it with “Import files”.`,
    );
  const name = disposedName(url) ?? fileNameOf(path);
  if (/\.json$/i.test(name)) return { kind: 'json', name, url };
  if (CHECKPOINT_FILE.test(name)) return { kind: 'file', name, url };
  const ending = /\.([a-z][a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase();
  if (ending !== undefined && OTHER_FILES.test(ending)) throw wrong(`“${name}” is no checkpoint that Gesso reads.`);
  if (name === '' && path.replace(/\//g, '') === '') throw wrong('This address names no file.');
  return { kind: 'unknown', name: name === '' ? fileNameOf(path.replace(/\/+$/, '')) : name, url };
}

/** Their files lie behind pages, scripts or an account. */
const PAGES =
  /^https?:\/\/(?:www\.)?(drive\.google\.com|mega\.nz|mediafire\.com|pan\.baidu\.com|tensor\.art|seaart\.ai|civitaiarchive\.com|civarchive\.com)\//i;

/** Stores hand files out under digests; what they are called stands behind. */
function disposedName(url: string): string | undefined {
  const [, said] = /[?&]response-content-disposition=([^&#]+)/i.exec(url) ?? [];
  return said === undefined ? undefined : /filename="([^"]+)"/.exec(decode(said.replaceAll('+', ' ')))?.[1];
}

/** Endings that are certainly no model of ours; versions ("v1.5") end in digits and letters, too. */
const OTHER_FILES =
  /^(png|jpe?g|webp|gif|avif|svg|mp4|webm|txt|md|html?|php|aspx?|pdf|zip|rar|7z|gz|csv|ya?ml|gguf|ggml|onnx|bin|h5|msgpack|js|py|ipynb|exe|torrent)$/;

function wrong(what: string): AppError {
  return new AppError('bad-address', `${what} ${WANTED}`);
}
