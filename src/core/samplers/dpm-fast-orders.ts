/** DPM fast's orders. */

/** The order of each step: together as many as there are model calls, mostly 3. */
export function dpmFastOrders(modelCalls: number): number[] {
  const rest = modelCalls % 3;
  const thirds = Math.floor(modelCalls / 3) - (rest === 0 ? 1 : 0);
  return [...Array.from({ length: thirds }, () => 3), ...(rest === 0 ? [2, 1] : [rest])];
}
