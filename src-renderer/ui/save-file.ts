/** @file A text handed to the browser as a file to keep. */

const keepMs = 60_000;

/** @param mimeType such as `text/csv` */
export function saveFile(name: string, mimeType: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${mimeType};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser may start to read it only after this press is over.
  window.setTimeout(() => URL.revokeObjectURL(address), keepMs);
}
