/** A request's workflow, run with a model that is at hand. */
import type { Pixels } from '../../core/image';
import type { GenerationRequest } from '../../core/recipe/request';
import { workflowOf, type NamedAdapter, type Workflow } from '../../core/workflow';
import type { ControlEntry } from '../../core/catalog';
import type { AdapterEntry, EventListener } from '../api';
import { adapterEntry } from '../models/adapters';
import type { Model } from '../models/model';
import type { ImageValue } from '../operations/implementation';
import type { Ports, Runtime } from '../ports';
import { KeptOutcomes } from '../run/kept-outcomes';
import { StageClock } from '../run/stage-clock';
import { WorkflowRun } from '../run/workflow-run';
import { LoadedControls } from '../models/loaded-controls';
import type { Upscalers } from '../models/loaded-upscaler';
import { NO_UPSCALERS } from './no-upscalers';

export interface PaintingWith {
  model: Model;
  ports: Pick<Ports, 'now' | 'breathe' | 'packs'>;
  onEvent?: EventListener;
  images?: Readonly<Record<string, Pixels>>;
  adapters?: readonly AdapterEntry[];
  embeddings?: readonly AdapterEntry[];
  vaes?: readonly NamedAdapter[];
  texts?: readonly NamedAdapter[];
  /** What is run in place of the request's workflow. */
  change?(workflow: Workflow): Workflow;
  upscalers?: Upscalers;
  /** ControlNets, and where their packs are. */
  controls?: { entries: readonly ControlEntry[]; packs: Pick<Ports['packs'], 'open'>; runtime: Runtime };
}

const none = (): Promise<never> => Promise.reject(new RangeError('this run has no ControlNets'));
const NO_PACKS = { open: none };
const NO_FILES = { open: none };

/** What is loaded in turn is given back. */
export async function paintWith(
  request: GenerationRequest,
  {
    model,
    ports,
    onEvent = () => undefined,
    images: given = {},
    adapters = [],
    vaes = [],
    texts = [],
    embeddings = [],
    controls,
    upscalers = NO_UPSCALERS,
    change = (workflow) => workflow,
  }: PaintingWith,
): Promise<ImageValue> {
  const images: ImageValue[] = [];
  const clock = new StageClock(() => ports.now(), onEvent);
  clock.follow(model.components);
  const held = new LoadedControls({ packs: controls?.packs ?? NO_PACKS, createFiles: () => NO_FILES });
  const runtime = (): Promise<Runtime> =>
    controls ? Promise.resolve(controls.runtime) : Promise.reject(new RangeError('no runtime'));
  const workflow = change(workflowOf(request, adapters, { vaes, texts }));
  await new WorkflowRun(workflow, new KeptOutcomes()).walk({
    models: {
      refer: (id) => Promise.resolve({ id, revision: '', adapters: [] }),
      partRevision: () => Promise.resolve(''),
      adapterRevision: (id) => adapterEntry(id, adapters).revision,
      get: async (reference) => {
        await model.use(reference.adapters, adapters);
        await model.changes.useVae(reference.otherVae, ports.packs);
        await model.changes.useTexts(reference.otherTexts ?? [], ports.packs);
        await model.useBlend(reference.blend, ports.packs);
        model.changes.useTiling(reference.tiling);
        return model;
      },
    },
    upscalers,
    controls: held.of(controls?.entries ?? [], {
      onEvent,
      clock,
      revisionOf: () => Promise.resolve(''),
      runtime,
      place: async () => ({ runtime: await runtime(), baseUrl: '' }),
    }),
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
  await held.close();
  return images[0];
}
