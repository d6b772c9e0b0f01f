/** What the operations of one attempt at a picture are given: models, pictures, clocks, and whether anybody still waits. */
import type { ModelEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import type { EventListener, PictureShape } from '../api';
import { adapterEntry } from '../models/adapters';
import type { Model } from '../models/model';
import type { ModelReference, OperationContext } from '../operations/implementation';
import type { Ports } from '../ports';
import { toldDevice } from './open-device';
import { modelOf, pictureOf, type Attempt, type PaintJob } from './job';
import type { Resources } from './resources';
import type { Unfinished } from './unfinished';

export interface ContextOptions {
  job: PaintJob;
  attempt: Attempt;
  resources: Resources;
  ports: Ports;
  unfinished: Unfinished;
}

/** The first operation that needs a model has it loaded. */
export function operationContext({ job, attempt, resources, ports, unfinished }: ContextOptions): OperationContext {
  const { cancellation, clock, inputs } = job;
  const onEvent: EventListener = (event) => {
    if (!attempt.isOver) job.onEvent(event);
  };
  const isOver = (): boolean => attempt.isOver;
  const check = (): void => {
    cancellation.check();
    if (isOver()) throw new AppError('internal', 'This attempt is over.');
  };
  const beside = {
    ...{ onEvent, clock, place: () => resources.placeBeside() },
    revisionOf: (one: Pick<ModelEntry, 'id' | 'source'>) => resources.model.revisionOf(one),
  };
  return {
    models: modelsOf({ job, resources, ports, onEvent, check }),
    upscalers: resources.upscaler.of(inputs.upscalers ?? [], beside),
    controls: resources.controls.of(inputs.controls ?? [], { ...beside, runtime: () => resources.runtime() }),
    embeddings: inputs.embeddings ?? [],
    image: (hash) => pictureOf(inputs, hash),
    ...{ onEvent, clock, ports, unfinished, isOver, check },
    pause: async () => {
      await ports.breathe();
      check();
    },
    keep: (image) => void (isOver() || job.images.push(image)),
  };
}

interface ModelsOptions extends Pick<ContextOptions, 'job' | 'resources' | 'ports'> {
  onEvent: EventListener;
  check(): void;
}

/** Models by reference. What is to be said of the device and of adapters is said once, when the first model is ready. */
function modelsOf({ job, resources, ports, onEvent, check }: ModelsOptions): OperationContext['models'] {
  const { inputs, clock } = job;
  /** Revisions that were read from the storage. */
  const revisions = new Map<string, Promise<string>>();
  let isDeviceTold = false;
  const said = new Set<string>();

  const tellOf = async (model: Model): Promise<void> => {
    for (const message of model.changes.notices) {
      if (!said.has(message)) onEvent({ type: 'notice', message });
      said.add(message);
    }
    if (isDeviceTold) return;
    isDeviceTold = true;
    clock.stop();
    const { device, memory } = await resources.runtime();
    memory?.reset();
    onEvent({ type: 'device', device: toldDevice(device) });
  };

  return {
    get: async (reference: ModelReference, shape?: PictureShape): Promise<Model> => {
      const entry = modelOf(inputs, reference.id);
      job.entry = entry;
      const { revision, adapters, otherVae, otherTexts, blend, tiling } = reference;
      const { models, adapters: entries = [] } = inputs;
      const changed = { adapters, entries, otherVae, otherTexts, blend, tiling, models, check };
      const model = await resources.load({ entry, revision, ...changed, onEvent, shape, clock });
      await tellOf(model);
      return model;
    },
    refer: async (id) => {
      const revision = revisions.get(id) ?? resources.model.revisionOf(modelOf(inputs, id));
      revisions.set(id, revision);
      return { id, revision: await revision, adapters: [] };
    },
    adapterRevision: (id) => adapterEntry(id, inputs.adapters ?? []).revision,
    partRevision: async (id) => (await ports.packs.revision?.(id)) ?? '',
  };
}
