// Starts a worker: one of the scripts that may run beside the page.

/** worker.js sweeps and decides, count_worker.js counts tokens. */
const urls = ['worker.js', 'count_worker.js'] as const;
type Url = (typeof urls)[number];

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string };
}

/** The page's rules for scripts admit these addresses for a worker. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('tb-worker', {
  createScriptURL(asked) {
    if (!urls.some((url) => url === asked)) throw new TypeError(`Only ${urls.join(' and ')} run as workers.`);
    return asked;
  },
});

/** @throws where there are no workers */
export const newWorker = (url: Url = 'worker.js'): Worker =>
  new Worker(policy ? (policy.createScriptURL(url) as string) : url, url === 'count_worker.js' ? { type: 'module' } : undefined);
