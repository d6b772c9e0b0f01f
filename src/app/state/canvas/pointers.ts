/**
 * What fingers, pens and mice mean: painting, or moving the view. One finger paints and two move; once a pen was seen, a finger moves,
 * since a palm lies on the screen.
 */
import type { Point } from './brush';

/** What a PointerEvent says, in CSS pixels of the stage. */
export interface Press extends Point {
  id: number;
  kind: 'mouse' | 'pen' | 'touch';
  /** The same bits as PointerEvent.buttons. */
  buttons: number;
  /** How strongly a pen is pressed, 0…1. */
  pressure: number;
}

export interface Painting {
  begin(at: Press): void;
  move(at: Press): void;
  end(at: Press): void;
  /** What was begun was no stroke. */
  giveUp(): void;
  pan(by: Point): void;
  zoom(at: Point, factor: number): void;
  /** Two fingers, for a moment: undo. Three: redo. */
  tap(fingers: number): void;
}

const MIDDLE_BUTTON = 4;
/** A tap is shorter, and moves less. */
const TAP_MS = 300;
const TAP_PX = 10;
/** A stroke that is as young when a second finger comes, or as short as a tap, was the first of two fingers. */
const YOUNG_MS = 250;

export class Pointers {
  readonly #painting: Painting;
  readonly #now: () => number;
  readonly #down = new Map<number, Press>();
  #mode: 'paint' | 'move' | undefined;
  #hasPen = false;
  #beganAt = 0;
  #fingers = 0;
  #moved = 0;

  constructor(painting: Painting, now: () => number = () => performance.now()) {
    this.#painting = painting;
    this.#now = now;
  }

  /** @param moves  the hand is the tool, or its key is held */
  press(at: Press, moves: boolean): void {
    if (at.kind === 'pen') this.#hasPen = true;
    if (this.#down.size === 0) {
      this.#beganAt = this.#now();
      this.#moved = 0;
      this.#fingers = 0;
    }
    if (at.kind === 'pen' && this.#down.size > 0) this.#letGo(); // a palm came first
    this.#down.set(at.id, at);
    this.#fingers = Math.max(this.#fingers, this.#down.size);
    if (this.#down.size > 1) {
      const isYoung = this.#now() - this.#beganAt <= YOUNG_MS || this.#moved < TAP_PX;
      if (this.#mode === 'paint' && !isYoung) return; // a palm
      if (this.#mode === 'paint') this.#painting.giveUp();
      this.#mode = 'move';
      return;
    }
    const isPalm = at.kind === 'touch' && this.#hasPen;
    this.#mode = moves || isPalm || (at.buttons & MIDDLE_BUTTON) !== 0 ? 'move' : 'paint';
    if (this.#mode === 'paint') this.#painting.begin(at);
  }

  /** @param between  where it was since the last time, in order, itself the last */
  move(at: Press, between: readonly Press[] = [at]): void {
    const before = this.#down.get(at.id);
    if (!before) return;
    if (this.#mode === 'paint') {
      if (at.id === [...this.#down.keys()][0]) for (const one of between) this.#painting.move(one);
    } else this.#moveView(before, at);
    this.#moved += Math.hypot(at.x - before.x, at.y - before.y);
    this.#down.set(at.id, at);
  }

  release(at: Press): void {
    if (!this.#down.has(at.id)) return;
    const isFirst = at.id === [...this.#down.keys()][0];
    this.#down.delete(at.id);
    if (this.#mode === 'paint' && isFirst) {
      this.#painting.end(at);
      this.#mode = 'move'; // what is still down paints no more
    }
    if (this.#down.size > 0) return;
    if (this.#fingers > 1 && this.#now() - this.#beganAt < TAP_MS && this.#moved < TAP_PX * this.#fingers)
      this.#painting.tap(this.#fingers);
    this.#mode = undefined;
  }

  /** The browser takes the pointer for itself. */
  cancel(id: number): void {
    const isFirst = id === [...this.#down.keys()][0];
    if (!this.#down.delete(id)) return;
    if (this.#mode === 'paint' && !isFirst) return; // a palm
    if (this.#mode === 'paint') this.#painting.giveUp();
    this.#mode = this.#down.size > 0 ? 'move' : undefined;
  }

  #letGo(): void {
    if (this.#mode === 'paint') this.#painting.giveUp();
    this.#down.clear();
    this.#mode = undefined;
    this.#fingers = 0;
  }

  #moveView(before: Press, at: Press): void {
    const others = [...this.#down.values()].filter(({ id }) => id !== at.id);
    const share = 1 / (others.length + 1);
    this.#painting.pan({ x: (at.x - before.x) * share, y: (at.y - before.y) * share });
    if (others.length !== 1) return;
    const [other] = others;
    const [was, is] = [before, at].map((one) => Math.hypot(one.x - other.x, one.y - other.y));
    if (was > 0 && is > 0) this.#painting.zoom({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }, is / was);
  }
}
