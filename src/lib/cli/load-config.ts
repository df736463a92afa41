import {Config} from '@oclif/core/config'
import {EmbeddedPlugin} from './embedded-plugin.ts'

/** oclif's picture of the program: its commands and topics. */
export async function loadConfig(): Promise<Config> {
  const plugin = new EmbeddedPlugin(import.meta.dirname)
  const config = new EmbeddedConfig({
    root: plugin.root,
    pjson: plugin.pjson,
    plugins: new Map([[plugin.name, plugin]]),
  })
  await config.load()
  return config
}

class EmbeddedConfig extends Config {
  /** oclif would look for one in ~/.config: every file of ours lies below BMFOTE_HOME, and we have no themes. */
  override async loadTheme(): Promise<undefined> {}
}
