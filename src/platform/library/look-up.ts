/** What lies behind an address: asks the place itself, lists nothing. */
import {
  CHECKPOINT_FILE,
  entryWithoutCatalog,
  fileAddress,
  HUB,
  idFromName,
  parseCatalog,
  readAddress,
  type CivitaiAddress,
  type FoundModels,
  type HubAddress,
  type ModelChoice,
  type ModelEntry,
  type OtherAddress,
} from '../../core/catalog';
import { civitaiApiAddress, readCivitaiAnswer } from '../../core/catalog/civitai-files';
import { hubChoices, type HubChoice } from '../../core/catalog/hub-choices';
import { AppError } from '../../core/errors';
import { assertPack, parsePack, shardsOf } from '../../core/packs';
import { askServer } from '../net/ask';
import { fetchJson, gated, readRepository, type HubOptions } from '../net/hub';
import { refuse, replaced } from './refusals';
import { checkEntry } from './check-entry';

/** Checkpoints are larger; what is smaller may be a LoRA, an embedding, a part: its header tells. */
const SURE_BYTES = 1.5e9;
/** Headers that are read for one list. */
const MOST_HEADERS = 12;
/** A list of hundreds helps nobody. */
const MOST_CHOICES = 40;

/** @throws AppError in a sentence that says the way out */
export async function lookUp(address: string, options: HubOptions): Promise<FoundModels> {
  const found = await lookBehind(address, options);
  const isUsable = ({ entry }: ModelChoice): boolean => entry !== undefined;
  return { ...found, choices: [...found.choices.filter(isUsable), ...found.choices.filter((one) => !isUsable(one))] };
}

function lookBehind(address: string, options: HubOptions): Promise<FoundModels> {
  const read = readAddress(address, options.hub);
  if (read.kind === 'hub') return lookAtHub(read, options);
  return read.kind === 'civitai' ? lookAtCivitai(read, options) : lookElsewhere(read, options);
}

async function lookAtHub({ repo, revision, path }: HubAddress, options: HubOptions): Promise<FoundModels> {
  const { facts, commit, tree } = await readRepository({ repo, revision }, options).catch((error: unknown) =>
    replaced(error, {
      'not-allowed': `There is no public model “${repo}” on the hub. Check the spelling; where it is private, download it there and choose it with “Import files”.`,
      'missing-file': `The hub has no model “${repo}”${revision === 'main' ? '' : ` with a version “${revision}”`}. Check the spelling.`,
    }),
  );
  if (facts.isGated) throw gated(repo);
  if (CHECKPOINT_FILE.test(path) && !tree.some((file) => file.path === path))
    refuse('missing-file', `“${repo}” has no file ${path}. Give ${repo} alone to see what it has.`);
  const all = hubChoices(tree, path).slice(0, MOST_CHOICES);
  if (all.length === 0)
    refuse(
      'bad-address',
      `“${repo}” has no checkpoint and no folder in diffusers layout${otherFormats(tree.map((file) => file.path))}.`,
    );
  const licence = { name: facts.licence ?? 'see its page', url: `${HUB}/${repo}` };
  const choices: ModelChoice[] = [];
  let headers = 0;
  for (const choice of all) {
    const listed = choiceOf(choice, { repo, revision, licence });
    const isSure = choice.kind !== 'file' || choice.byteLength >= SURE_BYTES || (headers += 1) > MOST_HEADERS;
    choices.push(isSure ? listed : await weighed(listed, { ...options, at: commit.revision }));
  }
  const packs = choices.map(async (choice, i) =>
    all[i]?.kind === 'pack'
      ? await packChoice(choice, fileAddress(options.hub ?? HUB, commit, all[i].path), options)
      : choice,
  );
  return { title: `${repo} on Hugging Face`, choices: await Promise.all(packs) };
}

function choiceOf(
  { kind, path, files, byteLength, problem }: HubChoice,
  { repo, revision, licence }: { repo: string; revision: string; licence: ModelEntry['licence'] },
): ModelChoice {
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  const name = kind === 'folder' ? (path === '' ? 'The whole folder (diffusers)' : `${path} (diffusers)`) : path;
  if (problem !== undefined) return { name, problem: `This folder ${problem}.` };
  const title =
    kind === 'file' ? fileName.replace(CHECKPOINT_FILE, '') : `${repo.split('/')[1] ?? repo} ${path}`.trim();
  const source = { kind: 'hub', repo, revision, files } as const;
  const entry = entryWithoutCatalog(idFromName(title), title, undefined, { source, downloadBytes: byteLength });
  return { name, byteLength, entry: { ...entry, licence } };
}

