import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../core/errors';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { Workflow } from '../../../core/workflow/workflow';
import type { ProviderChoice, WorkflowResult } from '../../../engine/api';
import { CATALOG } from '../../testing/catalog';
import { createFakeEngine } from '../../testing/fake-engine';
import { EngineSession } from './engine-session.svelte';
import type { DeviceChoice } from './device-choice';

const [small, large] = CATALOG.models;
const request = { prompt: 'a cat', steps: 2, seed: 1, width: 8, height: 8 } as GenerationRequest;
const work = { request, model: small };
const workflow = { version: 1, nodes: [] } as unknown as Workflow;
const quiet = () => undefined;
const never = new AbortController().signal;

function sessionWith(script: string) {
  const api = createFakeEngine(script);
  let choice: ProviderChoice = 'auto';
  const session = new EngineSession(api, 'https://gesso.test/', () => ({ provider: choice }));
  return { api, session, choose: (next: ProviderChoice) => (choice = next) };
}

describe('EngineSession', () => {
  it('opens and loads once, however often it is asked', async () => {
    const { api, session } = sessionWith('0');
    await Promise.all([session.prepare(small), session.prepare(small), session.generate(work, quiet, never)]);
    expect(api.calls).toEqual(['open', 'load', 'generate']);
    expect([session.phase, session.device?.provider]).toEqual(['ready', 'webgpu']);
  });

  it('opens anew for another device and loads anew for another model', async () => {
    const { api, session, choose } = sessionWith('0');
    await session.prepare(small);
    await session.prepare(large);
    choose('wasm');
    await session.prepare(large);
    expect(api.calls).toEqual(['open', 'load', 'open', 'load', 'open', 'load']);
    expect(session.device?.provider).toBe('wasm');
  });

  it('says when the GPU is tested, and hears what its test found while nothing was asked', async () => {
    const { api, session } = sessionWith('0');
    const { open, load } = api;
    let tell: Parameters<typeof open>[1];
    const seen: boolean[] = [];
    const isTested = (onEvent: typeof tell): void => {
      onEvent?.({ type: 'loading', file: 'runtime', loadedBytes: 1, totalBytes: 1 });
      onEvent?.({ type: 'stage', stage: 'testing' });
      seen.push(session.isExamining && !session.loading);
    };
    api.open = (setup, onEvent) => {
      isTested((tell = onEvent));
      return open(setup, onEvent);
    };
    api.load = (model, onEvent, shape) => {
      seen.push(session.isExamining);
      isTested(onEvent);
      onEvent({ type: 'stage', stage: 'loading' });
      seen.push(session.isExamining);
      return load(model, onEvent, shape);
    };
    await session.prepare(small);
    expect(seen).toEqual([true, false, true, false]);
    tell?.({ type: 'device', device: { provider: 'webgpu', adapter: 'Acme 9, tested' } });
    expect([session.isExamining, session.device?.adapter]).toEqual([false, 'Acme 9, tested']);
  });

  it('opens anew where the GPU is said to have other memory', async () => {
    const api = createFakeEngine('0');
    const choice: DeviceChoice = { provider: 'auto' };
    const asked: unknown[] = [];
    const { open } = api;
    api.open = (setup, onEvent) => {
      asked.push(setup.memoryBytes);
      return open(setup, onEvent);
    };
    const session = new EngineSession(api, 'https://gesso.test/', () => choice);
    await session.prepare(small);
    choice.memoryBytes = 24e9;
    await session.prepare(small);
    await session.prepare(small);
    expect(asked).toEqual([undefined, 24e9]);
  });

  it('runs a workflow of no picture on the device alone, and loads the model for the picture after it', async () => {
    const { api, session } = sessionWith('0');
    const ran: string[] = [];
    api.run = (_workflow, { models }) => {
      ran.push(models[0].id);
      return Promise.resolve({ images: [] } as unknown as WorkflowResult);
    };
    await session.run(workflow, {}, small);
    await session.run(workflow, {}, small);
    expect([api.calls, session.phase]).toEqual([['open'], 'asleep']);
    await session.prepare(small);
    await session.run(workflow, {}, small);
    expect([api.calls, session.phase]).toEqual([['open', 'open', 'load'], 'ready']);
    expect(ran).toEqual([small.id, small.id, small.id]);
  });

  it('hears what the test of the GPU found after it was opened for a workflow', async () => {
    const { api, session } = sessionWith('0');
    const { open } = api;
    let tell: Parameters<typeof open>[1];
    const seen: unknown[] = [];
    api.open = (setup, onEvent) => {
      (tell = onEvent)?.({ type: 'loading', file: 'runtime', loadedBytes: 1, totalBytes: 4 });
      seen.push(session.loading?.totalBytes);
      onEvent?.({ type: 'stage', stage: 'testing' });
      seen.push(session.isExamining);
      return open(setup, onEvent);
    };
    api.run = () => Promise.resolve({ images: [] } as unknown as WorkflowResult);
    await session.run(workflow, {}, small);
    tell?.({ type: 'device', device: { provider: 'webgpu', adapter: 'Acme 9, tested' } });
    expect(session.device?.adapter).toBe('Acme 9, tested');
    expect([...seen, session.loading, session.isExamining]).toEqual([4, true, undefined, false]);
  });

  it('does not run what is no longer wanted when its turn comes', async () => {
    const { api, session } = sessionWith('0');
    const ran: unknown[] = [];
    api.run = (given) => {
      ran.push(given);
      return Promise.resolve({ images: [] } as unknown as WorkflowResult);
    };
    let turn = 1;
    const before = session.generate(work, quiet, never);
    const [first, second] = [1, 2].map((own) => session.run(workflow, {}, small, () => own === turn));
    turn = 2;
    await before;
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await second;
    expect(ran).toHaveLength(1);
  });

  it('counts the runtime with the model, where it has to be fetched', async () => {
    const api = createFakeEngine('0');
    const session = new EngineSession(api, 'https://gesso.test/', () => ({ provider: 'auto' }));
    const seen: unknown[] = [];
    const { open } = api;
    api.open = (setup, onEvent) => {
      onEvent?.({ type: 'loading', file: 'runtime', loadedBytes: 300, totalBytes: 400 });
      seen.push({ ...session.loading });
      return open(setup, onEvent);
    };
    api.load = (model, onEvent) => {
      onEvent({ type: 'loading', file: 'unet', loadedBytes: 50, totalBytes: model.downloadBytes ?? 0 });
      seen.push({ ...session.loading });
      return Promise.resolve();
    };
    await session.prepare(small);
    const totalBytes = 400 + (small.downloadBytes ?? 0);
    expect(seen).toEqual([
      { file: 'runtime', loadedBytes: 300, totalBytes },
      { file: 'unet', loadedBytes: 450, totalBytes },
    ]);
    await session.settled;
  });

  it('carries the reason why it is not WebGPU', async () => {
    const { session } = sessionWith('0,cpu');
    await session.prepare(small);
    expect(session.device?.fallbackReason).toBe('WebGPU is not available in this browser.');
  });

  it('keeps why a load failed, and tries again when asked', async () => {
    const { session } = sessionWith('0,load:bad-file');
    await expect(session.prepare(small)).rejects.toMatchObject({ code: 'bad-file' });
    expect([session.phase, session.error?.code]).toEqual(['failed', 'bad-file']);
    await session.prepare(small);
    expect([session.phase, session.error]).toEqual(['ready', undefined]);
  });

  it.each<[ErrorCode, boolean]>([
    ['device-lost', true],
    ['out-of-memory', true],
    ['internal', true],
    ['bad-request', false],
    ['not-a-number', false],
    ['cancelled', false],
  ])('after %s: a fresh worker is %s', async (code, isFresh) => {
    const { api, session } = sessionWith(`0,generate:${code}`);
    await expect(session.generate(work, quiet, never)).rejects.toMatchObject({ code });
    await session.generate(work, quiet, never);
    const again = isFresh ? ['restart', 'open', 'load', 'generate'] : ['generate'];
    expect(api.calls).toEqual(['open', 'load', 'generate', ...again]);
  });

  it('goes on once by itself where the worker has died, and says so', async () => {
    const { api, session } = sessionWith('0,generate:stopped');
    const notices: string[] = [];
    await session.generate(work, (event) => event.type === 'notice' && notices.push(event.message), never);
    expect(api.calls).toEqual(['open', 'load', 'generate', 'restart', 'open', 'load', 'generate']);
    expect(notices).toEqual([expect.stringMatching(/was started again/)]);
    api.failNext('load', 'stopped');
    session.restart();
    await session.prepare(small);
    expect(session.phase).toBe('ready');
  });

  it('tells of a worker that dies again and again', async () => {
    const { api, session } = sessionWith('0');
    await session.prepare(small);
    const { generate } = api;
    api.generate = (...args) => {
      api.failNext('generate', 'stopped');
      return generate(...args);
    };
    await expect(session.generate(work, quiet, never)).rejects.toMatchObject({ code: 'stopped' });
    expect(api.calls.filter((call) => call === 'generate')).toHaveLength(2);
  });

  it('knows when something was last heard', async () => {
    const { session } = sessionWith('5');
    const before = performance.now();
    let heard = 0;
    await session.generate(work, () => void (heard = session.lastSignAt), never);
    expect(heard).toBeGreaterThan(before);
    expect(session.lastSignAt).toBe(heard);
  });

  it('rejects at once when cancelled during loading, and lets the load finish', async () => {
    const { api, session } = sessionWith('30');
    const abort = new AbortController();
    const picture = session.generate(work, quiet, abort.signal);
    abort.abort();
    await expect(picture).rejects.toMatchObject({ code: 'cancelled' });
    expect(session.phase).not.toBe('ready');
    await session.prepare(small);
    expect(api.calls).not.toContain('generate');
    expect(api.calls).not.toContain('cancel');
    expect(session.phase).toBe('ready');
  });

  it('asks the engine to stop once it has begun', async () => {
    const { api, session } = sessionWith('5');
    const abort = new AbortController();
    const picture = session.generate(work, (event) => event.type === 'step' && abort.abort(), abort.signal);
    await expect(picture).rejects.toMatchObject({ code: 'cancelled' });
    expect(api.calls).toContain('cancel');
  });
});
