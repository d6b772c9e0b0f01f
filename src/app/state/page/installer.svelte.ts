/** Installing the page as an app, where the browser offers it. */

/** Chromium's own event; not in the standard's type library. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
  readonly userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

export class Installer {
  #offer = $state.raw<InstallPromptEvent>();

  /** It must be made before the page has loaded: the browser offers installing once. */
  constructor(host: Pick<Window, 'addEventListener'>) {
    host.addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault(); // said by the page itself, when it is time
      this.#offer = event as InstallPromptEvent;
    });
    host.addEventListener('appinstalled', () => (this.#offer = undefined));
  }

  get canInstall(): boolean {
    return this.#offer !== undefined;
  }

  /** Asks the person, in the browser's own words; to be called from a click. An offer can be used once. */
  async install(): Promise<void> {
    const offer = this.#offer;
    this.#offer = undefined;
    await offer?.prompt();
    await offer?.userChoice;
  }
}

export const installer = new Installer(window);
