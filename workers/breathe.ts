/**
 * Lets a worker hear what it was told meanwhile. A timer would do, but browsers let those that follow each other wait four milliseconds each, 60 in a
 * small picture; a message to oneself comes behind those that are waiting, and at once. What the browser keeps for timers has its turn now and then.
 */

/** As long as that nothing but messages is heard. */
const MOST_MS = 100;

/** @param now  milliseconds @returns resolves after messages that wait have been delivered */
export function createBreath(now: () => number): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  let rested = now();
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      if (now() - rested < MOST_MS) {
        waiting.push(resolve);
        port2.postMessage(undefined);
        return;
      }
      setTimeout(() => {
        rested = now();
        resolve();
      });
    });
}
