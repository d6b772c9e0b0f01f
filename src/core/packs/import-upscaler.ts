/** An upscaler's file becomes a pack of one component, which works with models of every family. */
import { openUpscaler } from '../checkpoints/open-upscaler';
import { AppError } from '../errors';
import { USUAL_FAMILY } from '../families';
import { elementCount } from '../graph';
import { DTYPE_PLANS } from './dtype-plans';
import { importComponent, sourceName, stages, withHash, type ImportInput } from './import-steps';
import { PACK_VERSION, type Pack } from './pack';
import { plannedParts } from './stored-parts';

/** @throws AppError 'bad-file', 'missing-file', 'unsupported-model', 'quota', 'cancelled' */
export async function toUpscalerPack(input: ImportInput): Promise<Pack> {
  const { sources, id, name, plan, url } = input;
  const [source] = sources;
  if (sources.length !== 1)
    throw new AppError('missing-file', `${name}: an upscaler is one file, not ${sources.length}.`);
  const { component, config, tensors } = await openUpscaler(source);
  const planned = plannedParts(component, { file: source.name, config }, DTYPE_PLANS[plan]);
  const progress = stages(input);
  const all = planned.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  let done = 0;
  const { sha256, made: imported } = await withHash(input, progress.hashing, () =>
    importComponent(input, { id: component, source: { config, tensors }, planned }, (count) => {
      done += count;
      progress.weights(component, done / all);
    }),
  );
  return {
    version: PACK_VERSION,
    role: 'upscaler',
    id,
    name,
    family: USUAL_FAMILY,
    plan,
    source: {
      name: sourceName(input),
      byteLength: source.size,
      layout: 'ldm',
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(url === undefined ? {} : { url }),
    },
    scheduler: {},
    tokenizer: 'clip',
    components: { [component]: imported },
  };
}
