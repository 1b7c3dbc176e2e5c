/** Bytes: the MB in which n8n and file managers show a file's size, and so the node's own limit of a download. */
export const MEBIBYTE = 1024 * 1024;
