/** Sorts the tensors of files into components, in diffusers' words. */
import type { TensorEntry, TensorFile } from '../formats';
import type { Part } from '../networks/names/openclip';
import type { PublishedId } from '../networks/published';
import type { OpenedCheckpoint } from './opened';
import { createPlacing, withoutWrapping } from './place-tensor';
import type { Stored, StoredTensor } from './stored-tensor';

export type Tensors = Map<string, StoredTensor>;

export interface Collected {
  components: Map<PublishedId, Tensors>;
  /** Keys that no layout knows. */
  unknown: string[];
  layouts: Set<OpenedCheckpoint['layout']>;
}

/** A file that is a component, or several, by the names in it. A later file's component takes the place of an earlier's. */
export function collectFiles(files: readonly TensorFile[]): Collected {
  const collected: Collected = { components: new Map(), unknown: [], layouts: new Set() };
  for (const file of files) {
    const found = collectFile(file, collected);
    for (const [component, tensors] of found) {
      const earlier = collected.components.get(component);
      collected.components.set(component, earlier && isShard(file) ? new Map([...earlier, ...tensors]) : tensors);
    }
  }
  return collected;
}

const isShard = ({ source }: TensorFile): boolean => /-\d{5}-of-\d{5}\b/.test(source.name);

function collectFile(file: TensorFile, { unknown, layouts }: Collected): Map<PublishedId, Tensors> {
  const bare = withoutWrapping([...file.tensors.keys()]);
  const placeTensor = createPlacing();
  const found = new Map<PublishedId, Tensors>();
  // Some names are the same in both layouts; a component with one that only diffusers has is in diffusers' words.
  const diffusers = new Set<PublishedId>();
  for (const [key, entry] of file.tensors) {
    const placed = placeTensor(bare(key));
    if (placed === undefined) unknown.push(key);
    if (placed === undefined || placed === 'leftover') continue;
    if (placed.layout === 'diffusers') diffusers.add(placed.component);
    const tensors = found.get(placed.component) ?? new Map<string, StoredTensor>();
    found.set(placed.component, tensors);
    const stored: Stored = { file, key, entry };
    for (const part of placed.parts) tensors.set(part.name, { ...stored, ...partOf(part, entry), ...scaleOf(stored) });
  }
  for (const component of found.keys()) layouts.add(diffusers.has(component) ? 'diffusers' : 'ldm');
  return found;
}

function partOf(
  { third, transposed }: Part,
  { shape }: TensorEntry,
): Pick<StoredTensor, 'shape' | 'rows' | 'transposed'> {
  if (transposed && shape.length === 2) return { shape: [shape[1], shape[0]], transposed };
  if (third === undefined || shape.length === 0 || shape[0] % 3 !== 0) return { shape };
  const count = shape[0] / 3;
  return { shape: [count, ...shape.slice(1)], rows: { start: third * count, count } };
}

/** The multiplier that scaled float8 weights have beside them. */
export function scaleOf({ file, key }: Stored): Pick<StoredTensor, 'scale'> {
  const module = key.endsWith('.weight') ? key.slice(0, -'.weight'.length) : undefined;
  if (module === undefined) return {};
  for (const name of [`${module}.scale_weight`, `${module}.weight_scale`]) {
    const entry = file.tensors.get(name);
    if (entry) return { scale: { file, key: name, entry } };
  }
  return {};
}
