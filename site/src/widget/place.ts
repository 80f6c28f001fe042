/** The address of a file beside this script. The frame itself may stand elsewhere: embed/v1/ is two folders deeper. */
export const place = (name: string): string => new URL(name, import.meta.url).href;
