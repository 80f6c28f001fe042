// Inputs whose number is that of a text's tokens: not limits, and not what pictures and sounds come to.

import type { Parameter } from '../../../web/types';

const no_text = /limit|cap|^(?:image|audio|video)_/;

export const isCountable = (p: Parameter): boolean =>
  (p.kind === 'number' || p.kind === 'optional_number') && /^tokens (?:per request|each)$/.test(p.unit_text ?? '') && !no_text.test(p.id);
