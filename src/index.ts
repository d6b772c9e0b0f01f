/**
 * Gesso for other pages: pictures from a recipe or a workflow, on this computer. It needs workers and nothing of the DOM. The app is
 * its first user.
 */
import { createBenchClient, type BenchHandle } from './clients/bench-client';
import { createEngineClient, type EngineHandle } from './clients/engine-client';
import { createLibraryClient } from './clients/library-client';
import type { LibraryApi } from './engine/library-api';

/** Each starts its worker when it is first asked for something. */
export interface Gesso {
  /** What paints pictures. */
  engine: EngineHandle;
  /** Models on this computer: downloads, imports, storage. */
  library: LibraryApi;
  /** How fast this computer is. */
  bench: BenchHandle;
}

export function createGesso(): Gesso {
  return { engine: createEngineClient(), library: createLibraryClient(), bench: createBenchClient() };
}

export type { BenchHandle, EngineHandle, LibraryApi };
export type {
  DeviceReport,
  EngineEvent,
  EventListener,
  GeneratedPicture,
  WorkflowInputs,
  WorkflowResult,
} from './engine/api';
export type { ModelEntry } from './core/catalog';
export { AppError } from './core/errors';
export type { GenerationRequest } from './core/recipe/request';
export type { Workflow, WorkflowNode } from './core/workflow/workflow';
