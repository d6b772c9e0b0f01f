/** A request's workflow, run with a model that is at hand. */
import type { Pixels } from '../../core/image';
import type { GenerationRequest } from '../../core/recipe/request';
import { workflowOf } from '../../core/workflow';
import type { AdapterEntry, EventListener } from '../api';
import { adapterEntry } from '../models/adapters';
import type { Model } from '../models/model';
import type { ImageValue } from '../operations/implementation';
import type { Ports } from '../ports';
import { KeptOutcomes } from '../run/kept-outcomes';
import { StageClock } from '../run/stage-clock';
import { WorkflowRun } from '../run/workflow-run';
import { NO_UPSCALERS } from './no-upscalers';

export interface PaintingWith {
  model: Model;
  ports: Pick<Ports, 'now' | 'breathe' | 'packs'>;
  onEvent?: EventListener;
  images?: Readonly<Record<string, Pixels>>;
  adapters?: readonly AdapterEntry[];
  embeddings?: readonly AdapterEntry[];
}

/** What is loaded in turn is given back. */
export async function paintWith(
  request: GenerationRequest,
  { model, ports, onEvent = () => undefined, images: given = {}, adapters = [], embeddings = [] }: PaintingWith,
): Promise<ImageValue> {
  const images: ImageValue[] = [];
  const clock = new StageClock(() => ports.now(), onEvent);
  clock.follow(model.components);
  await new WorkflowRun(workflowOf(request, adapters), new KeptOutcomes()).walk({
    models: {
      refer: (id) => Promise.resolve({ id, revision: '', adapters: [] }),
      vaeRevision: () => Promise.resolve(''),
      adapterRevision: (id) => adapterEntry(id, adapters).revision,
      get: async (reference) => {
        await model.use(reference.adapters, adapters);
        await model.useVae(reference.vae, ports.packs);
        return model;
      },
    },
    upscalers: NO_UPSCALERS,
    embeddings,
    image: (hash) => given[hash],
    onEvent,
    clock,
    ports,
    isOver: () => false,
    check: () => undefined,
    pause: () => ports.breathe(),
    keep: (image) => void images.push(image),
  });
  if (model.report.residency === 'in_turn') await model.components.releaseLarge();
  return images[0];
}
