/** The file of a ControlNet or a T2I-Adapter becomes a pack of its own, for models of its family. */
import { openControl } from '../checkpoints/open-control';
import { elementCount } from '../graph';
import { roleOf, type ComponentId } from '../networks/components';
import { DTYPE_PLANS } from './dtype-plans';
import { importComponent, sourceName, stages, withHash, type ImportInput } from './import-steps';
import { PACK_VERSION, type Pack } from './pack';
import { plannedParts } from './stored-parts';
import { plannedOnBase, standsOnBase } from './weights-on-base';

/** What draws hints is a few megabytes, and is kept as it is. */
const isSmall = (components: readonly ComponentId[]): boolean =>
  components.every((component) => roleOf(component) === 'annotator');

/** @throws AppError 'bad-file', 'missing-file', 'unsupported-model', 'quota', 'cancelled' */
export async function toControlPack(input: ImportInput): Promise<Pack> {
  const { sources, id, name, url } = input;
  const { components, config, family, tensors } = await openControl(sources);
  const plan = isSmall(components) ? 'float32' : input.plan;
  const file = { file: sourceName(input), config };
  const parts = components.map((component) => ({
    component,
    planned: standsOnBase(component, file)
      ? plannedOnBase(component, file, { plan, tensors })
      : plannedParts(component, file, DTYPE_PLANS[plan]),
  }));
  const progress = stages(input);
  const all = parts.reduce((sum, { planned }) => sum + planned.reduce((n, { shape }) => n + elementCount(shape), 0), 0);
  let done = 0;
  const imported: Pack['components'] = {};
  const { sha256 } = await withHash(input, progress.hashing, async () => {
    for (const { component, planned } of parts)
      imported[component] = await importComponent(
        input,
        { id: component, source: { config, tensors }, planned },
        (count) => {
          done += count;
          progress.weights(component, done / all);
        },
      );
  });
  return {
    version: PACK_VERSION,
    role: 'control',
    id,
    name,
    family: input.controlFor ?? family,
    plan,
    source: {
      name: sourceName(input),
      byteLength: sources.reduce((sum, { size }) => sum + size, 0),
      layout: 'ldm',
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(url === undefined ? {} : { url }),
    },
    scheduler: {},
    tokenizer: 'clip',
    components: imported,
  };
}
