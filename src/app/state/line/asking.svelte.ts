/** Asking for pictures with the form as it is, and why Generate does not begin. */
import type { Grid } from '../../../core/recipe/grids';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { RoomTiles } from '../device/room-tiles.svelte';
import type { Gallery } from '../gallery/gallery.svelte';
import type { PromptStore } from '../prompt/prompt-store.svelte';
import type { FieldId, Settings } from '../settings/settings.svelte';
import { withoutUsual } from '../settings/usual-enlarger';
import type { Drawing } from '../words/drawing.svelte';
import type { Queue } from './queue.svelte';
import { QUEUE_SIZE, type QueueOptions } from './queue-options';
import type { AddOptions } from './work';

interface Parts {
  settings: Settings;
  queue: Queue;
  drawing: Drawing;
  roomTiles: Pick<RoomTiles, 'apply'>;
  gallery: Pick<Gallery, 'follow'>;
  shelf: Pick<PromptStore, 'remember'>;
  inbox: { hasArrived: boolean };
}

export class Asking {
  readonly #parts: Parts;
  #isFull = $state(false);
  #hasTried = $state(false);
  /** The control that is wrong says why, and has got the focus. */
  isToldAtField = $state(false);
  /** Why Generate did not begin; gone as soon as it would. */
  readonly complaint = $derived.by(() => this.#complain());

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks for a picture with the settings as they are. Returns the first wrong field where there is one. */
  generate(): FieldId | undefined {
    const { settings, drawing, gallery, shelf, inbox } = this.#parts;
    [this.#hasTried, this.isToldAtField] = [true, false];
    const [wrong] = Object.keys(settings.problems) as FieldId[];
    if (wrong) return wrong;
    this.#hasTried = false;
    inbox.hasArrived = false;
    const { batchCount, extras } = settings;
    shelf.remember(settings);
    if (drawing.ask(this.#request(), { count: batchCount ?? 1, extras })) gallery.follow();
    return undefined;
  }

  /** Puts the grid in line. False where the form or the axes are wrong. @param read  the axes, for a request */
  generateGrid(read: (request: GenerationRequest) => Grid | string): boolean {
    const { settings, drawing, gallery } = this.#parts;
    if (!settings.isSound) return this.generate() === undefined;
    const request = withoutUsual(this.#request(), settings.model);
    const grid = read(request);
    if (typeof grid === 'string' || !drawing.ask(request, { grid, extras: settings.extras })) return false;
    gallery.follow();
    return true;
  }

  /** Makes pictures with the form as it is, one after another, until it is stopped. */
  generateForever(): FieldId | undefined {
    const { queue } = this.#parts;
    queue.isForever = true;
    const wrong = queue.current ? undefined : this.generate();
    if (wrong) queue.isForever = false;
    return wrong;
  }

  /** What is made next while it goes on for ever; undefined where the form is wrong. */
  again(): ReturnType<NonNullable<QueueOptions['again']>> {
    const { settings, drawing } = this.#parts;
    return settings.isSound ? drawing.again(this.#request(), settings.extras) : undefined;
  }

  /** Puts a request in line. False where the line is full. */
  enqueue(request: GenerationRequest, options: AddOptions): boolean {
    this.#isFull = !this.#parts.queue.add(request, options);
    return !this.#isFull;
  }

  cancel(): void {
    this.#isFull = false;
    this.#parts.queue.cancel();
  }

  #request(): GenerationRequest {
    return this.#parts.roomTiles.apply(this.#parts.settings.toRequest());
  }

  #complain(): string | undefined {
    const { settings, queue } = this.#parts;
    if (this.#hasTried && !settings.isSound) return Object.values(settings.problems).join(' ');
    if (this.#isFull && queue.waiting.length >= QUEUE_SIZE)
      return `${QUEUE_SIZE} requests are waiting already: let one finish, or cancel.`;
    return undefined;
  }
}
