/** How one picture is looked at: fitted into its room, one to one, or as large as the person made it. */
import type { Point } from '../canvas/brush';
import type { View } from '../canvas/view';
import type { Extent } from '../pictures/view';
import { centred, heldIn, isLarger, MOST_SCALE, scaledAt } from './zoom-view';

/** Factor of one press of + or −: √2, so that two of them double. */
const STEP = Math.SQRT2;
/** Share of the room by which one press of an arrow moves the picture. */
const PAN = 0.2;
const NOTHING: Extent = { width: 1, height: 1 };

export class Zoom {
  /** Size of the picture, in its pixels; `room` is what it has on the page, in CSS pixels. */
  picture = $state.raw<Extent>(NOTHING);
  room = $state.raw<Extent>(NOTHING);
  /** CSS pixels for one of the picture when it is fitted. */
  fitScale = $state(1);
  /** It is first shown one to one. */
  beginsTrue = $state(false);
  /** The view as the person has it; undefined: as it begins. */
  #own = $state.raw<View>();
  #hasScaled = $state(false);

  readonly view: View = $derived.by(() => {
    const own = this.#own ?? centred(this.beginsTrue ? 1 : this.fitScale, this.picture, this.room);
    return heldIn(own, this.picture, this.room);
  });
  /** The picture is larger than its room, so that it can be moved. */
  readonly isLarger = $derived.by(() => isLarger(this.view.scale, this.picture, this.room));
  /** The person made it so: arrows and swipes move it, where else they walk to the next. */
  readonly isZoomed = $derived.by(() => this.#hasScaled && this.isLarger);
  readonly isFitted = $derived.by(() => isNear(this.view.scale, this.fitScale));
  readonly isTrue = $derived.by(() => isNear(this.view.scale, 1));
  /** "250 %" of its true size. */
  readonly text = $derived.by(() => `${Math.round(this.view.scale * 100)} %`);
  readonly canGrow = $derived.by(() => this.view.scale < MOST_SCALE);
  readonly canShrink = $derived.by(() => this.view.scale > this.#least * 1.001);

  /** Shows the picture as it begins. */
  reset(): void {
    this.#own = undefined;
    this.#hasScaled = false;
  }

  fit(): void {
    this.#own = centred(this.fitScale, this.picture, this.room);
  }

  trueSize(at = this.#middle): void {
    this.#scale(1, at);
  }

  /** @param at  stays where it is, CSS pixels of the room */
  zoomBy(factor: number, at: Point = this.#middle): void {
    this.#scale(this.view.scale * factor, at);
  }

  /** One press larger (1) or smaller (−1). */
  step(by: 1 | -1): void {
    this.zoomBy(STEP ** by);
  }

  /** A double click or tap: to its true size where that is larger than fitted, else to twice the fit; and back. */
  toggle(at: Point): void {
    if (!this.isFitted) this.fit();
    else this.#scale(this.fitScale < 0.8 ? 1 : this.fitScale * 2.5, at);
  }

  pan(by: Point): void {
    const { scale, x, y } = this.view;
    this.#own = heldIn({ scale, x: x + by.x, y: y + by.y }, this.picture, this.room);
  }

  /** A press of an arrow: looks further to that side. */
  look(x: -1 | 0 | 1, y: -1 | 0 | 1): void {
    this.pan({ x: -x * this.room.width * PAN, y: -y * this.room.height * PAN });
  }

  get #middle(): Point {
    return { x: this.room.width / 2, y: this.room.height / 2 };
  }

  get #least(): number {
    return Math.min(1, this.fitScale);
  }

  #scale(wanted: number, at: Point): void {
    const scale = Math.min(MOST_SCALE, Math.max(this.#least, wanted));
    this.#hasScaled = true;
    this.#own = scaledAt(this.view, at, scale, this.picture, this.room);
  }
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) < b * 0.001;
}
