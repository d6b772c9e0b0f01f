/** What stays open between pictures: the device, what is loaded on it, and results that the next picture may use again. */
import type { EngineSetup } from '../api';
import { LoadedControls } from '../models/loaded-controls';
import { LoadedModel, type Loading, type Place } from '../models/loaded-model';
import { LoadedUpscaler } from '../models/loaded-upscaler';
import type { Model } from '../models/model';
import type { Ports, Runtime } from '../ports';
import { OpenDevice } from './open-device';
import { KeptOutcomes } from './kept-outcomes';
import { TaskQueue } from './task-queue';

export class Resources {
  readonly device: OpenDevice;
  readonly model: LoadedModel;
  readonly upscaler: LoadedUpscaler;
  readonly controls: LoadedControls;
  readonly outcomes = new KeptOutcomes();

  constructor(ports: Ports) {
    this.device = new OpenDevice(ports, new TaskQueue(), () => this.close());
    this.model = new LoadedModel(ports);
    this.upscaler = new LoadedUpscaler(ports);
    this.controls = new LoadedControls(ports);
  }

  /** Other devices, and other limits of memory, begin with nothing open. */
  async use(setup: EngineSetup): Promise<void> {
    const { provider, memoryBytes } = this.device.setup;
    if (setup.provider !== provider || setup.memoryBytes !== memoryBytes) await this.close();
    if (setup.memoryBytes !== memoryBytes) this.model.forgetRooms();
    this.device.setup = setup;
  }

  /** The runtime that is open, or a new one. */
  runtime(): Promise<Runtime> {
    return this.device.ready();
  }

  /** The model made ready, in place of another. */
  load(loading: Loading): Promise<Model> {
    return this.model.get(loading, async () => {
      await this.controls.release(); // they were for the model before
      return this.#place();
    });
  }

  /** Room for what runs beside the model, where memory is short. */
  async placeBeside(): Promise<Place> {
    if (this.#isInTurn) await this.model.model?.components.releaseLarge();
    return this.#place();
  }

  /** A picture has ended, well or badly: where memory is short, nothing large stays. */
  async releaseLarge(): Promise<void> {
    if (!this.#isInTurn) return;
    await this.model.model?.components.releaseLarge();
    await this.controls.release();
  }

  async close(): Promise<void> {
    this.outcomes.clear();
    await this.model.close();
    await this.upscaler.close();
    await this.controls.close();
    await this.device.dispose();
  }

  get #isInTurn(): boolean {
    return this.model.model?.report.residency === 'in_turn';
  }

  async #place(): Promise<Place> {
    return { runtime: await this.runtime(), baseUrl: this.device.setup.baseUrl };
  }
}
