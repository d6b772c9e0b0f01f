/** Where one value of a node stands. */
import type { Widget } from '../nodes';

/** A value's name and its place in the list; `control`: what becomes of a number after a run; `button`: the text of an upload button. */
export interface WidgetSlot {
  name: string;
  index: number;
  kind: 'value' | 'control' | 'button';
  /** Absent for nodes that nobody here knows. */
  widget?: Widget;
}
