/** The starter's ControlNet, which ships with the app: strokes that somebody draws become the picture's shapes. Fetched when it is first used. */
import type { ControlEntry } from './catalog';

export const BUILT_IN_CONTROL = {
  id: 'starter-scribble',
  name: 'Starter scribble',
  source: { kind: 'bundled', path: 'models/starter-control/' },
  downloadBytes: 2_152_012,
} as const satisfies ControlEntry;

/** How it follows strokes and still paints the subject: in the balanced mode guidance leaves too little of it. @see docs/starter/control.md */
export const BUILT_IN_CONTROL_LIKES = { mode: 'control', weight: 1.4 } as const;
