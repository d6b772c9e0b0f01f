/** Lets what was planned for the end of the turn happen before the page of a test file goes away. Set up in vitest.config.ts. */
import { afterAll } from 'vitest';

/** The clock's own, before tests put another in its place. */
const { setTimeout } = globalThis;

afterAll(() => new Promise<void>((resolve) => void setTimeout(resolve, 20)));
