/** Turns a checkpoint into a pack: evaluates what the graphs read, rounds it as the plan says, writes it shard by shard. */
import { isControl } from '../checkpoints/open-control';
import { openCheckpoint, type CheckpointPart, type OpenedCheckpoint } from '../checkpoints';
import { readJsonSource } from '../checkpoints/json-source';
import { familyOf } from '../families';
import { partsOf, type PublishedId } from '../networks/published';
import { AppError } from '../errors';
import type { ByteSource } from '../formats';
import { elementCount } from '../graph';
import { assertComplete, type Needed } from './assert-complete';
import { DTYPE_PLANS } from './dtype-plans';
import { importComponent, sourceName, stages, withHash, type ImportInput, type Part } from './import-steps';
import { toControlPack } from './import-control';
import { toUpscalerPack } from './import-upscaler';
import { PACK_VERSION, type Pack } from './pack';
import { writePack } from './pack-io';
import { plannedParts } from './stored-parts';

export type { HashesBeside, ImportInput, ImportProgress } from './import-steps';

/**
 * A ControlNet or a T2I-Adapter, told by its tensors, becomes a pack of its own kind. The draft is committed at the end, and aborted on every failure. In memory: one shard, one tensor and what is made of it.
 *
 * @throws AppError 'bad-file', 'missing-file', 'unsupported-model', 'quota', 'cancelled'
 */
export function importCheckpoint(input: ImportInput): Promise<Pack> {
  return writePack(input.draft, async () => {
    if (input.isUpscaler) return toUpscalerPack(input);
    return (await isControl(input.sources)) ? toControlPack(input) : toPack(input);
  });
}

async function toPack(input: ImportInput): Promise<Pack> {
  const opened = await openCheckpoint(input.sources);
  const parts = componentParts(opened, sourceName(input));
  const tokenizer = await tokenizerOf(opened, input.sources);
  const progress = stages(input);
  const counts = parts.map(({ planned }) => planned.reduce((sum, { shape }) => sum + elementCount(shape), 0));
  const all = counts.reduce((sum, count) => sum + count, 0);
  let done = 0;
  const components: Pack['components'] = {};
  const { sha256 } = await withHash(input, progress.hashing, async () => {
    for (const part of parts)
      components[part.id] = await importComponent(input, part, (count) => {
        done += count;
        progress.weights(part.id, done / all);
      });
  });
  return {
    version: PACK_VERSION,
    ...(input.isVae && { role: 'autoencoder' as const }),
    ...(input.isText && { role: 'text' as const }),
    id: input.id,
    name: input.name,
    family: input.previewFor ?? opened.family,
    plan: input.plan,
    source: {
      name: sourceName(input),
      byteLength: input.sources.reduce((sum, { size }) => sum + size, 0),
      layout: opened.layout,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(input.url === undefined ? {} : { url: input.url }),
    },
    scheduler: opened.scheduler,
    tokenizer,
    components,
  };

  /** The parts of the pack with all their weights, checked before anything is read. */
  function componentParts(checkpoint: OpenedCheckpoint, file: string): Part[] {
    assertComplete(checkpoint, file, neededFor(input));
    const opened = Object.entries(checkpoint.components) as [PublishedId, CheckpointPart][];
    return opened.flatMap(([component, source]) =>
      partsOf(component, source.tensors).map((id) => {
        const config = { file: `${file}: ${component}`, config: source.config };
        return { id, source, planned: plannedParts(id, config, DTYPE_PLANS[input.plan]) };
      }),
    );
  }
}

function neededFor({ previewFor, isVae, isText }: ImportInput): Needed {
  if (previewFor !== undefined) return 'preview';
  if (isText) return 'text';
  return isVae ? 'autoencoder' : 'model';
}

/** All published models have CLIP's vocabulary. */
async function tokenizerOf({ family }: OpenedCheckpoint, sources: readonly ByteSource[]): Promise<Pack['tokenizer']> {
  if (familyOf(family).tokenizer === 'clip') return 'clip';
  const read = async (path: string): Promise<unknown> => {
    const source = sources.find(({ name }) => name === path);
    if (!source) throw new AppError('missing-file', `${path}: this model needs its own vocabulary; choose its folder`);
    return readJsonSource(source);
  };
  return { json: await read('tokenizer/tokenizer.json'), config: await read('tokenizer/tokenizer_config.json') };
}
