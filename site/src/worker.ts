// The worker's entry: a file of its own, beside core.wasm.

import { Core } from '../../web/tokenbill';
import { serve, type Port } from '../../web/worker';

serve(globalThis as unknown as Port, Core.load('core.wasm', __WASM_INTEGRITY__));
