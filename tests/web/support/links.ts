// In one bundle, so that the core's errors are of one class.
export { Core } from '../../../web/tokenbill';
export { decodeLink, encodeLink } from '../../../site/src/link';
export { readShort, writeShort } from '../../../site/src/short_link';
