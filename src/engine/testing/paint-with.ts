/** A request's workflow, run with a model that is at hand. */
import type { Pixels } from '../../core/image';
import type { GenerationRequest } from '../../core/recipe/request';
import { workflowOf } from '../../core/workflow';
import type { EventListener } from '../api';
import type { Model } from '../models/model';
import type { ImageValue } from '../operations/implementation';
import type { Ports } from '../ports';
import { KeptOutcomes } from '../run/kept-outcomes';
import { StageClock } from '../run/stage-clock';
import { WorkflowRun } from '../run/workflow-run';
import { NO_UPSCALERS } from './no-upscalers';

export interface PaintingWith {
  model: Model;
  ports: Pick<Ports, 'now' | 'breathe'>;
  onEvent?: EventListener;
  images?: Readonly<Record<string, Pixels>>;
}

/** What is loaded in turn is given back. */
export async function paintWith(
  request: GenerationRequest,
  { model, ports, onEvent = () => undefined, images: given = {} }: PaintingWith,
): Promise<ImageValue> {
  const images: ImageValue[] = [];
  const clock = new StageClock(() => ports.now(), onEvent);
  clock.follow(model.components);
  await new WorkflowRun(workflowOf(request), new KeptOutcomes()).walk({
    models: { refer: (id) => Promise.resolve({ id, revision: '' }), get: () => Promise.resolve(model) },
    upscalers: NO_UPSCALERS,
    image: (hash) => given[hash],
    onEvent,
    clock,
    ports,
    isOver: () => false,
    pause: () => ports.breathe(),
    keep: (image) => void images.push(image),
  });
  if (model.report.residency === 'in_turn') await model.components.releaseLarge();
  return images[0];
}
