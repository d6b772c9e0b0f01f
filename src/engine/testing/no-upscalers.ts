/** For runs of workflows that make nothing larger. */
import type { Upscalers } from '../models/loaded-upscaler';

const none = (): Promise<never> => Promise.reject(new RangeError('this run has no upscalers'));

export const NO_UPSCALERS: Upscalers = { revisionOf: none, get: none };
