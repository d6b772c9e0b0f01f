/** Clear words in place of a server's. */
import { AppError, type ErrorCode } from '../../core/errors';

export function refuse(code: ErrorCode, message: string): never {
  throw new AppError(code, message);
}

/** Throws the same error with the words that are given for its code, or as it is. */
export function replaced(error: unknown, words: Partial<Record<ErrorCode, string>>): never {
  const known = error instanceof AppError ? words[error.code] : undefined;
  if (error instanceof AppError && known !== undefined) throw new AppError(error.code, known, { cause: error });
  throw error;
}
