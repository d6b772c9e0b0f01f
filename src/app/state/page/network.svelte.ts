/** Whether the browser believes that there is a network. */
import { createSubscriber } from 'svelte/reactivity';

class Network {
  readonly #subscribe = createSubscriber((update) => {
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  });

  /** Some browsers say true as long as there is any link: a server may be out of reach all the same. */
  get isOnline(): boolean {
    this.#subscribe();
    return navigator.onLine;
  }
}

export const network = new Network();
