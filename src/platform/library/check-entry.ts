/** Looks at what an entry stands for before it is listed: the headers of its files tell family and size, or why it is no model. */
import { HUB, likesOf, type ModelEntry, type RemoteFile } from '../../core/catalog';
import { previewAddOn } from '../../core/adapters';
import { openCheckpoint } from '../../core/checkpoints';
import { isControl, openControl } from '../../core/checkpoints/open-control';
import { openTensorFile, type ByteSource } from '../../core/formats';
import { assertComplete } from '../../core/packs';
import { askServer } from '../net/ask';
import { findHubFiles, resolveRevision, type HubOptions } from '../net/hub';
import { NoRanges, rangeSource } from '../net/range-source';
import { isAddOnHeader } from './add-ons';
import { lentPart } from './model-parts';
import { isUpscaler } from './upscalers';
import { refuse, replaced } from './refusals';

type Sized = RemoteFile & { byteLength: number };

interface CheckOptions extends HubOptions {
  /** Commit of the hub's repository, where it is known. */
  at?: string;
}

/**
 * @returns the entry with its size, and with its family where the server gives ranges
 * @throws AppError 'unsupported-model', 'missing-file' (a part of a model alone), 'bad-file', 'not-a-model', 'bad-address',
 *   'not-allowed', 'offline'
 */
export async function checkEntry(entry: ModelEntry, options: CheckOptions): Promise<ModelEntry> {
  const { source } = entry;
  if (source.kind === 'hub') {
    const files = await hubFiles(source, options);
    return await withFamily({ ...entry, downloadBytes: sum(files) }, files, options);
  }
  if (source.kind !== 'url') return entry;
  const { url, name = entry.name } = source;
  const { host } = new URL(url);
  const isCivitai = /(^|\.)civitai\./.test(host);
  const words = isCivitai
    ? 'Civitai does not give this file to the page; it may want you to sign in. Download it there and choose it with “Import files”.'
    : `${host} does not let this page fetch the file. Download it in the browser and choose it with “Import files”.`;
  const facts = await askServer(name, url, options).catch((error: unknown) =>
    replaced(error, { offline: words, 'not-allowed': words, 'missing-file': `${host} has no such file any more.` }),
  );
  if (facts.type === 'text/html')
    refuse(
      'bad-address',
      `“${entry.name}” is a web page, not a file${isCivitai ? ': Civitai may want you to sign in' : ''}.`,
    );
  const { byteLength } = facts;
  if (byteLength === undefined) return entry;
  return await withFamily({ ...entry, downloadBytes: byteLength }, [{ name, url, byteLength }], options);
}

async function hubFiles(
  source: Extract<ModelEntry['source'], { kind: 'hub' }>,
  { at, ...options }: CheckOptions,
): Promise<Sized[]> {
  const revision = at ?? (await resolveRevision(source, options));
  const files = await findHubFiles({ ...source, revision }, source.files, options);
  return files.map((file) => ({ ...file, byteLength: file.byteLength ?? 0 }));
}

async function withFamily(entry: ModelEntry, files: readonly Sized[], options: HubOptions): Promise<ModelEntry> {
  try {
    const sources = files.map((file) => rangeSource(file, options));
    if (await isUpscaler(sources)) return { ...entry, role: 'upscaler' };
    if (await isControl(sources)) return { ...entry, role: 'control', family: (await openControl(sources)).family };
    const lent = await lentPart(sources);
    if (lent) return { ...entry, role: lent };
    const addOn = await addOnOf(sources);
    if (addOn) return { ...entry, role: addOn.kind, ...(addOn.family && { family: addOn.family }) };
    const opened = await openCheckpoint(sources);
    assertComplete(opened, files[0]?.name ?? entry.name, 'model');
    const { family } = opened;
    return { ...entry, family, ...likesOf(family) };
  } catch (error) {
    if (error instanceof NoRanges) return entry; // the download tells
    return replaced(error, {
      'not-allowed': `“${entry.name}” is not given to everybody. Open ${pageOf(entry)}, sign in, download the file there and choose it with “Import files”.`,
    });
  }
}

/** Undefined where it is a model, or nothing that is known: that opening it says. @throws AppError naming an adapter of another kind */
async function addOnOf(sources: readonly ByteSource[]): Promise<Awaited<ReturnType<typeof previewAddOn>> | undefined> {
  const [only] = sources;
  if (sources.length !== 1 || !only) return undefined;
  const file = await openTensorFile(only);
  return isAddOnHeader(file) ? previewAddOn(file) : undefined;
}

function pageOf({ source, page }: ModelEntry): string {
  return page ?? (source.kind === 'hub' ? `${HUB}/${source.repo}` : 'its page');
}

function sum(files: readonly Sized[]): number {
  return files.reduce((total, { byteLength }) => total + byteLength, 0);
}
