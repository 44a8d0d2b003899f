export { workbookBuffer, writeWorkbook, zipBuffer } from './writeWorkbook.js';
export type { WorkbookCell, WorkbookOptions, WorkbookSheet } from './writeWorkbook.js';
