import {SETUP_TOOLS} from '../../src/lib/setup/tools/index.ts'
import {describeTool} from './tool.contract.ts'

for (const tool of SETUP_TOOLS) describeTool(tool)
