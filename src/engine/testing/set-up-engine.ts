/** An engine over fakes, what it has said so far, and pictures asked of it. */
import type { GenerationRequest } from '../../core/recipe/request';
import type { EngineEvent, GeneratedPicture } from '../api';
import { Engine } from '../engine';
import { createFake, FAKE_ENTRY, type Fake } from './fake-ports';

export const FAKE_REQUEST: GenerationRequest = {
  model: 'fake',
  prompt: 'abc',
  negativePrompt: 'z',
  sampler: 'euler_ancestral',
  schedule: 'karras',
  noise: 'cpu',
  steps: 4,
  cfgScale: 2,
  seed: 1,
  width: 64,
  height: 64,
};

export interface EngineSetUp {
  fake: Fake;
  engine: Engine;
  events: EngineEvent[];
  onEvent(this: void, event: EngineEvent): void;
  /** A picture of the fake request, changed. */
  generate(this: void, changes?: Partial<GenerationRequest>): Promise<GeneratedPicture>;
  /** The sentences among the events. */
  notices(this: void): string[];
}

export function setUpEngine(): EngineSetUp {
  const fake = createFake();
  const engine = new Engine(fake.ports);
  const events: EngineEvent[] = [];
  const onEvent = (event: EngineEvent): void => void events.push(event);
  const generate = (changes: Partial<GenerationRequest> = {}): Promise<GeneratedPicture> =>
    engine.generate({ ...FAKE_REQUEST, ...changes }, FAKE_ENTRY, onEvent);
  const notices = (): string[] => events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  return { fake, engine, events, onEvent, generate, notices };
}

/** What a promise is rejected with; undefined where it is not. */
export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
