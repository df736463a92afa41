import {fileURLToPath} from 'node:url'

export const SCHEMAS_FILE = fileURLToPath(new URL('schemas.generated.json', import.meta.url))
