/** How often a sampler asks the model in so many steps. */
export const once = (steps: number): number => steps;
/** Twice a step, but for the last, which goes to 0. */
export const twice = (steps: number): number => 2 * steps - 1;
