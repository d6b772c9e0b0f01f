/** A worker without a thread: comlink speaks over a message channel. */
import { expose } from 'comlink';

const ports: MessagePort[] = [];

/** `fire` is what the browser would report. Call `closeWorkers` after each test. */
export function fakeWorker(api: object) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(api, port2);
  const listeners = new Map<string, (event: unknown) => void>();
  const worker = {
    isTerminated: false,
    postMessage: port1.postMessage.bind(port1),
    removeEventListener: port1.removeEventListener.bind(port1),
    addEventListener(type: string, listener: (event: unknown) => void) {
      if (type === 'message') port1.addEventListener(type, listener as EventListener);
      else listeners.set(type, listener);
      port1.start();
    },
    terminate: () => void (worker.isTerminated = true),
    fire: (type: string, event: object) => listeners.get(type)?.({ preventDefault: () => undefined, ...event }),
  };
  return worker;
}

export function closeWorkers(): void {
  for (const port of ports.splice(0)) port.close();
}
