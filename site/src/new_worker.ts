// Starts worker.js, the one script that may run beside the page.

const url = 'worker.js';

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string };
}

/** The page's rules for scripts admit this one address for a worker. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('tb-worker', {
  createScriptURL(asked) {
    if (asked !== url) throw new TypeError('Only worker.js runs as a worker.');
    return asked;
  },
});

/** @throws where there are no workers */
export const newWorker = (): Worker => new Worker(policy ? (policy.createScriptURL(url) as string) : url);
