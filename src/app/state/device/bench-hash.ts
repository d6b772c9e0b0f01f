/** The address of the benchmark's page, behind the app's own. */
export const BENCH_HASH = '#/bench';
