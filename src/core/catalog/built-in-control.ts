/** The starter's ControlNet, which ships with the app: strokes that somebody draws become the picture's shapes. Fetched when it is first used. */
import type { ControlEntry } from './catalog';

export const BUILT_IN_CONTROL = {
  id: 'starter-scribble',
  name: 'Starter scribble',
  source: { kind: 'bundled', path: 'models/starter-control/' },
  downloadBytes: 2_000_000,
} as const satisfies ControlEntry;
