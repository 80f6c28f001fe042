// What the test of reading prices takes from the page, in one bundle: an error's class must be the same for all.
export { loadPricesInParts } from '../../../web/price_parts';
export { Core, CoreError } from '../../../web/tokenbill';
