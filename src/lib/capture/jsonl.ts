export {type ExportJsonlQuery, exportJsonl} from './export-jsonl.ts'
export {type ImportJsonlOptions, type ImportJsonlSummary, importJsonl} from './import-jsonl.ts'
