// Starts the scripts that may run beside the page.

/** worker.js sweeps and decides, usage_worker.js reads usage, count_worker.js counts tokens. */
const files = ['worker.js', 'usage_worker.js', 'count_worker.js'] as const;
export type WorkerFile = (typeof files)[number];

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string };
}

/** The page's rules for scripts admit these addresses for workers and no other. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('tb-worker', {
  createScriptURL(asked) {
    if (!files.some((file) => file === asked)) throw new TypeError(`Only ${files.join(', ')} run as workers.`);
    return asked;
  },
});

/** @throws where there are no workers */
export const newWorker = (file: WorkerFile = 'worker.js'): Worker =>
  new Worker(policy ? (policy.createScriptURL(file) as string) : file, file === 'count_worker.js' ? { type: 'module' } : undefined);
