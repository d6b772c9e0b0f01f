/** What the kit's scripts hand each other. */
import type { CheckOptions, CheckState } from '../check/check-host';

export interface Session {
  /** Of the kit. */
  folder: string;
  /** Milliseconds since 1970. */
  endsAt: number;
  options: CheckOptions;
  state?: CheckState;
  /** For the browser, and for Dawn. */
  flags: string[];
  dawnOptions: string[];
  /** A process that says nothing for so long is ended. */
  silenceMs: number;
}
