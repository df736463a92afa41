import {isatty} from 'node:tty'
import {withAgentLock} from '../agent/agent-lock.ts'
import {openAnthropic} from '../agent/anthropic-client.ts'
import type {Anthropic} from '../agent/api-types.ts'
import {mcpUrlOf} from '../agent/mcp-url.ts'
import type {MemoryAccess} from '../agent/vault.ts'
import {loadAnthropicConfig} from '../config/anthropic.ts'
import {type ClientConfig, loadClientConfig, resolvePaths} from '../config/environment.ts'
import {terminalWishes} from '../config/terminal.ts'
import {BmfoteError} from '../model/errors.ts'
import {detectTerminal} from '../ui/terminal.ts'
import {count} from '../ui/text/count.ts'
import {safeText} from '../ui/text/safe-text.ts'
import {BaseCommand} from './base-command.ts'

/** What the commands around Managed Agents have in common. */
export abstract class AgentCommand extends BaseCommand {
  static override enableJsonFlag = true

  protected get style(): {color: boolean} {
    return {color: detectTerminal(terminalWishes(this.environment)).color}
  }

  protected get clientConfig(): ClientConfig {
    return loadClientConfig(this.environment)
  }

  /** Somebody sits at the terminal, and it can be drawn on. Where stdout goes is of no matter: the view is on stderr. */
  protected get isWatched(): boolean {
    return !this.jsonEnabled() && isatty(2) && !terminalWishes(this.environment).plain
  }

  protected get stderrColor(): boolean {
    return this.isWatched && !terminalWishes(this.environment).noColor
  }

  protected openApi(onNote: (sentence: string) => void = (sentence) => this.say(sentence)): Anthropic {
    return openAnthropic({
      ...loadAnthropicConfig(this.environment),
      onWait: (seconds) => onNote(`Anthropic's API asks to wait for ${count(seconds, 'second')}.`),
    })
  }

  /** Where the agents are to find the memory. It is a server's: nobody reaches a file of this machine from elsewhere. */
  protected get access(): MemoryAccess {
    const {url, token} = this.clientConfig
    if (url === undefined) {
      throw new BmfoteError(
        'unavailable',
        'Managed Agents reach the memory over the network, and BMFOTE_URL names no server.',
        {
          next: 'bmfote setup --url https://memory.example.com --token TOKEN, or set BMFOTE_URL and BMFOTE_TOKEN',
        },
      )
    }
    const mcpUrl = mcpUrlOf(url)
    if (token === undefined) {
      throw new BmfoteError('unauthorized', 'There is no token for the memory that an agent could use.', {
        next: 'Set BMFOTE_TOKEN: the API_TOKEN that the server was started with.',
      })
    }
    return {mcpUrl, token}
  }

  protected alone<T>(work: () => Promise<T>): Promise<T> {
    return withAgentLock(resolvePaths(this.environment).agentLock, work, () =>
      this.say('Another bmfote is wiring an agent on this machine: waiting until it has ended.'),
    )
  }

  /** Talk for people: to stderr, and not a word under `--json`. */
  protected say(sentence: string): void {
    if (!this.jsonEnabled()) this.logToStderr(safeText(sentence))
  }
}
