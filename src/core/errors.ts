/** Every reason why Gesso can refuse or fail, with the sentence the page shows above the details. */

/** One line per code: the text a person reads first; the error's own message follows with names and numbers. */
export const ERROR_TEXTS = {
  'bad-request': 'A setting is outside what is allowed.',
  'bad-address': 'This address leads to no model.',
  'bad-file': 'A model file is damaged.',
  'missing-file': 'A model file is missing.',
  'missing-picture': 'The picture to start from is not here.',
  'not-a-model': 'This is not a model.',
  'unsupported-model': 'This model is of a kind that Gesso does not run.',
  offline: 'A file could not be fetched.',
  'not-allowed': 'The server does not give this file to everybody.',
  'changed-file': 'A file is not the one that was expected.',
  'no-webgpu': 'WebGPU is not available here.',
  'device-lost': 'The GPU went away while working.',
  quota: 'There is not enough room on this computer.',
  'out-of-memory': 'There was not enough memory.',
  'not-a-number': 'The model produced values that are not numbers.',
  cancelled: 'Cancelled.',
  busy: 'This is already under way.',
  runtime: 'The part that computes could not be loaded.',
  stopped: 'The engine stopped working.',
  internal: 'Something went wrong inside Gesso.',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERROR_TEXTS;

export function isErrorCode(name: string): name is ErrorCode {
  return Object.hasOwn(ERROR_TEXTS, name);
}

/**
 * The one error class. `name` carries the code, because comlink keeps only name, message and stack of an error that
 * crosses from the worker; `toAppError` on the other side rebuilds it.
 */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.name = code;
  }
}

/** Turns anything thrown into an AppError, keeping the code where the name is one. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error) {
    const code: ErrorCode = isErrorCode(thrown.name) ? thrown.name : 'internal';
    return new AppError(code, thrown.message, { cause: thrown });
  }
  return new AppError('internal', String(thrown));
}