/** A choice with what its header says: which family, or why it is no model. */
async function weighed(choice: ModelChoice, options: HubOptions & { at: string }): Promise<ModelChoice> {
  const { entry, ...rest } = choice;
  if (!entry) return choice;
  try {
    return { ...rest, entry: await checkEntry(entry, options) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
    return { ...rest, problem: withoutName(error.message) };
  }
}

/** "x.safetensors: this is a LoRA …" stands beside the name already. */
function withoutName(message: string): string {
  const words = message.replace(/^[^:\s][^:]*: (?=this|there|its|the )/, '');
  return `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.?$/, '.')}`;
}

async function lookAtCivitai(address: CivitaiAddress, options: HubOptions): Promise<FoundModels> {
  try {
    const { value } = await fetchJson('Civitai', civitaiApiAddress(address), options);
    const found = readCivitaiAnswer(value, address);
    if (found.choices.length === 0) refuse('bad-address', `“${found.title}” has no file of weights.`);
    return found;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'missing-file') refuse('missing-file', 'Civitai has no such model. Check the address.');
    // Its API lets not every page ask; the file itself may be had all the same.
    if (error.code !== 'offline' && error.code !== 'not-allowed') throw error;
  }
  const { site, versionId, search } = address;
  if (versionId === undefined)
    refuse(
      'offline',
      'Civitai does not let this page ask which files the model has. On the model’s page, copy the address of its Download button and paste that here.',
    );
  const url = `${site}/api/download/models/${versionId}${search}`;
  const name = `civitai-${versionId}`;
  const source = { kind: 'url', url, name: `${name}.safetensors` } as const;
  const entry = entryWithoutCatalog(name, `Civitai ${versionId}`, undefined, { source });
  return { title: 'Civitai', choices: [{ name, entry }] };
}

async function lookElsewhere({ kind, name, url }: OtherAddress, options: HubOptions): Promise<FoundModels> {
  const { host } = new URL(url);
  if (kind === 'json') return listed(host, await readJson(name, url, options));
  const facts = await askServer(name, url, options).catch((error: unknown) => {
    if (kind === 'unknown' && error instanceof AppError && error.code === 'missing-file') return undefined;
    return replaced(error, { offline: unreachable(host) });
  });
  const isPage = !facts || /^(text\/html|application\/(xhtml|json))/.test(facts.type);
  if (isPage && kind === 'unknown') {
    const folder = url.replace(/[?#].*$/, '').replace(/\/*$/, '/');
    const packs = await readJson('pack.json', `${folder}pack.json`, options).catch(() => undefined);
    if (packs) return listed(host, packs);
  }
  if (!facts) refuse('missing-file', `${host} has nothing at this address. Check it.`);
  if (isPage)
    refuse('bad-address', `“${name}” is a web page, not a file. Open it, and copy the address of its Download button.`);
  const title = name.replace(CHECKPOINT_FILE, '');
  const source = { kind: 'url', url } as const;
  const entry = entryWithoutCatalog(idFromName(name), title, undefined, {
    source,
    ...(facts.byteLength !== undefined && { downloadBytes: facts.byteLength }),
  });
  return { title: host, choices: [choiceOfEntry({ ...entry, licence: { name: 'not known', url: '' } })] };
}

/** A pack, or all of a catalogue. */
const listed = (title: string, entries: readonly ModelEntry[]): FoundModels => ({
  title,
  isCatalogue: true,
  choices: entries.map(choiceOfEntry),
});

function unreachable(host: string): string {
  return `${host} does not answer this page: the address is wrong, or the site lets no other page fetch its files. Download the file in the browser and choose it with “Import files”.`;
}

const choiceOfEntry = (entry: ModelEntry): ModelChoice => ({
  name: entry.name,
  ...(entry.downloadBytes !== undefined && { byteLength: entry.downloadBytes }),
  entry,
});

async function packChoice(choice: ModelChoice, url: string, options: HubOptions): Promise<ModelChoice> {
  const [entry] = await readJson(choice.name, url, options);
  return entry ? { ...choiceOfEntry(entry), name: choice.name } : choice;
}

/** A catalogue, or a pack. @throws AppError 'bad-file' naming what is wrong in it */
async function readJson(name: string, url: string, options: HubOptions): Promise<ModelEntry[]> {
  const { value } = await fetchJson(name, url, options).catch((error: unknown) =>
    replaced(error, { offline: unreachable(new URL(url).host) }),
  );
  if (typeof value === 'object' && value !== null && 'models' in value) return parseCatalog(value, name).models;
  const pack = parsePack(name, value);
  assertPack(pack);
  const downloadBytes = shardsOf(pack).reduce((sum, { byteLength }) => sum + byteLength, 0);
  const source = { kind: 'pack', url } as const;
  const rest = { source, downloadBytes, storedBytes: downloadBytes };
  return [{ ...entryWithoutCatalog(idFromName(pack.id), pack.name, pack.family, rest), storedBytes: downloadBytes }];
}

function otherFormats(paths: readonly string[]): string {
  const ending = /\.(gguf|onnx|bin|msgpack)$/;
  const found = paths.find((path) => ending.test(path));
  return found === undefined ? '' : `; it has ${found}, which Gesso does not read`;
}
