/** Runs tasks one after another: ONNX Runtime makes sessions and runs them strictly in turn. */

export class TaskQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Starts `task` when all before it have ended, however they ended. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task, task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
