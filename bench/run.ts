import {benchHooks} from './hooks.ts'
import {benchIngest} from './ingest.ts'
import {printTable} from './measure.ts'
import {benchSearch} from './search.ts'
import {benchStartup} from './startup.ts'

const SEARCH = {messages: 20_000, queries: 10, http: true}

// Everything against a baseline that is named beside it and ran in turn with it: only the ratios travel.
printTable('Start-up, median of 30 (ratio of time, less is better)', await benchStartup({rounds: 30}))
printTable('Hooks, median of 30 (added wall time, less is better)', await benchHooks({rounds: 30}))
printTable('Ingest (ratio of speed, more is better)', await benchIngest({batches: 20}))
printTable(`Search, ${SEARCH.messages} messages (ratio of p95, less is better)`, await benchSearch(SEARCH))
