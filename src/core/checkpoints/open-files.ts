/** Opens single files, which have all of a model in one, or one component each, and no configs. */
import { AppError } from '../errors';
import { whatRuns } from '../families/what-runs';
import { openTensorFile, type ByteSource, type TensorFile } from '../formats';
import { addOn } from './add-ons';
import { assemble } from './assemble';
import { collectFiles } from './collect';
import { foreignModel } from './foreign-models';
import type { OpenedCheckpoint } from './opened';

/** Files that lie beside weights and are none. */
const BESIDE = /\.(json|ya?ml|txt|md|html?|png|jpe?g|webp|sha256)$/i;
const NOTES = /\.ya?ml$/i;

/** A1111's config beside a checkpoint has some kB. */
const MAX_NOTES_BYTES = 100_000;

/** @throws AppError */
export async function openFiles(sources: readonly ByteSource[]): Promise<OpenedCheckpoint> {
  const weights = sources.filter(({ name }) => !BESIDE.test(name));
  const files = await openWeightFiles(weights.length > 0 ? weights : sources);
  const collected = collectFiles(files);
  const file = files.map(({ source }) => source.name).join(', ');
  if (collected.components.size === 0) throw new AppError('unsupported-model', `${file}: ${notOurs(files)}`);
  return assemble(collected, { files, file, configs: {}, notes: await readNotes(sources) });
}

/** @throws AppError 'bad-file' or 'unsupported-model' where one is of another kind */
export async function openWeightFiles(sources: readonly ByteSource[]): Promise<TensorFile[]> {
  const files: TensorFile[] = [];
  for (const source of sources) files.push(await openTensorFile(source));
  files.forEach(refuseForeign);
  return files;
}

function refuseForeign({ source, tensors }: TensorFile): void {
  const kind = addOn(tensors) ?? foreignModel([...tensors.keys()]);
  if (kind !== undefined) throw new AppError('unsupported-model', `${source.name}: this is ${kind}`);
}

function notOurs(files: readonly TensorFile[]): string {
  const keys = files.flatMap(({ tensors }) => [...tensors.keys()]);
  if (keys.length === 0) return 'there are no tensors in it; it is no checkpoint';
  const first = keys.slice(0, 2).map((key) => JSON.stringify(key.slice(0, 80)));
  return `its tensors (${first.join(', ')}${keys.length > 2 ? ', ...' : ''}) are of no model that Gesso knows; it runs ${whatRuns()}`;
}

async function readNotes(sources: readonly ByteSource[]): Promise<string> {
  const notes = sources.find(({ name, size }) => NOTES.test(name) && size <= MAX_NOTES_BYTES);
  return notes ? new TextDecoder().decode(await notes.read(0, notes.size)) : '';
}
