// Starts the scripts that may run beside the page.

export type WorkerFile = 'worker.js' | 'usage_worker.js';
const files: readonly string[] = ['worker.js', 'usage_worker.js'] satisfies WorkerFile[];

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string };
}

/** The page's rules for scripts admit these addresses for workers and no other. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('tb-worker', {
  createScriptURL(asked) {
    if (!files.includes(asked)) throw new TypeError(`Only ${files.join(' and ')} run as workers.`);
    return asked;
  },
});

/** @throws where there are no workers */
export const newWorker = (file: WorkerFile = 'worker.js'): Worker => new Worker(policy ? (policy.createScriptURL(file) as string) : file);
