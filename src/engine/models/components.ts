/** The loaded components of a model: at most one session each, and only one at a time where memory is short. */
import { AppError } from '../../core/errors';
import { isCompanion, type ComponentId } from '../../core/networks/components';
import type { ComponentLoad, Residency } from '../api';
import { placedKey } from './adapters';
import type { ComponentShape, ModelSource, OpenedComponent } from './model-source';
import type { Session } from '../ports';

export interface LoadListener {
  /** @returns what is told when it is loaded */
  beforeLoad(component: ComponentId): (load: ComponentLoad) => void;
}

export interface ComponentsOptions {
  source: ModelSource;
  residency: Residency;
  now(): number;
}

interface Open extends OpenedComponent {
  /** Key of its shape; `frame` is that of the shape without its LoRAs. */
  key: string;
  frame: string;
}

export class Components {
  readonly #source: ModelSource;
  readonly #now: () => number;
  readonly #open = new Map<ComponentId, Open>();
  readonly #loads = new Map<ComponentId, ComponentLoad>();
  /** Holds from the next component that is asked for. */
  residency: Residency;
  #isDisposed = false;
  listener: LoadListener | undefined;
  /** Asked while components are loaded: throws where nobody wants them any more. */
  check: (() => void) | undefined;

  constructor({ source, residency, now }: ComponentsOptions) {
    this.#source = source;
    this.residency = residency;
    this.#now = now;
  }

  /** The last load of each component. */
  get loads(): ComponentLoad[] {
    return [...this.#loads.values()];
  }

  has(component: ComponentId): boolean {
    return this.#source.has(component);
  }

  /** Its session in this shape, until it or, where memory is short, another component is asked for in another. */
  async get(component: ComponentId, shape: ComponentShape = {}): Promise<Session> {
    const key = shapeKey(shape);
    const open = this.#open.get(component);
    if (open?.key === key) return open.session;
    if (open && (await this.#swap(component, open, shape))) return open.session;
    await this.release(component);
    if (this.residency === 'in_turn' && !isCompanion(component)) await this.releaseLarge();
    const done = this.listener?.beforeLoad(component);
    const startedAt = this.#now();
    const opened = await this.#source.open(component, shape, this.check);
    const { session, bytes } = opened;
    if (this.#isDisposed) {
      await session.dispose();
      throw new AppError('internal', `${component}: it was loaded for a model that is gone`);
    }
    this.#open.set(component, { ...opened, key, frame: shapeKey({ ...shape, adapters: [] }) });
    const load = { component, bytes, seconds: (this.#now() - startedAt) / 1000 };
    this.#loads.set(component, load);
    done?.(load);
    return session;
  }

  /** Where LoRAs alone are others, and fit into the places of those before. */
  async #swap(component: ComponentId, open: Open, shape: ComponentShape): Promise<boolean> {
    const { adapters = [] } = shape;
    if (!open.swap || adapters.length === 0 || open.frame !== shapeKey({ ...shape, adapters: [] })) return false;
    const startedAt = this.#now();
    try {
      const swapped = await open.swap(adapters, this.check);
      if (!swapped) return false;
      open.key = shapeKey(shape);
      this.#loads.set(component, { component, ...swapped, seconds: (this.#now() - startedAt) / 1000 });
      return true;
    } catch (error) {
      await this.release(component); // what it holds now may be of neither
      throw error;
    }
  }

  async release(component: ComponentId): Promise<void> {
    const open = this.#open.get(component);
    this.#open.delete(component);
    await open?.session.dispose();
  }

  /** Releases all but the companions. */
  async releaseLarge(): Promise<void> {
    for (const component of [...this.#open.keys()]) if (!isCompanion(component)) await this.release(component);
  }

  /** Releases all that is open, and what is still being opened. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    for (const component of [...this.#open.keys()]) await this.release(component);
  }
}

function shapeKey(shape: ComponentShape): string {
  const { clipSkip, activations, adapters = [], takesVectors = false, control, other, blend, tiling } = shape;
  const from = other ? [other.id, other.revision] : null;
  return JSON.stringify([clipSkip, activations, placedKey(adapters), takesVectors, control, from, blend?.key, tiling]);
}
