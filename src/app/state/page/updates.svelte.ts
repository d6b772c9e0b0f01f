/** The service worker as the page knows it: whether the app is ready for no network, and whether a new version waits. */

export class Updates {
  #waiting = $state.raw<ServiceWorker>();
  #isOfflineReady = $state(false);
  #isReloadNeeded = $state(false);
  #isAccepted = false;
  readonly #reload: () => void;

  constructor(reload: () => void = () => location.reload()) {
    this.#reload = reload;
  }

  /** A new version is here and waits to be taken. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }
  /** Everything is kept: the page opens and paints without a network. */
  get isOfflineReady(): boolean {
    return this.#isOfflineReady;
  }
  /** Another tab has taken a new version: this one still runs the old. */
  get isReloadNeeded(): boolean {
    return this.#isReloadNeeded;
  }

  /** Never rejects: without a service worker the page works as long as there is a network. */
  async register(container: ServiceWorkerContainer | undefined, address: string): Promise<void> {
    if (!container) return;
    try {
      let isFirst = !container.controller;
      container.addEventListener('controllerchange', () => {
        // The first one of all takes over nothing: it is this page's own version.
        if (!isFirst) this.#onNewController();
        isFirst = false;
      });
      const registration = await container.register(address, { updateViaCache: 'none' });
      this.#watch(registration, container);
      registration.addEventListener('updatefound', () => this.#watch(registration, container));
      await container.ready;
      this.#isOfflineReady = true;
    } catch (error) {
      console.info('The app could not be kept for offline use.', error);
    }
  }

  /** Takes the new version and reloads. */
  accept(): void {
    this.#isAccepted = true;
    if (this.#waiting) this.#waiting.postMessage({ type: 'SKIP_WAITING' });
    else this.#reload();
  }

  #onNewController(): void {
    if (this.#isAccepted) return this.#reload();
    this.#isReloadNeeded = true;
    // It waits no longer: only a reload brings it here.
    this.#waiting = undefined;
  }

  #watch({ installing, waiting }: ServiceWorkerRegistration, container: ServiceWorkerContainer): void {
    if (waiting && container.controller) this.#waiting = waiting;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && container.controller) this.#waiting = installing;
      if (installing.state === 'activated') this.#waiting = undefined;
    });
  }
}

/** Resolves when it holds, now or later. */
export function becomesTrue(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = $effect.root(() => {
      $effect(() => {
        if (holds()) resolve(stop());
      });
    });
  });
}
